"""The customer's account: its age, what was paid, what is owed, and whether somebody knows who it is."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from cases.antifraud.examined import Examined
from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal
from cases.models import Finding
from subscriptions.billing import KINDS, Fact, Value
from subscriptions.judging import shown

YOUNGEST = 30  # days
LEAST_PAID = Decimal(100)  # US dollars
LIMITS = {"account_age": f"{YOUNGEST} days", "paid_total": f"{LEAST_PAID} USD"}


def look(case: Examined) -> Iterator[Signal]:
    """One signal for each fact that billing and identity may know."""
    for part, (name, is_bad, sentence) in JUDGED.items():
        yield _signal(
            case, part, name, is_bad(case.facts[name].value, case) if name in case.facts else None, sentence
        )


def _signal(case: Examined, part: str, name: str, is_bad: bool | None, sentence: str) -> Signal:
    fact: Fact | None = case.facts.get(name)
    if fact is None or is_bad is None:
        return _unknown(case, part, name)
    return Signal(
        part=part,
        finding=Finding.FLAGGED if is_bad else Finding.CLEAR,
        sentence=sentence.format(value=shown(fact.value)),
        source=fact.source,
        as_of=fact.as_of,
        subject=case.customer_subject,
        evidence={"fact": name, "value": shown(fact.value)} | _limit(part),
    )


def _unknown(case: Examined, part: str, name: str) -> Signal:
    """What was told instead tells whether nobody speaks of the customer, or only not of this."""
    return Signal(
        part=part,
        finding=Finding.UNKNOWN,
        sentence=f"It is not known: {KINDS[name].label.lower()}.",
        source="billing and identity facts",
        as_of=case.at,
        subject=case.customer_subject,
        evidence={"fact": name, "told_of": sorted({KINDS[other].label for other in case.facts})},
    )


def _limit(part: str) -> dict[str, str]:
    """What the value was held against, where that is a number."""
    return {"flagged_below": LIMITS[part]} if part in LIMITS else {}


def _is_young(value: Value, case: Examined) -> bool:
    return isinstance(value, date) and (case.at.date() - value).days < YOUNGEST


def _is_little(value: Value, case: Examined) -> bool:
    return isinstance(value, Decimal) and value < LEAST_PAID


def _is_any(value: Value, case: Examined) -> bool:
    return bool(value)


def _is_none(value: Value, case: Examined) -> bool:
    return not value


JUDGED = {
    "account_age": ("account_opened_on", _is_young, "The account was opened on {value}."),
    "paid_total": ("paid_total_usd", _is_little, "Paid invoices come to {value} USD."),
    "unpaid_invoices": ("unpaid_invoices", _is_any, "Unpaid invoices: {value}."),
    "disputed_invoices": ("disputed_invoices", _is_any, "Disputed invoices: {value}."),
    "spending_limit": ("spending_limit_on", _is_any, "Spending limit on: {value}."),
    "identity": ("identity_verified", _is_none, "Identity verified: {value}."),
}

CHECK = Check(
    slug="account",
    title="Account",
    weights={
        "account_age": 15,
        "paid_total": 10,
        "unpaid_invoices": 15,
        "disputed_invoices": 25,
        "spending_limit": 5,
        "identity": 20,
    },
    looks_at="What billing and identity say of the customer: age, payments, disputes, spending limit, identity.",
    proves="That somebody has paid real money under a known name for some time.",
    proves_not="That they will send wanted mail: stolen accounts have long histories.",
    unknown_means="Billing or identity has not told us that fact. See docs/importing.md.",
    look=look,
    seconds=5,
)
