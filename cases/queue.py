"""The reviewers' queue: filtered, searched, counted, and paged by key.

It has two zones, each walked along an index: first what is due, the soonest first; then what is
not, the newest first. A page starts at a key, never at an offset, so the ten-thousandth costs
what the first one does.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, TextChoices
from django.db.models.fields.json import KT
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Now

from cases.access import sees_all, visible_cases, without_interest
from cases.actors import Actor
from cases.models import Attestation, Case, CaseMessage, MessageKind, State
from cases.reference import parse_reference
from cases.refusals import NotPermitted
from statements.asked import Built
from subscriptions.models import Customer, Subscription
from subscriptions.words import query_of, words_of

PAGE = 25
COUNTED = 1000
"""Counting stops here: a count never costs more, however many cases there are."""
MOST_SUBSCRIPTIONS, MOST_CUSTOMERS, MOST_CASES = 500, 20, 1000
"""How many hits of a search are looked at; who gets more adds a word."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Only(TextChoices):
    """What the queue can be narrowed to beside its columns."""

    OVERDUE = "overdue", "Overdue"
    FLAGGED = "flagged", "Flagged"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the queue is narrowed to; what is empty narrows nothing."""

    state: str = ""
    family: str = ""
    outcome: str = ""
    band: str = ""
    partner: int | None = None
    only: str = ""
    search: str = ""

    def of(self, cases: QuerySet[Case]) -> QuerySet[Case]:
        """The cases that fit."""
        columns = ("state", "family", "outcome", "band", "partner")
        named = {name: getattr(self, name) for name in columns}
        cases = cases.filter(**{name: value for name, value in named.items() if value})
        if self.only == Only.OVERDUE:
            cases = cases.filter(due_at__lt=Now())
        if self.only == Only.FLAGGED:
            cases = cases.exclude(flag="")
        return found_by(self.search, cases) if self.search else cases


@dataclass(frozen=True, slots=True)
class SavedView:
    """A set of filters that reviewers return to."""

    name: str
    label: str
    filters: Filters


SAVED_VIEWS = (
    SavedView("in_review", "In review", Filters(state=State.IN_REVIEW)),
    SavedView("overdue", "Overdue", Filters(only=Only.OVERDUE)),
    SavedView("awaiting_answer", "Waiting for answer", Filters(state=State.AWAITING_ANSWER)),
    SavedView("with_partner", "With partner", Filters(state=State.WITH_PARTNER)),
    SavedView("flagged", "Flagged", Filters(only=Only.FLAGGED)),
    SavedView("suspended", "Suspended", Filters(state=State.SUSPENDED)),
    SavedView("exempt", "Exempt", Filters(state=State.APPROVED)),
    SavedView("all", "All cases", Filters()),
)
FIRST_VIEW = SAVED_VIEWS[0]


@dataclass(frozen=True, slots=True)
class Key:
    """Where a row stands in the queue; written into addresses as ``due-id``, microseconds since 1970."""

    due_at: datetime | None
    id: int

    @classmethod
    def of(cls, case: Case) -> Self:
        """The key of a row."""
        return cls(case.due_at, case.pk)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key that ``str()`` wrote. Raises ``ValueError`` for anything else."""
        found = re.fullmatch(r"([0-9]{1,17})?-([0-9]{1,18})", text, re.ASCII)
        if found is None:
            raise ValueError("This is no place in the queue.")
        due, number = found.groups()
        return cls(EPOCH + int(due) * MICROSECOND if due else None, int(number))

    @property
    def place(self) -> tuple[bool, datetime, int]:
        """What the queue is sorted by: first what is due, the soonest first; then the rest, the newest first."""
        return (self.due_at is None, self.due_at or EPOCH, self.id if self.due_at else -self.id)

    def __str__(self) -> str:
        due = "" if self.due_at is None else (self.due_at - EPOCH) // MICROSECOND
        return f"{due}-{self.id}"


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows; ``newer`` and ``older`` are the keys to page on from, where there is more."""

    rows: Sequence[Case]
    newer: Key | None = None
    older: Key | None = None


def queue_page(
    actor: Actor, filters: Filters, *, after: Key | None = None, before: Key | None = None
) -> Page:
    """The first page, or the one after (or before) a key. One query, two for a search."""
    if after is before is None and not filters.search and sees_all(actor):
        found = _first_page(filters).ask()[: PAGE + 1]
    else:
        found = _found(filters.of(visible_cases(actor)), filters, after, before)
    rows, has_more = found[:PAGE], len(found) > PAGE
    if before is not None:
        return _page(rows[::-1], has_newer=has_more, has_older=True)
    return _page(rows, has_newer=after is not None, has_older=has_more)


def _found(cases: QuerySet[Case], filters: Filters, after: Key | None, before: Key | None) -> list[Case]:
    if filters.search:
        return _fetch_found(cases, after, before)
    return _fetch(_forwards(cases, after) if before is None else _backwards(cases, before))


def _page(rows: Sequence[Case], *, has_newer: bool, has_older: bool) -> Page:
    if not rows:
        return Page(rows)
    return Page(rows, Key.of(rows[0]) if has_newer else None, Key.of(rows[-1]) if has_older else None)


def next_case(actor: Actor, after: Case | None = None) -> Case | None:
    """The first due case in review that the actor may decide: the one behind ``after``, if any is."""
    theirs = without_interest(visible_cases(actor).filter(state=State.IN_REVIEW), actor)
    theirs = theirs.order_by("due_at", "id").only("reference")
    if after is None:
        return theirs.first()
    others = theirs.exclude(pk=after.pk)
    behind = others.filter(_past(Key.of(after))) if after.due_at else others
    return behind.first() or others.first()


def counts(actor: Actor) -> dict[str, int]:
    """How many cases of everybody each saved view holds, up to ``COUNTED``. One query.

    Raises ``NotPermitted`` where the actor does not see them all.
    """
    if not sees_all(actor):
        raise NotPermitted("Only the desk counts everybody's cases.")
    with connection.cursor() as cursor:
        cursor.execute(*_counting(COUNTED))
        found = cursor.fetchone()
    return dict(zip([view.name for view in SAVED_VIEWS], found, strict=True))


@cache
def _counting(most: int) -> tuple[str, list[Any]]:
    columns: list[str] = []
    values: list[Any] = []
    for view in SAVED_VIEWS:
        bounded = view.filters.of(Case.objects.all()).values("pk")[:most]
        sql, its_values = bounded.query.sql_with_params()
        columns.append(f"(SELECT count(*) FROM ({sql}) AS bounded)")  # noqa: S608  # nosec B608  # Django wrote it
        values += its_values
    return f"SELECT {', '.join(columns)}", values


def found_by(search: str, cases: QuerySet[Case]) -> QuerySet[Case]:
    """Cases by reference, by the subscription's ID or words, by the customer's number or words."""
    search = search.replace("\0", " ").strip()
    if (subscription_id := as_uuid(search)) is not None:
        return cases.filter(subscription=subscription_id)
    named = Case.objects.filter(reference=parse_reference(search)).values("pk")
    query = query_of(search)
    if query is None:
        return cases.filter(pk__in=named)
    of_subscriptions = Case.objects.filter(subscription__in=_subscriptions(query)).values("pk")
    of_customers = Case.objects.filter(customer__in=_customers(query, search)).order_by("-id").values("pk")
    return cases.filter(pk__in=named.union(of_subscriptions, of_customers[:MOST_CASES]))


def as_uuid(text: str) -> UUID | None:
    """A subscription's ID, as people paste it; ``None`` where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _subscriptions(query: SearchQuery) -> QuerySet[Any, Any]:
    found = Subscription.objects.annotate(words=words_of("name")).filter(words=query)
    return found.values("pk")[:MOST_SUBSCRIPTIONS]


