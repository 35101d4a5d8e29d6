"""What was decided before: denials and revocations of this subscription, customer and partner."""

from collections.abc import Iterator

from cases.antifraud.examined import Examined
from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal, Subject
from cases.models import Case, Finding, State, TraitKind

BAD_ENDS = (State.DENIED, State.SUSPENDED, State.REVOKED)
WORST_SHARE = 0.25  # of a partner's decided cases
LEAST_DECIDED = 8  # fewer of a partner's cases say nothing about it
DECIDED = (State.APPROVED, *BAD_ENDS)


def look(case: Examined) -> Iterator[Signal]:
    """One signal for each of the three."""
    earlier = Case.objects.exclude(pk=case.case_id).filter(state__in=BAD_ENDS)
    own = list(earlier.filter(subscription_id=case.subscription_id).order_by("-id")[:20])
    yield _signal(case, "history_subscription", own, "of this subscription")
    theirs = earlier.filter(customer_id=case.customer_id).exclude(subscription_id=case.subscription_id)
    yield _signal(case, "history_customer", list(theirs.order_by("-id")[:20]), "of this customer's others")
    if case.partner_id is not None:
        yield _of_partner(case, case.partner_id)


def _signal(case: Examined, part: str, ended_badly: list[Case], whose: str) -> Signal:
    told = ", ".join(f"{each.reference} ({State(each.state).label.lower()})" for each in ended_badly[:3])
    sentence = (
        f"{len(ended_badly)} {whose} ended badly: {told}." if ended_badly else f"None {whose} ended badly."
    )
    return Signal(
        part=part,
        finding=Finding.FLAGGED if ended_badly else Finding.CLEAR,
        sentence=sentence,
        source="the desk's cases",
        as_of=case.at,
        evidence={"cases": [each.reference for each in ended_badly]},
    )


def _of_partner(case: Examined, partner_id: int) -> Signal:
    decided = Case.objects.exclude(pk=case.case_id).filter(partner_id=partner_id, state__in=DECIDED)
    states = list(decided.order_by("-id").values_list("state", flat=True)[:200])
    bad = sum(state in BAD_ENDS for state in states)
    is_flagged = len(states) >= LEAST_DECIDED and bad / len(states) > WORST_SHARE
    return Signal(
        part="history_partner",
        finding=Finding.FLAGGED if is_flagged else Finding.CLEAR,
        sentence=f"{bad} of the partner's last {len(states)} decided requests ended badly.",
        source="the desk's cases",
        as_of=case.at,
        subject=Subject(TraitKind.PARTNER, str(partner_id)),
        evidence={"decided": len(states), "ended_badly": bad},
    )


CHECK = Check(
    slug="history",
    title="History",
    weights={"history_subscription": 30, "history_customer": 20, "history_partner": 10},
    looks_at="Requests of this subscription, customer and partner that were denied, suspended or revoked.",
    proves="That somebody was refused, or abused an exemption, before.",
    proves_not="That nothing changed since: people mend what they were refused for.",
    look=look,
    seconds=10,
)
