"""How often somebody asks: many requests in a short time by one customer or partner, or by several with one card."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.db.models import QuerySet

from cases.antifraud.examined import Examined
from cases.antifraud.registry import Check
from cases.antifraud.signals import MOST_TOLD, Signal, Subject
from cases.models import Case, CaseTrait, Finding, State, TraitKind

WINDOW = timedelta(days=7)
MOST = {
    "velocity_customer": 3,
    "velocity_partner": 50,
    "velocity_contact": 2,
    "velocity_payment": 2,
    "velocity_network": 9,
}
"""Of a trait: requests of other customers. A customer's own are counted once, as the customer's."""
BY_TRAIT = {
    TraitKind.CONTACT: "velocity_contact",
    TraitKind.PAYMENT: "velocity_payment",
    TraitKind.NETWORK: "velocity_network",
}
ANSWERED_AT_ONCE = (State.REJECTED, State.NOT_NEEDED)  # whoever asks so wants to know what applies


@dataclass(frozen=True, slots=True)
class Counted:
    """How many requests came of a subject within the window, and the newest of them."""

    subject: Subject
    count: int
    newest: Sequence[str]

    @classmethod
    def of(cls, subject: Subject, cases: QuerySet[Case]) -> Self:
        """Two queries."""
        newest = cases.order_by("-id").values_list("reference", flat=True)[:MOST_TOLD]
        return cls(subject, cases.count(), list(newest))


def look(case: Examined) -> Iterator[Signal]:
    """One signal for each way of counting; what is not known of the customer is not counted."""
    since = case.at - WINDOW
    recent = Case.objects.filter(submitted_at__gt=since, submitted_at__lte=case.at)
    recent = recent.exclude(state__in=ANSWERED_AT_ONCE)
    own = Counted.of(case.customer_subject, recent.filter(customer_id=case.customer_id))
    yield _signal(case, "velocity_customer", own, "requests by this customer")
    if case.partner_id is not None:
        partner = Subject(TraitKind.PARTNER, str(case.partner_id))
        vouched = Counted.of(partner, recent.filter(partner_id=case.partner_id))
        yield _signal(case, "velocity_partner", vouched, "requests by this partner")
    for counted in _by_trait(case, recent.exclude(customer_id=case.customer_id)).values():
        kind, value = counted.subject.kind, counted.subject.value
        told = f"requests of other customers with the {kind.label.lower()} {value}"
        yield _signal(case, BY_TRAIT[kind], counted, told)


def _by_trait(case: Examined, others: QuerySet[Case]) -> dict[TraitKind, Counted]:
    """Of each kind the value that most of the others came with: several contacts are one signal."""
    found: dict[TraitKind, Counted] = {}
    for trait in CaseTrait.objects.filter(case_id=case.case_id, kind__in=BY_TRAIT).order_by("id"):
        kind = TraitKind(trait.kind)
        same = CaseTrait.objects.filter(kind=kind, value=trait.value)
        counted = Counted.of(Subject(kind, trait.value), others.filter(pk__in=same.values("case_id")))
        if kind not in found or counted.count > found[kind].count:
            found[kind] = counted
    return found


def _signal(case: Examined, part: str, counted: Counted, told: str) -> Signal:
    return Signal(
        part=part,
        finding=Finding.FLAGGED if counted.count > MOST[part] else Finding.CLEAR,
        sentence=f"{counted.count} {told} within {WINDOW.days} days; up to {MOST[part]} are usual.",
        source="the desk's cases",
        as_of=case.at,
        subject=counted.subject,
        evidence={
            "requests": counted.count,
            "days": WINDOW.days,
            "usual": MOST[part],
            "cases": counted.newest,
        },
    )


CHECK = Check(
    slug="velocity",
    title="Velocity",
    weights=dict.fromkeys(MOST, 15),
    looks_at="How many requests came by the same customer or partner in a week, and how many of other customers "
    "with the same contact, payment or network. What was rejected or not needed at once is not counted.",
    proves="That somebody asks far more often than honest customers do, or under several names.",
    proves_not="Intent: a move of many subscriptions looks the same, and counts once; ask.",
    look=look,
    seconds=10,
)
