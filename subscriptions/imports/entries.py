"""What is found in a file, entry by entry: a subscription, one that is refused, one that is passed over."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Row(NamedTuple):
    """One subscription as a file states it, in the order of the table that it is copied into.

    ``number`` is its line or item. ``None`` is what the file does not state: what is stored stays.
    Blank is what the file states to be unknown, or (of a partner) not to be there.
    """

    number: int
    id: str
    name: str | None
    offer_id: str | None
    quota_id: str | None
    is_created_stated: bool
    created_at: datetime | None
    is_created_by_day: bool
    state: str | None
    customer_number: str | None
    customer_name: str | None
    partner_number: str | None
    partner_name: str | None
    addresses: list[str] | None


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry that is not taken: ``field`` names what is wrong in it, blank for all of it."""

    number: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}" if self.field else self.reason


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that is right and yet not taken, and why."""

    number: int
    reason: str

    def __str__(self) -> str:
        return f"skipped: {self.reason}"


Entry = Row | Refused | Skipped
