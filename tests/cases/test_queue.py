"""The queue: filtered, searched, counted, and paged by key, at a cost that does not grow with the cases."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases import queue
from cases.actions import partner, reviewer
from cases.models import Case, State
from cases.queue import FIRST_VIEW, SAVED_VIEWS, Filters, Key, Only, counts, next_case, queue_page
from cases.refusals import NotPermitted
from subscriptions.models import Customer, Subscription
from subscriptions.words import query_of
from tests.world import (
    APPROVAL,
    ATTESTATION,
    ENTERPRISE,
    FREE_TRIAL,
    UNHEARD_OF,
    WAYS,
    World,
)

ALL = Filters()


def _due_in(case: Case, hours: float) -> Case:
    """The same case, due then."""
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() + timedelta(hours=hours))
    return case


def _found(world: World, search: str, **filters: Any) -> set[str]:
    page = queue_page(world.actor("rita"), Filters(search=search, **filters))
    return {case.reference for case in page.rows}


def _walk(world: World, filters: Filters) -> Iterator[list[Case]]:
    """Every page, first to last."""
    page = queue_page(world.actor("rita"), filters)
    yield list(page.rows)
    while page.older is not None:
        page = queue_page(world.actor("rita"), filters, after=page.older)
        yield list(page.rows)


@pytest.fixture
def of_every_kind(world: World) -> list[Case]:
    """A case in each state, due and not, twice."""
    cases = [world.case_in(state) for state in WAYS for _ in range(2)]
    due = [_due_in(world.submitted(), hours) for hours in (30, -5, 2, 2, -70)]
    return [*cases, *due, world.submitted(world.subscription(UNHEARD_OF))]


def test_what_is_due_comes_first_and_then_the_newest(world: World, of_every_kind: list[Case]) -> None:
    rows = [case for page in _walk(world, ALL) for case in page]
    due = [case.due_at for case in rows if case.due_at]
    assert due == sorted(due)
    rest = rows[len(due) :]
    assert [case.due_at for case in rest] == [None] * len(rest)
    assert [case.pk for case in rest] == sorted((case.pk for case in rest), reverse=True)
    assert {case.pk for case in rows} == {case.pk for case in of_every_kind}


@pytest.mark.parametrize("filters", [ALL, Filters(state=State.IN_REVIEW), Filters(search="web shop")])
def test_pages_lead_forth_and_back_without_gap_or_repeat(
    world: World, of_every_kind: list[Case], filters: Filters, monkeypatch: pytest.MonkeyPatch
) -> None:
    rita = world.actor("rita")
    whole = [case.pk for page in _walk(world, filters) for case in page]
    monkeypatch.setattr(queue, "PAGE", 3)
    forth = list(_walk(world, filters))
    assert [case.pk for page in forth for case in page] == whole
    assert [len(page) for page in forth[:-1]] == [3] * (len(forth) - 1)
    back, key = [], Key.of(forth[-1][0])
    while True:
        page = queue_page(rita, filters, before=key)
        back.append([case.pk for case in page.rows])
        if page.newer is None:
            break
        key = page.newer
    assert back[::-1] == [[case.pk for case in rows] for rows in forth[:-1]]


def _slowly(filters: Filters) -> set[int]:
    """The cases that fit, by a loop over every one."""
    now = timezone.now()

    def fits(case: Case) -> bool:
        named = [
            getattr(filters, name) in ("", getattr(case, name)) for name in ("state", "family", "outcome")
        ]
        is_late = case.due_at is not None and case.due_at < now
        only = {"": True, Only.OVERDUE: is_late, Only.FLAGGED: bool(case.flag)}[filters.only]
        return all(named) and only and filters.partner in (None, case.partner_id)

    return {case.pk for case in Case.objects.all() if fits(case)}


def test_filters_are_what_a_slow_reading_says(world: World, of_every_kind: list[Case]) -> None:
    chosen = random.Random(25)
    for _ in range(150):
        filters = Filters(
            state=chosen.choice(["", "", *State.values]),
            family=chosen.choice(["", "", "csp", "pay-as-you-go", "free-trial", "none-such"]),
            outcome=chosen.choice(["", "", "may_request", "via_partner", "never", "cannot_tell"]),
            partner=chosen.choice([None, None, world.northwind.pk, world.adatum.pk]),
            only=chosen.choice(["", "", Only.OVERDUE, Only.FLAGGED]),
        )
        found = {case.pk for page in _walk(world, filters) for case in page}
        assert found == _slowly(filters), filters


def test_a_row_says_why_it_is_here(world: World) -> None:
    unclear = world.submitted(world.subscription(UNHEARD_OF))
    vouched = world.case_in(State.WITH_PARTNER)
    partner.vouch(vouched.reference, ATTESTATION, by=world.actor("petra"))
    rows: dict[str, Any] = {
        case.reference: case for case in queue_page(world.actor("rita"), FIRST_VIEW.filters).rows
    }
    assert rows[unclear.reference].question == unclear.eligibility["question"]
    assert rows[vouched.reference].is_vouched
    assert not rows[unclear.reference].is_vouched


def test_the_saved_views_are_counted_as_they_are_listed(world: World, of_every_kind: list[Case]) -> None:
    counted = counts(world.actor("rita"))
    for view in SAVED_VIEWS:
        assert counted[view.name] == sum(len(page) for page in _walk(world, view.filters)), view.name


def test_nobody_but_the_desk_counts_everybodys_cases(world: World) -> None:
    with pytest.raises(NotPermitted):
        counts(world.actor("olive"))


def test_counting_stops(world: World, of_every_kind: list[Case], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "COUNTED", 4)
    counted = counts(world.actor("rita"))
    assert (counted["all"], counted["in_review"], counted["with_partner"]) == (4, 4, 2)


def test_a_case_is_found_by_its_reference_as_one_hears_it(world: World) -> None:
    case = world.submitted()
    world.submitted()
    plain = case.reference.removeprefix("UB-").replace("-", "")
    for typed in (case.reference, case.reference.lower(), plain, f" ub {plain[:4]} {plain[4:].lower()}"):
        assert _found(world, typed) == {case.reference}


def test_a_case_is_found_by_subscription_and_customer(world: World) -> None:
    fabrikam = world.subscription(name="Web_shop (prod), Zürich", customer=world.fabrikam)
    mine = world.submitted(world.subscription(name="Mail relay Köln"))
    theirs = world.submitted(fabrikam, by="mallory")
    by = {
        str(mine.subscription_id): {mine},
        str(mine.subscription_id).upper(): {mine},
        "relay": {mine},
        "köln MAIL": {mine},
        "rel köl": {mine},
        "shop prod": {theirs},
        "web-shop": {theirs},
        "zürich": {theirs},
        "fabrik": {theirs},
        "C-2": {theirs},
        "c 2": {theirs},
        "Contoso": {mine},
        "relay fabrikam": set(),
        "nothing of that name": set(),
        "!?": set(),
    }
    for search, cases in by.items():
        assert _found(world, search) == {case.reference for case in cases}, search


def test_a_search_takes_filters_too(world: World) -> None:
    open_case = world.submitted(world.subscription(name="Mail one"))
    ended = world.submitted(world.subscription(FREE_TRIAL, name="Mail two"))
    assert _found(world, "mail") == {open_case.reference, ended.reference}
    assert _found(world, "mail", state=State.REJECTED) == {ended.reference}


HOSTILE = ["'", "a' & b:*", "\\", "a:*|b", "<->", "a\0b", "%_", "(((", "ß" * 200, "x " * 90, "'' OR 1=1 --"]


def test_whatever_is_searched_for_is_words(world: World) -> None:
    world.submitted()
    for search in HOSTILE:
        assert _found(world, search) == set(), search


def test_words_are_bounded() -> None:
    assert str(query_of("a b c d e f g h i j k")).count(":*") == 8
    assert query_of(" -- ") is None


def test_the_exact_number_of_a_customer_comes_before_its_longer_kin(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MOST_CUSTOMERS", 1)
    Customer.objects.create(number="C-22", name="A. Datum")
    case = world.submitted(world.subscription(customer=world.fabrikam), by="mallory")
    assert _found(world, "c-2") == {case.reference}


def test_the_next_case_is_the_first_due_that_one_may_decide(world: World) -> None:
    later, first = _due_in(world.submitted(), 9), _due_in(world.submitted(), -3)
    foreign = _due_in(world.submitted(world.subscription(customer=world.fabrikam), by="mallory"), 1)
    world.case_in(State.AWAITING_ANSWER)
    rita, tied = world.actor("rita"), world.actor("tied")
    seen = [next_case(rita)]
    for _ in range(3):
        assert seen[-1] is not None
        seen.append(next_case(rita, Case.objects.get(pk=seen[-1].pk)))
    assert seen == [first, foreign, later, first]
    assert next_case(tied) == foreign
    assert next_case(tied, Case.objects.get(pk=foreign.pk)) is None
    assert next_case(world.actor("audrey")) == first


def test_from_a_case_that_is_not_due_the_next_is_the_first(world: World) -> None:
    waiting = world.submitted()
    assert next_case(world.actor("rita"), world.case_in(State.DENIED)) == waiting


@pytest.mark.parametrize(
    "key", [Key(None, 7), Key(datetime(2026, 11, 26, 8, 0, 0, 123456, tzinfo=UTC), 10**12)]
)
def test_a_place_in_the_queue_survives_its_address(key: Key) -> None:
    assert Key.parse(str(key)) == key


@pytest.mark.parametrize(
    "text", ["", "-", "7", "a-7", "1-x", "-7-7", "9" * 30 + "-1", "1-" + "9" * 30, "\uff11-\uff11"]
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no place"):
        Key.parse(text)


def _queries(world: World, filters: Filters) -> int:
    rita = world.actor("rita")
    with CaptureQueriesContext(connection) as captured:
        queue_page(rita, filters)
        counts(rita)
    return len(captured)


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    world.submitted()
    views = [ALL, FIRST_VIEW.filters, Filters(search="web")]
    few = [_queries(world, filters) for filters in views]
    for _ in range(9):
        case = world.submitted()
        world.case_in(State.AWAITING_ANSWER)
    reviewer.approve(world.checked(case).reference, APPROVAL, by=world.actor("rita"))
    assert [_queries(world, filters) for filters in views] == few == [2, 2, 3]


FACETS: list[dict[str, Any]] = [
    {},
    {"state": State.DENIED},
    {"family": "csp"},
    {"outcome": "never"},
    {"partner": 1},
    {"state": State.IN_REVIEW, "family": "msdn"},
    {"state": State.APPROVED, "outcome": "never"},
    {"family": "csp", "outcome": "not_blocked"},
    {"state": State.DENIED, "family": "csp", "outcome": "never"},
    {"only": Only.FLAGGED},
    {"only": Only.OVERDUE},
]


def test_every_filter_is_walked_along_an_index(world: World) -> None:
    """No zone of a page is sorted or scanned whole: from where it starts, it is read in order."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")  # a handful of rows is cheap to sort: not the question
        for facets in FACETS:
            for plan in _plans(Filters(**facets)):
                assert "Seq Scan on cases_case" not in plan, plan
                assert "Sort" not in plan, plan
                assert "Index" in plan, plan