def _customers(query: SearchQuery, text: str) -> QuerySet[Any, Any]:
    """Whoever bears that number, before all whose words fit."""
    bears_it = ExpressionWrapper(Q(number__iexact=text), BooleanField())
    found = Customer.objects.annotate(words=words_of("number", "name")).filter(words=query)
    return found.order_by(bears_it.desc(), "name", "pk").values("pk")[:MOST_CUSTOMERS]


NEWEST = ("-due_at", "-id")
"""What has no due time by ``id`` alone; named in full, it is read from the index of the filters."""


def _forwards(cases: QuerySet[Case], after: Key | None) -> list[QuerySet[Case]]:
    due = cases.filter(due_at__isnull=False).order_by("due_at", "id")
    rest = cases.filter(due_at=None).order_by(*NEWEST)
    if after is None:
        return [due, rest]
    return [due.filter(_past(after)), rest] if after.due_at else [rest.filter(pk__lt=after.id)]


def _backwards(cases: QuerySet[Case], before: Key) -> list[QuerySet[Case]]:
    due = cases.filter(due_at__isnull=False).order_by("-due_at", "-id")
    rest = cases.filter(due_at=None).order_by("due_at", "id")
    return [due.filter(_ahead(before))] if before.due_at else [rest.filter(pk__gt=before.id), due]


def _past(key: Key) -> TupleGreaterThan:
    return TupleGreaterThan(Tuple(F("due_at"), F("id")), (key.due_at, key.id))


def _ahead(key: Key) -> TupleLessThan:
    return TupleLessThan(Tuple(F("due_at"), F("id")), (key.due_at, key.id))


def _fetch(zones: Sequence[QuerySet[Case]]) -> list[Case]:
    """One row more than a page holds, in one query, in the order of the zones."""
    return list(_in_order(zones))[: PAGE + 1]


def _in_order(zones: Sequence[QuerySet[Case]]) -> QuerySet[Case]:
    first, *others = [_as_rows(zone)[: PAGE + 1] for zone in zones]
    return first.union(*others, all=True) if others else first


@lru_cache(maxsize=100)
def _first_page(filters: Filters) -> Built[Case, Case]:
    """What the desk opens all day, a statement for each set of filters."""
    return Built(lambda: _in_order(_forwards(filters.of(Case.objects.all()), None)))


def _fetch_found(cases: QuerySet[Case], after: Key | None, before: Key | None) -> list[Case]:
    """The same of a search, whose bounded hits are put in order here."""
    places = sorted(Key(due_at, pk).place for due_at, pk in cases.values_list("due_at", "pk"))
    if before is not None:
        places = [place for place in reversed(places) if place < before.place]
    if after is not None:
        places = [place for place in places if place > after.place]
    wanted = [abs(place[-1]) for place in places[: PAGE + 1]]
    rows = {row.pk: row for row in _as_rows(Case.objects.filter(pk__in=wanted))}
    return [rows[pk] for pk in wanted]


def _as_rows(cases: QuerySet[Case]) -> QuerySet[Case]:
    """What a row shows: the parties, the open question, whether it was vouched for and answered."""
    written = CaseMessage.objects.filter(case=OuterRef("pk"), kind=MessageKind.ANSWER)
    rows = cases.select_related("subscription", "customer", "partner").only(*COLUMNS)
    return rows.annotate(
        question=KT("eligibility__question"),
        is_answered=Exists(written),
        is_vouched=Exists(Attestation.objects.filter(case=OuterRef("pk"))),
    )


COLUMNS = (
    "reference",
    "state",
    "family",
    "outcome",
    "band",
    "flag",
    "due_at",
    "due_left",
    "submitted_at",
    "subscription__name",
    "customer__name",
    "partner__name",
)
