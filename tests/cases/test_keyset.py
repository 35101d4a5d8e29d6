"""Paging by key: nothing twice, nothing left out, forth and back."""

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.keyset import Order, Page, page_of
from subscriptions.models import Subscription
from tests.world import World

BY_NAME = Order(("name", "pk"))


def _names(page: Page[Subscription]) -> list[str]:
    return [row.name for row in page.rows]


@pytest.fixture
def shops(world: World) -> None:
    for name in ("a", "b", "b", "b", "c"):
        world.subscription(name=name)


@pytest.mark.usefixtures("shops")
@pytest.mark.parametrize(
    ("order", "names"),
    [(BY_NAME, ["a", "b", "b", "b", "c"]), (Order(("name", "pk"), is_newest_first=True), list("cbbba"))],
)
def test_forth_and_back_through_equal_names(order: Order, names: list[str]) -> None:
    rows = Subscription.objects.all()
    first = page_of(rows, order, 2)
    second = page_of(rows, order, 2, after=first.after)
    third = page_of(rows, order, 2, after=second.after)
    assert _names(first) + _names(second) + _names(third) == names
    assert len({row.pk for page in (first, second, third) for row in page.rows}) == 5
    assert (first.before, third.after) == (None, None)
    assert page_of(rows, order, 2, before=third.before) == second
    assert page_of(rows, order, 2, before=second.before) == first


@pytest.mark.usefixtures("shops")
def test_a_row_that_is_gone_leads_to_the_first_page() -> None:
    rows = Subscription.objects.all()
    assert page_of(rows, BY_NAME, 2, after="8e0c1c1e-5f43-4b50-9f57-0d4f0d7b1f9b") == page_of(
        rows, BY_NAME, 2
    )


@pytest.mark.usefixtures("shops")
def test_a_page_costs_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rows = Subscription.objects.all()
    first = page_of(rows, BY_NAME, 2)
    with django_assert_num_queries(2):
        page_of(rows, BY_NAME, 2, after=first.after)
