"""What billing and identity say of a customer: a closed set of facts, each with its source and date."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from ipaddress import ip_network

import structlog
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from subscriptions.models import Customer
from subscriptions.policy.facts import amount, whole_number, yes_or_no

log = structlog.get_logger(__name__)

Value = date | int | Decimal | bool | str
LONGEST_TEXT = 200
FEWEST_DIGITS = 4  # of a phone number
BETWEEN_DIGITS = re.compile(r"[\s()./-]")
INTERNATIONAL = re.compile(r"^00")
DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact; ``value`` is typed as its name asks."""

    value: Value
    source: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Kind:
    """What a fact is called, how its text is read, and how it is written for people."""

    label: str
    read: Callable[[str], Value]


def facts_of_customer(customer: Customer, names: Iterable[str] | None = None) -> dict[str, Fact]:
    """Every known fact, by name, in the order of ``KINDS``; or those of ``names``, in their order.

    One that was kept by older rules and cannot be read by today's is not known; the log names it.
    """
    found = {name: _stored(customer, name) for name in names or KINDS if name in customer.facts}
    return {name: fact for name, fact in found.items() if fact}


def read_value(name: str, text: str) -> Value:
    """The typed value of one fact; raises ``ValueError`` saying what is wrong and what would do."""
    return KINDS[name].read(text.strip())


def canonical(name: str, text: str) -> str:
    """The one text in which a value is kept, however it was written: ``read_value`` reads it as that value.

    Raises what ``read_value`` raises, also for a day that has not come yet.
    """
    value = read_value(name, text)
    if isinstance(value, date) and value > timezone.now().date():
        raise ValueError(f"{text.strip()[:40]!a} has not come yet")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def set_facts(customer: Customer, texts: Mapping[str, str], *, source: str, as_of: datetime) -> None:
    """Set facts from their texts by name, unsaved; a blank one is not known any more.

    Raises what ``canonical`` raises.
    """
    for name, text in texts.items():
        if text.strip():
            kept = {"value": canonical(name, text), "source": source, "as_of": as_of.isoformat()}
            customer.facts[name] = kept
        else:
            customer.facts.pop(name, None)


def _stored(customer: Customer, name: str) -> Fact | None:
    kept = customer.facts[name]
    try:
        return Fact(read_value(name, kept["value"]), kept["source"], datetime.fromisoformat(kept["as_of"]))
    except ValueError:
        # Neither the value nor the error that quotes it: facts are no business of whoever reads logs.
        log.warning("fact.unreadable", customer=customer.pk, fact=name)
        return None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text[:40]!a} is no day like 2026-01-31") from None


def _text(text: str) -> str:
    if not text or len(text) > LONGEST_TEXT or not text.isprintable():
        raise ValueError(f"must be 1 to {LONGEST_TEXT} printable characters")
    return text


def _phone(text: str) -> str:
    """Without what people put between the digits, so that one number has one form."""
    number = INTERNATIONAL.sub("+", BETWEEN_DIGITS.sub("", text))
    if len(DIGIT.findall(number)) < FEWEST_DIGITS:
        raise ValueError(
            f"{text[:40]!a} is no phone number like +44 20 7946 0018, of at least {FEWEST_DIGITS} digits"
        )
    return _text(number)


def _network(text: str) -> str:
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        network = None
    # What stands behind "%" names a link of one machine, in any characters.
    if network is None or "%" in text:
        raise ValueError(f"{text[:40]!a} is no network like 192.0.2.0/24 or 2001:db8::/48")
    return str(network)


def _mailbox(text: str) -> str:
    mailbox = text.lower()
    try:
        validate_email(mailbox)  # as it is kept: of some letters the small one is none of a mailbox
    except ValidationError:
        raise ValueError(f"{text[:40]!a} is no mailbox like billing@example.com") from None
    return mailbox


KINDS: Mapping[str, Kind] = {
    "account_opened_on": Kind("Account opened", _day),
    "paid_invoices": Kind("Paid invoices", whole_number),
    "paid_total_usd": Kind("Paid in all (USD)", amount),
    "unpaid_invoices": Kind("Unpaid invoices", whole_number),
    "disputed_invoices": Kind("Disputed invoices", whole_number),
    "spending_limit_on": Kind("Spending limit on", yes_or_no),
    "identity_verified": Kind("Identity verified", yes_or_no),
    "contact": Kind("Contact", _mailbox),
    "phone": Kind("Phone", _phone),
    "payment_fingerprint": Kind("Payment fingerprint", _text),
    "signup_network": Kind("Sign-up network", _network),
    "abuse_complaints": Kind("Complaints of abuse", whole_number),
    "last_complaint_on": Kind("Latest complaint", _day),
}
"""The set is closed: an import refuses other names."""

CONDITION_OF: Mapping[str, str] = {
    "account_opened_on": "account_age_days",
    "paid_invoices": "paid_invoices",
    "paid_total_usd": "paid_total_usd",
    "identity_verified": "identity_verified",
}
"""The facts that a policy may turn on, each with its condition: what notices may show. The others stay at the desk."""
