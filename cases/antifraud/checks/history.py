"""What was decided before: ends of this subscription, customer and partner, and complaints about them."""

from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef

from cases.antifraud.ends import (
    BAD_STATES,
    COMPLAINTS_COUNT,
    BadEnd,
    Complaints,
    bad_ends,
    complained_about,
    has_bad_end,
    named,
)
from cases.antifraud.examined import Examined
from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal, Subject
from cases.models import Case, Finding, State, TraitKind
from subscriptions.models import Customer

MOST = 20  # ends that are told of
WORST_SHARE = 0.25  # of a partner's decided cases
LEAST_DECIDED = 8  # fewer of a partner's cases say nothing about it
MOST_DECIDED = 200  # of a partner's cases, the newest
DECIDED = (State.APPROVED, *BAD_STATES)


def look(case: Examined) -> Iterator[Signal]:
    """One signal for each of the three, and one about complaints."""
    others = Case.objects.exclude(pk=case.case_id)
    own = bad_ends(others.filter(subscription_id=case.subscription_id), MOST)
    yield _of_ends(case, "history_subscription", own, "of this subscription")
    of_customer = others.filter(customer_id=case.customer_id)
    theirs = bad_ends(of_customer.exclude(subscription_id=case.subscription_id), MOST)
    yield _of_ends(case, "history_customer", theirs, "of this customer's others")
    yield _of_complaints(case, [*own, *theirs])
    if case.partner_id is not None:
        yield _of_partner(case, case.partner_id)


def _of_ends(case: Examined, part: str, ends: Sequence[BadEnd], whose: str) -> Signal:
    many = f"{len(ends)}{' or more' if len(ends) == MOST else ''}"
    return Signal(
        part=part,
        finding=Finding.FLAGGED if ends else Finding.CLEAR,
        sentence=f"{many} {whose} ended badly: {named(ends)}." if ends else f"None {whose} ended badly.",
        source="the desk's decisions",
        as_of=case.at,
        subject=case.customer_subject,
        evidence=_evidence(ends),
    )


def _evidence(ends: Sequence[BadEnd]) -> dict[str, list[str]]:
    return {"cases": [end.reference for end in ends], "decisions": [end.in_full for end in ends]}


def _of_complaints(case: Examined, ends: Sequence[BadEnd]) -> Signal:
    """By the abuse desk's count and by decisions that cite complaints: either is enough, neither is unknown."""
    told = Complaints.of(case.facts)
    since = case.at - COMPLAINTS_COUNT
    recent = [end for end in ends if end.complained_at and end.complained_at >= since]
    finding = Finding.FLAGGED if recent or (told and told.counts(case.at)) else Finding.CLEAR
    if told is None and not recent:
        finding = Finding.UNKNOWN
    return Signal(
        part="history_complaints",
        finding=finding,
        sentence=f"{_counted(told)} {_cited(recent)}",
        source=" and ".join(_sources(told, recent)),
        as_of=told.fact.as_of if told else case.at,
        subject=case.customer_subject,
        evidence=_evidence(recent)
        | {
            "complaints": told and told.count,
            "latest": told and told.last_on and told.last_on.isoformat(),
            "count_for_days": COMPLAINTS_COUNT.days,
        },
    )


def _sources(told: Complaints | None, cited: Sequence[BadEnd]) -> Iterator[str]:
    if told:
        yield told.fact.source
    if cited or told is None:
        yield "the desk's decisions"


def _counted(told: Complaints | None) -> str:
    if told is None:
        return "Nobody told us how many complain about this customer."
    return f"The abuse desk tells of {told}."


def _cited(ends: Sequence[BadEnd]) -> str:
    if not ends:
        return "No recent decision cites complaints."
    return f"Decisions that cite complaints: {named(ends)}."


def _of_partner(case: Examined, partner_id: int) -> Signal:
    """A case counts once, whether it ended badly or its customer was complained about."""
    complained = Customer.objects.filter(complained_about(case.at), pk=OuterRef("customer_id"))
    decided = Case.objects.exclude(pk=case.case_id).filter(partner_id=partner_id, state__in=DECIDED)
    newest = decided.annotate(is_bad=has_bad_end(), is_of_complained=Exists(complained)).order_by("-id")
    rows = list(newest.values_list("reference", "is_bad", "is_of_complained")[:MOST_DECIDED])
    bad = [reference for reference, *is_bad in rows if any(is_bad)]
    is_flagged = len(rows) >= LEAST_DECIDED and len(bad) / len(rows) > WORST_SHARE
    return Signal(
        part="history_partner",
        finding=Finding.FLAGGED if is_flagged else Finding.CLEAR,
        sentence=f"Of the partner's last {len(rows)} decided requests {len(bad)} ended badly or are of customers "
        "who were complained about.",
        source="the desk's decisions and complaints",
        as_of=case.at,
        subject=Subject(TraitKind.PARTNER, str(partner_id)),
        evidence={
            "decided": len(rows),
            "bad": len(bad),
            "flagged_above": f"{WORST_SHARE:.0%} of {LEAST_DECIDED} or more",
            "cases": bad[:MOST],
        },
    )


CHECK = Check(
    slug="history",
    title="History",
    weights={
        "history_subscription": 30,
        "history_customer": 20,
        "history_complaints": 15,
        "history_partner": 10,
    },
    looks_at="Requests of this subscription, customer and partner that were denied, suspended or revoked, also where that "
    "was lifted later; complaints about the customer within a year, as the abuse desk counts them and as decisions cite "
    "them; and how many of the partner's requests ended so or are of such customers.",
    proves="That somebody was refused, abused an exemption, or was complained about before.",
    proves_not="That nothing changed since: people mend what they were refused for. A complaint is a word, not a proof.",
    unknown_means="Nobody told us of complaints about the customer, nor that there are none. See docs/importing.md.",
    look=look,
    seconds=10,
)
