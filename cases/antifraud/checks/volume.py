"""The volume asked for against how long the account is there, and how much it holds."""

from collections.abc import Iterator
from datetime import date

from cases.antifraud.examined import Examined, cited
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
    held = Subscription.objects.filter(customer_id=case.customer_id).count()
    opened = case.facts.get("account_opened_on")
    if opened is None or not isinstance(opened.value, date):
        told = "The account's age is not known, so the volume cannot be judged."
        yield _signal(case, Finding.UNKNOWN, told, held)
        return
    age = (case.at.date() - opened.value).days
    most = believable(age, held)
    finding = Finding.FLAGGED if case.daily_volume > most else Finding.CLEAR
    sentence = (
        f"{case.daily_volume:,} messages a day, from an account of {age} days with {held} subscription{'' if held == 1 else 's'}; "
        f"up to {most:,} are believable."
    )
    yield _signal(case, finding, sentence, held, account_opened_on=cited(opened), believable=most)


def believable(age_days: int, subscriptions: int) -> int:
    """The most messages a day that age and size make believable."""
    return max(LITTLE, min(age_days * A_DAY_OF_AGE, subscriptions * A_SUBSCRIPTION))


def _signal(case: Examined, finding: Finding, sentence: str, held: int, **evidence: str | int) -> Signal:
    """As old as the oldest of what it rests on."""
    opened = case.facts.get("account_opened_on")
    return Signal(
        part="volume",
        finding=finding,
        sentence=sentence,
        source=f"the request, the inventory and {opened.source if opened else 'billing'}",
        as_of=min(case.submitted_at, opened.as_of) if opened else case.submitted_at,
        subject=case.customer_subject,
        evidence={"daily_volume": case.daily_volume, "subscriptions": held, **evidence},
    )


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
