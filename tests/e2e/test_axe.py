"""Every page is for everybody: axe looks at it in both themes, wide and at 320 pixels. None is left out."""

from collections.abc import Callable
from contextlib import closing
from unittest.mock import Mock
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError
from django.urls import resolve
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from front.views import relay
from tests.access_table import ROUTES, admin_rows, kind_of, rows
from tests.e2e.pages import ERRORS, NO_PAGE, NOBODY, PAGES
from tests.e2e.steps import button, heading
from tests.world import World

# axe clones elements whose style the admin's scripts have set, which the policy refuses to the copies.
of_admin = pytest.mark.browser_context_args(bypass_csp=True)

Visit = Callable[[tuple[str, str]], int]


@pytest.fixture
def visit(page: Page, live_server: LiveServer, sign_in: Callable[[str], None]) -> Visit:
    """Opens a page as who looks at it; returns the status of the answer."""

    def enter(visit: tuple[str, str]) -> int:
        who, path = visit
        if who != NOBODY:
            sign_in(who)
        answer = page.goto(live_server.url + path)
        assert answer is not None
        return answer.status

    return enter


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=of_admin) if name.startswith("admin:") else name for name in PAGES]
)
def test_axe_finds_nothing(
    page: Page, live_world: World, visit: Visit, assert_accessible: Callable[[], None], name: str
) -> None:
    with closing(PAGES[name](live_world)) as visits:
        for each in visits:
            visit(each)
            assert resolve(urlsplit(page.url).path).view_name == name, page.url
            assert_accessible()


@pytest.mark.parametrize("status", ERRORS)
def test_axe_finds_nothing_on_errors(
    live_world: World, visit: Visit, assert_accessible: Callable[[], None], status: int
) -> None:
    for each in ERRORS[status](live_world):
        assert visit(each) == status
        assert_accessible()


def test_axe_finds_nothing_where_somebody_tries_too_often(
    page: Page,
    live_world: World,
    visit: Visit,
    assert_accessible: Callable[[], None],
    settings: Settings,
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    visit((NOBODY, "/accounts/login/"))
    for said in ("One thing to fix first", "Too many tries"):
        page.get_by_label("E-mail address").fill("olive@people.example")
        page.get_by_label("Password", exact=True).fill("a guess")
        button(page, "Sign in").click()
        expect(heading(page, said)).to_be_visible()
        assert_accessible()


@pytest.mark.parametrize(("fault", "status"), [(RuntimeError, 500), (OperationalError, 503)])
def test_axe_finds_nothing_where_something_breaks(
    visit: Visit,
    live_world: World,
    assert_accessible: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    fault: type[Exception],
    status: int,
) -> None:
    monkeypatch.setattr(relay, "setups", Mock(side_effect=fault))
    assert visit((NOBODY, "/relay/")) == status
    assert_accessible()


def test_no_page_is_left_out() -> None:
    """By the tables of who may open what: where somebody is shown something, axe looks at it, or it is no page."""
    opened = {ROUTES[route] for _, _, route, cells in rows() if "o" in cells}
    kinds = {kind for _, kind, cells in admin_rows() if "o" in cells}
    looked_at = {name: kind_of(route) for route, name in ROUTES.items() if name in PAGES | NO_PAGE}
    assert opened == {name for name in looked_at if not name.startswith("admin:")}
    assert kinds == {kind for kind in looked_at.values() if kind.startswith("admin/")}
    assert not PAGES.keys() & NO_PAGE.keys()
