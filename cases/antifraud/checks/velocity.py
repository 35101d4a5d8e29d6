"""How often somebody asks: many requests in a short time by one customer, partner, contact or fingerprint."""

from collections.abc import Iterator
from datetime import timedelta

from cases.antifraud.examined import Examined
from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal, Subject
from cases.models import Case, CaseTrait, Finding, TraitKind

WINDOW = timedelta(days=7)
MOST = {
    "velocity_customer": 3,
    "velocity_partner": 50,
    "velocity_contact": 3,
    "velocity_payment": 3,
    "velocity_network": 10,
}
BY_TRAIT = {
    "velocity_contact": TraitKind.CONTACT,
    "velocity_payment": TraitKind.PAYMENT,
    "velocity_network": TraitKind.NETWORK,
}


def look(case: Examined) -> Iterator[Signal]:
    """One signal for each way of counting; what is not known of the customer is not counted."""
    since = case.at - WINDOW
    recent = Case.objects.filter(submitted_at__gt=since, submitted_at__lte=case.at)
    yield _signal(
        case, "velocity_customer", recent.filter(customer_id=case.customer_id).count(), "this customer"
    )
    if case.partner_id is not None:
        yield _signal(
            case, "velocity_partner", recent.filter(partner_id=case.partner_id).count(), "this partner"
        )
    for trait in CaseTrait.objects.filter(case_id=case.case_id, kind__in=BY_TRAIT.values()).order_by("id"):
        part = next(name for name, kind in BY_TRAIT.items() if kind == trait.kind)
        same = CaseTrait.objects.filter(kind=trait.kind, value=trait.value)
        count = recent.filter(pk__in=same.values("case_id")).count()
        told = f"the {TraitKind(trait.kind).label.lower()} {trait.value}"
        yield _signal(case, part, count, told, Subject(TraitKind(trait.kind), trait.value))


def _signal(case: Examined, part: str, count: int, who: str, subject: Subject | None = None) -> Signal:
    is_flagged = count > MOST[part]
    sentence = (
        f"{count} requests by {who} within {WINDOW.days} days, this one included; {MOST[part]} are usual."
    )
    return Signal(
        part=part,
        finding=Finding.FLAGGED if is_flagged else Finding.CLEAR,
        sentence=sentence,
        source="the desk's cases",
        as_of=case.at,
        subject=subject,
        evidence={"requests": count, "days": WINDOW.days},
    )


CHECK = Check(
    slug="velocity",
    title="Velocity",
    weights=dict.fromkeys(MOST, 15),
    looks_at="How many requests came by the same customer, partner, contact, payment or network in a week.",
    proves="That somebody asks far more often than honest customers do.",
    proves_not="Intent: a move of many subscriptions looks the same; ask.",
    look=look,
    seconds=10,
)