def _plans(filters: Filters) -> Iterator[str]:
    """Of the first page, and of those before and after a case that is due, and one that is not."""
    cases = filters.of(Case.objects.all())
    yield from (_plan(zone) for zone in queue._forwards(cases, None))
    for key in (Key(timezone.now(), 5), Key(None, 500)):
        zones = [*queue._forwards(cases, key), *queue._backwards(cases, key)]
        yield from (_plan(zone) for zone in zones)


def _plan(zone: QuerySet[Case]) -> str:
    return str(zone.only("pk")[: queue.PAGE + 1].explain())


def test_words_are_looked_up_in_an_index(world: World) -> None:
    """Whatever the statistics of a nearly empty table are: reading it whole is not offered, in any order."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        query = query_of("web shop")
        assert query is not None
        assert "subscription_words" in queue._subscriptions(query).explain()
        assert "customer_words" in queue._customers(query, "web shop").explain()


def test_an_index_of_words_holds_what_names_hold(world: World) -> None:
    """The expression that is asked for is the one that is indexed: 500 names and one that fits."""
    Subscription.objects.bulk_create(
        Subscription(name=f"Machine {n}", customer=world.contoso, offer_id=ENTERPRISE) for n in range(500)
    )
    case = world.submitted(world.subscription(name="Needle-in/a.haystack"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert _found(world, "haystack") == {case.reference}
