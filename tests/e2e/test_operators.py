"""The operator's pages in a browser: the admin and the kept mail, in both themes, at every width."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Case, State
from outbox.relay import deliver_next
from tests.world import World, make_world


@pytest.fixture
def world(transactional_db: None) -> World:
    """A world with cases decided and their mail kept."""
    world = make_world()
    for state in (State.REVOKED, State.REJECTED):
        world.case_in(state)
    while deliver_next():
        pass
    return world


@pytest.fixture
def opal(page: Page, world: World, live_server: LiveServer) -> Page:
    """The operator's browser, signed in."""
    client = Client()
    client.force_login(world.user("opal"))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


PAGES = [
    "/admin/",
    "/admin/people/user/",
    "/admin/people/user/add/",
    "/admin/cases/case/",
    "/admin/cases/reasoncode/relay_would_do/change/",
    "/admin/subscriptions/customer/add/",
    "/admin/subscriptions/policyversion/azure-2017-11-15/change/",
    "/admin/outbox/message/?standing=parked",
    "/dev/mail/",
    "/dev/mail/?q=nobody",
]


# axe clones elements whose style the admin's scripts have set, which the policy refuses to the copies.
looked_at_by_axe = pytest.mark.browser_context_args(bypass_csp=True)


@looked_at_by_axe
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(
    opal: Page, live_server: LiveServer, assert_accessible: Callable[[], None], path: str
) -> None:
    opal.goto(live_server.url + path)
    assert_accessible()


def test_the_browser_refuses_nothing(opal: Page, live_server: LiveServer) -> None:
    """The admin works under the product's Content-Security-Policy: the page fixture counts what is refused."""
    for path in PAGES:
        opal.goto(live_server.url + path)
        expect(opal.get_by_role("heading", level=1)).to_be_visible()


@looked_at_by_axe
def test_a_cases_record(opal: Page, live_server: LiveServer, assert_accessible: Callable[[], None]) -> None:
    case = Case.objects.get(state=State.REVOKED)
    opal.goto(f"{live_server.url}/admin/cases/case/{case.pk}/change/")
    events = opal.get_by_role("region", name="Case events")
    expect(events.get_by_role("row")).to_have_count(7)
    expect(opal.get_by_role("button", name="Save")).to_have_count(0)
    assert_accessible()


def test_the_theme_is_the_products_own(opal: Page, live_server: LiveServer) -> None:
    opal.goto(f"{live_server.url}/admin/")
    opal.get_by_role("button", name="Dark").click()
    expect(opal.locator("html")).to_have_css("color-scheme", "dark")


def test_a_mail_is_found_and_read(
    opal: Page, live_server: LiveServer, assert_accessible: Callable[[], None]
) -> None:
    opal.goto(f"{live_server.url}/dev/mail/")
    opal.get_by_label("Address, reference or words of the subject").fill("olive@people.example")
    opal.keyboard.press("Enter")
    opal.get_by_role("link", name="Revoked: port 25 is blocked again").click()
    frame = opal.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Revoked: port 25 is blocked again")).to_be_visible()
    expect(frame.get_by_role("link", name="Read the clause")).to_have_attribute("target", "_blank")
    assert_accessible()
