"""Subscriptions from JSON, as Azure Resource Manager and Partner Center write them.

Sources: learn.microsoft.com, "Subscriptions - List" of the Resource Manager's REST API, and
"Subscription resources" of Partner Center's.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import ijson

from subscriptions.imports.entries import Entry, Refused, Skipped
from subscriptions.imports.reading import Given, row_of
from subscriptions.policy.facts import FactError

DEEPEST = 32
STARTS = frozenset({"start_map", "start_array"})
ENDS = frozenset({"end_map", "end_array"})


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where one of the two writes each column; a dot leads into an object."""

    keys: Mapping[str, str]
    telling: frozenset[str]

    def texts_of(self, item: Any) -> dict[str, str]:
        """The texts of an item by column; what is not there is blank. Raises ``FactError``."""
        if not isinstance(item, dict):
            raise FactError("", "is no object")
        return {column: _text_at(item, key) for column, key in self.keys.items()}


ARM = Dialect(
    {
        "subscription_id": "subscriptionId",
        "name": "displayName",
        "quota_id": "subscriptionPolicies.quotaId",
        "state": "state",
    },
    frozenset({"subscriptionId", "subscriptionPolicies", "displayName"}),
)
PARTNER_CENTER = Dialect(
    {
        # Its own "id" counts orders; the entitlement is the subscription that runs in Azure.
        "subscription_id": "entitlementId",
        "name": "friendlyName",
        "offer_id": "offerId",
        "created_at": "creationDate",
        "state": "status",
    },
    frozenset({"entitlementId", "offerId", "friendlyName"}),
)


LISTS = {"value": ARM, "items": PARTNER_CENTER}
"""What the two call the list of subscriptions, where it is not the whole file."""


class BrokenFile(ValueError):
    """The file is no JSON, or is none of a shape that is known here."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How deep the subscriptions stand, under which key of the outermost object, and in whose words."""

    depth: int
    key: str | None = None
    dialect: Dialect | None = None


def shape_of(head: bytes) -> Shape:
    """The shape, from the beginning of a file; without a dialect where nothing tells it."""
    depth, key, found = 0, "", Shape(1)
    for event, value in _events_in(head):
        if event == "map_key" and (dialect := _telling(value)):
            return Shape(depth, key if depth == 3 else None, dialect)
        if event == "map_key" and depth == 1:
            key = value
        if event == "start_array" and (depth == 0 or (depth == 1 and key in LISTS)):
            found = Shape(depth + 2, key or None, LISTS.get(key))
        depth += (event in STARTS) - (event in ENDS)
    return found


def json_entries(file: BinaryIO, shape: Shape, dialect: Dialect, given: Given) -> Iterator[Entry]:
    """Each subscription, numbered from 1; where the JSON breaks off, that is the last entry."""
    number = 0
    try:
        for number, item in enumerate(_items(file, shape), start=1):
            yield _entry(number, item, dialect, given)
    except BrokenFile as error:
        yield Refused(number + 1, "", f"the rest of the file cannot be read: {error}")


def _entry(number: int, item: Any, dialect: Dialect, given: Given) -> Entry:
    try:
        texts = dialect.texts_of(item)
        if item.get("billingType") == "license":
            return Skipped(number, "it is billed by licence, so it is none of Azure")
        return row_of(number, texts, given)
    except FactError as error:
        return Refused(number, dialect.keys.get(error.field, error.field), error.reason)


def _items(file: BinaryIO, shape: Shape) -> Iterator[Any]:
    """One item at a time, whatever the size of the file."""
    depth, key, builder = 0, None, None
    for event, value in _events(file):
        if event == "map_key" and depth == 1:
            key = value
        is_at_items = depth == shape.depth - 1 and shape.key in (None, key)
        if is_at_items and event != "map_key" and event not in ENDS:
            builder = ijson.ObjectBuilder()
        depth += (event in STARTS) - (event in ENDS)
        if depth > DEEPEST:
            raise BrokenFile(f"is nested more than {DEEPEST} deep")
        if builder is not None:
            builder.event(event, value)
            if depth == shape.depth - 1:
                yield builder.value
                builder = None


def _events(file: BinaryIO) -> Iterator[tuple[str, Any]]:
    try:
        yield from ijson.basic_parse(file)
    except (ijson.JSONError, ValueError) as error:
        raise BrokenFile(str(error).strip().partition("\n")[0]) from None


def _events_in(head: bytes) -> Iterator[tuple[str, Any]]:
    """Of a beginning that may break off anywhere."""
    try:
        yield from _events(io.BytesIO(head))
    except BrokenFile:
        return


def _telling(key: str) -> Dialect | None:
    return next((dialect for dialect in (ARM, PARTNER_CENTER) if key in dialect.telling), None)


def _text_at(item: Any, key: str) -> str:
    found = item
    for step in key.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    if found is not None and not isinstance(found, str):
        raise FactError(key, "is no text")
    return found or ""
