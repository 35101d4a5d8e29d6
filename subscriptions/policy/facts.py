"""What is known of a subscription and of who holds it, and how it is read from text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Self, TypeVar

Moment = TypeVar("Moment", bound=date)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(
    r"(?P<clock>[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?)"
    r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")
YES_OR_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
LONGEST_NAME = 100

SHORT_NAMES: Mapping[str, str] = {
    "offer": "offer_id",
    "quota": "quota_id",
    "family": "family",
    "created": "created",
    "account_age_days": "account_age_days",
    "paid_invoices": "paid_invoices",
    "paid_total_usd": "paid_total_usd",
    "identity_verified": "identity_verified",
}
"""What the command's options and the API's parameters are called, and which fact each is."""


class FactError(ValueError):
    """A fact that cannot be read: ``field`` names it, ``reason`` says why and what would do."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts that a policy may be held against; ``None`` is a fact that is not known.

    ``created`` is an instant, or a ``date`` for that whole day in UTC. Offer ID, quotaId and
    family are trimmed here, and blank ones are not known. ``account_age_days`` counts to the
    moment that is judged at. Raises ``ValueError`` for a time without an offset.
    """

    offer_id: str | None = None
    quota_id: str | None = None
    family: str | None = None
    created: datetime | date | None = None
    account_age_days: int | None = None
    paid_invoices: int | None = None
    paid_total_usd: Decimal | None = None
    identity_verified: bool | None = None

    def __post_init__(self) -> None:
        if isinstance(self.created, datetime) and self.created.utcoffset() is None:
            raise ValueError(f"created: {self.created.isoformat()} has no offset from UTC")
        for name in ("offer_id", "quota_id", "family"):
            value = getattr(self, name)
            object.__setattr__(self, name, (value and value.strip()) or None)

    @classmethod
    def from_text(cls, texts: Mapping[str, str]) -> Self:
        """The facts as people and files write them, by field name; blank ones are not known.

        Raises ``FactError`` naming the field that cannot be read, or that is no fact.
        """
        known: dict[str, Any] = {}
        for field, text in texts.items():
            if field not in READERS:
                raise FactError(field, f"is not one of the facts; these are: {', '.join(READERS)}")
            known[field] = _read(field, text.strip())
        return cls(**known)


def facts_named(texts: Mapping[str, str], names: Mapping[str, str]) -> Facts:
    """``Facts.from_text`` for a caller that calls facts otherwise; ``names`` gives the fact of each.

    Raises ``FactError`` with the caller's name.
    """
    try:
        return Facts.from_text({names[name]: text for name, text in texts.items()})
    except FactError as error:
        called = {fact: name for name, fact in names.items()}
        raise FactError(called[error.field], error.reason) from None


def parse_created(text: str) -> datetime | date | None:
    """A creation time in UTC, or a whole day in UTC; ``None`` where ``text`` is blank.

    Takes the ISO 8601 forms ``2017-11-20``, ``2017-11-20T14:30Z`` and
    ``2017-11-20T14:30:00.123+01:00``. Raises ``FactError``, also for a time without an offset.
    """
    text = text.strip()
    if not text:
        return None
    try:
        return _moment(text.upper())
    except (ValueError, OverflowError) as error:
        raise FactError("created", f"{text[:LONGEST_NAME]!a}: {error}") from None


def _read(field: str, text: str) -> object:
    if not text:
        return None
    try:
        return READERS[field](text)
    except FactError:
        raise
    except ValueError as error:
        raise FactError(field, str(error)) from None


def _name(text: str) -> str:
    if len(text) > LONGEST_NAME:
        raise ValueError(f"is longer than {LONGEST_NAME} characters")
    if not text.isprintable():
        raise ValueError(f"{text!a} holds characters that cannot be printed")
    return text


def _moment(text: str) -> datetime | date:
    if DAY.fullmatch(text):
        return _on_the_calendar(date.fromisoformat, text)
    if not (parts := INSTANT.fullmatch(text)):
        raise ValueError("not a date or time like 2017-11-20 or 2017-11-20T14:30:00Z")
    if not parts["offset"]:
        raise ValueError("a time needs its offset from UTC: add Z or, for example, +01:00")
    return _on_the_calendar(datetime.fromisoformat, text).astimezone(UTC)


def _on_the_calendar(read: Callable[[str], Moment], text: str) -> Moment:
    try:
        return read(text)
    except ValueError:
        raise ValueError(
            "there is no such day or time; write it like 2017-11-20 or 2017-11-20T14:30:00Z"
        ) from None


def whole_number(text: str) -> int:
    """A count; raises ``ValueError``."""
    if not WHOLE_NUMBER.fullmatch(text):
        raise ValueError(f"{text[:LONGEST_NAME]!a} is not a whole number like 30")
    return int(text)


def amount(text: str) -> Decimal:
    """A sum of money; raises ``ValueError``."""
    if not AMOUNT.fullmatch(text):
        raise ValueError(f"{text[:LONGEST_NAME]!a} is not an amount like 1000 or 1000.50")
    return Decimal(text)


def yes_or_no(text: str) -> bool:
    """Yes or no; raises ``ValueError``."""
    if (answer := YES_OR_NO.get(text.lower())) is None:
        raise ValueError(f"{text[:LONGEST_NAME]!a} is neither yes nor no")
    return answer


READERS: Mapping[str, Callable[[str], object]] = {
    "offer_id": _name,
    "quota_id": _name,
    "family": _name,
    "created": parse_created,
    "account_age_days": whole_number,
    "paid_invoices": whole_number,
    "paid_total_usd": amount,
    "identity_verified": yes_or_no,
}
