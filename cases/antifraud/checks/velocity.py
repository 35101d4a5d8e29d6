"""How often somebody asks: many requests in a short time by one customer or partner, or by several with one card."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import QuerySet

from cases.antifraud.examined import Examined
from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal, Subject
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
MOST_TOLD = 20  # of the cases that were counted, the newest
ANSWERED_AT_ONCE = (State.REJECTED, State.NOT_NEEDED)  # whoever asks so wants to know what applies


def look(case: Examined) -> Iterator[Signal]:
    """One signal for each way of counting; what is not known of the customer is not counted."""
    since = case.at - WINDOW
    recent = Case.objects.filter(submitted_at__gt=since, submitted_at__lte=case.at)
    recent = recent.exclude(state__in=ANSWERED_AT_ONCE)
    own = recent.filter(customer_id=case.customer_id)
    yield _signal(case, "velocity_customer", own, "requests by this customer", case.as_subject)
    if case.partner_id is not None:
        partner = Subject(TraitKind.PARTNER, str(case.partner_id))
        vouched = recent.filter(partner_id=case.partner_id)
        yield _signal(case, "velocity_partner", vouched, "requests by this partner", partner)
    others = recent.exclude(customer_id=case.customer_id)
    for subject, counted in _by_trait(case, others).values():
        told = f"requests of other customers with the {subject.kind.label.lower()} {subject.value}"
        yield _signal(case, BY_TRAIT[subject.kind], counted, told, subject)


def _by_trait(case: Examined, others: QuerySet[Case]) -> dict[TraitKind, tuple[Subject, QuerySet[Case]]]:
    """Of each kind the value that most of the others came with: several contacts are one signal."""
    found: dict[TraitKind, tuple[int, Subject, QuerySet[Case]]] = {}
    for trait in CaseTrait.objects.filter(case_id=case.case_id, kind__in=BY_TRAIT).order_by("id"):
        subject = Subject(TraitKind(trait.kind), trait.value)
        same = CaseTrait.objects.filter(kind=trait.kind, value=trait.value)
        counted = others.filter(pk__in=same.values("case_id"))
        count = counted.count()
        if subject.kind not in found or count > found[subject.kind][0]:
            found[subject.kind] = count, subject, counted
    return {kind: (subject, counted) for kind, (_, subject, counted) in found.items()}


def _signal(case: Examined, part: str, counted: QuerySet[Case], told: str, subject: Subject) -> Signal:
    count = counted.count()
    references = counted.order_by("-id").values_list("reference", flat=True)
    return Signal(
        part=part,
        finding=Finding.FLAGGED if count > MOST[part] else Finding.CLEAR,
        sentence=f"{count} {told} within {WINDOW.days} days; up to {MOST[part]} are usual.",
        source="the desk's cases",
        as_of=case.at,
        subject=subject,
        evidence={
            "requests": count,
            "days": WINDOW.days,
            "usual": MOST[part],
            "cases": list(references[:MOST_TOLD]),
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
