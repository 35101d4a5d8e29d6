"""Lists paged by key, never by offset: a page starts where the one before it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list; ``before`` and ``after`` name the rows to page on from, or are ``None``."""

    rows: list[Row]
    before: Any | None = None
    after: Any | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """``key`` names the fields that a list is ordered by, the last of them unique.

    ``named_by`` is the field by which an address names a row.
    """

    key: Sequence[str]
    is_newest_first: bool = False
    named_by: str = "pk"


def page_of(
    rows: QuerySet[Row], order: Order, size: int, *, after: object = None, before: object = None
) -> Page[Row]:
    """The page after (or before) the row of that name; the first one where there is no such row."""
    mark = _mark(rows, order, after or before)
    is_back = mark is not None and not after
    found = list(_towards(rows, order, mark, is_up=order.is_newest_first == is_back)[: size + 1])
    if not found and mark is not None:
        return page_of(rows, order, size)
    has_more, found = len(found) > size, found[:size]
    if is_back:
        found.reverse()
    names = [getattr(row, order.named_by) for row in found]
    return Page(
        found,
        before=names[0] if (has_more if is_back else mark is not None) else None,
        after=names[-1] if is_back or has_more else None,
    )


def _mark(rows: QuerySet[Row], order: Order, name: object) -> tuple[Any, ...] | None:
    """The key of the row of that name, in one query."""
    return rows.filter(**{order.named_by: name}).values_list(*order.key).first() if name else None


def _towards(
    rows: QuerySet[Row], order: Order, mark: tuple[Any, ...] | None, *, is_up: bool
) -> QuerySet[Row]:
    """What lies beyond the mark, in that direction."""
    ordered = rows.order_by(*(name if is_up else f"-{name}" for name in order.key))
    return ordered.filter(_beyond(order.key, mark, "gt" if is_up else "lt")) if mark else ordered


def _beyond(key: Sequence[str], mark: Sequence[Any], side: str) -> Q:
    """Rows of a greater (or lesser) key, written so that an index is entered at the mark."""
    name, value = key[0], mark[0]
    strictly = Q(**{f"{name}__{side}": value})
    if len(key) == 1:
        return strictly
    return Q(**{f"{name}__{side}e": value}) & (strictly | _beyond(key[1:], mark[1:], side))
