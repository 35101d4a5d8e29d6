"""The words for the closed set of conditions beyond offer and date."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

Amount = int | Decimal
"""What a condition needs or finds: a number, or ``True`` and ``False`` for yes and no."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """A condition that is known not to be met; a sum of money is text, so that JSON keeps it exactly."""

    condition: str
    needed: int | str
    actual: int | str
    sentence: str


@dataclass(frozen=True, slots=True)
class Words:
    """How one condition is said; ``unmet`` takes what is needed and what there is."""

    asked: Callable[[Amount], str]
    unmet: Callable[[Amount, Amount], str]
    not_known: str


WORDS: Mapping[str, Words] = {
    "account_age_days": Words(
        asked=lambda needed: f"an account at least {_days(needed)} old",
        unmet=lambda needed, actual: (
            f"The account has to be at least {_days(needed)} old; it is {_days(actual)} old."
        ),
        not_known="It is not known how old the account is.",
    ),
    "paid_invoices": Words(
        asked=lambda needed: f"at least {_invoices(needed)} paid",
        unmet=lambda needed, actual: (
            f"At least {_invoices(needed)} must have been paid; so far it is {actual or 'none'}."
        ),
        not_known="It is not known how many invoices were paid.",
    ),
    "paid_total_usd": Words(
        asked=lambda needed: f"paid invoices of at least {needed:,} USD",
        unmet=lambda needed, actual: (
            f"Paid invoices have to come to at least {needed:,} USD; so far it is {actual:,} USD."
        ),
        not_known="It is not known how much was paid in all.",
    ),
    "identity_verified": Words(
        asked=lambda needed: "a verified identity",
        unmet=lambda needed, actual: "The customer's identity has to be verified; it is not.",
        not_known="It is not known whether the customer's identity is verified.",
    ),
}


def unmet(condition: str, needed: Amount, actual: Amount) -> Unmet:
    """The condition, with the sentence that the customer reads."""
    return Unmet(condition, _plain(needed), _plain(actual), WORDS[condition].unmet(needed, actual))


def _plain(amount: Amount) -> int | str:
    return str(amount) if isinstance(amount, Decimal) else amount


def _days(number: Amount) -> str:
    return f"{number} day" if number == 1 else f"{number} days"


def _invoices(number: Amount) -> str:
    return f"{number} invoice" if number == 1 else f"{number} invoices"
