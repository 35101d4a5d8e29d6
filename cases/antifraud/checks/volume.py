"""The volume asked for against how long the account is there, and how much it holds."""

from collections.abc import Iterator
from datetime import date

from cases.antifraud.examined import Examined
from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal
from cases.models import Finding
from subscriptions.models import Subscription

A_DAY_OF_AGE = 200  # messages a day that each day of the account's age makes believable
A_SUBSCRIPTION = 20_000  # messages a day that each subscription makes believable
LITTLE = 2_000  # messages a day that anybody may need


def look(case: Examined) -> Iterator[Signal]:
    """One signal; unknown where the account's age is."""
    if not case.daily_volume:
        return
    opened = case.facts.get("account_opened_on")
    if opened is None or not isinstance(opened.value, date):
        yield _signal(
            case, Finding.UNKNOWN, "The account's age is not known, so the volume cannot be judged."
        )
        return
    age = (case.at.date() - opened.value).days
    held = Subscription.objects.filter(customer_id=case.customer_id).count()
    most = believable(age, held)
    finding = Finding.FLAGGED if case.daily_volume > most else Finding.CLEAR
    sentence = (
        f"{case.daily_volume:,} messages a day, from an account of {age} days with {held} subscription{'' if held == 1 else 's'}; "
        f"up to {most:,} are believable."
    )
    yield _signal(case, finding, sentence)


def believable(age_days: int, subscriptions: int) -> int:
    """The most messages a day that age and size make believable."""
    return max(LITTLE, min(age_days * A_DAY_OF_AGE, subscriptions * A_SUBSCRIPTION))


def _signal(case: Examined, finding: Finding, sentence: str) -> Signal:
    evidence = {"daily_volume": case.daily_volume}
    return Signal("volume", finding, sentence, "the request and billing", case.at, evidence=evidence)


CHECK = Check(
    slug="volume",
    title="Volume",
    weights={"volume": 15},
    looks_at="Messages a day that were asked for, beside the account's age and the number of its subscriptions.",
    proves="That the volume is, or is not, out of proportion.",
    proves_not="What is really sent: a stated volume is a word, not a measurement.",
    unknown_means="The account's age is not known.",
    look=look,
    seconds=5,
)
