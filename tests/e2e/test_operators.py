"""The operator's pages in a browser: the admin and the kept mail."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Case, State
from outbox.relay import deliver_next
from tests.e2e.pages import OPERATORS
from tests.world import World


@pytest.fixture
def opal(page: Page, live_world: World, sign_in: Callable[[str], None]) -> Page:
    """The operator's browser, signed in; a case was revoked, and its mail is kept."""
    live_world.case_in(State.REVOKED)
    while deliver_next():
        pass
    sign_in("opal")
    return page


def test_the_browser_refuses_nothing(opal: Page, live_server: LiveServer, live_world: World) -> None:
    """The admin works under the product's Content-Security-Policy: the page fixture counts what is refused."""
    for visits in OPERATORS.values():
        for _, path in visits(live_world):
            opal.goto(live_server.url + path)
            expect(opal.get_by_role("heading", level=1)).to_be_visible()


def test_a_cases_record(opal: Page, live_server: LiveServer) -> None:
    opal.goto(f"{live_server.url}/admin/cases/case/{Case.objects.get().pk}/change/")
    events = opal.get_by_role("region", name="Case events")
    expect(events.get_by_role("row")).to_have_count(7)
    expect(opal.get_by_role("button", name="Save")).to_have_count(0)


def test_the_theme_is_the_products_own(opal: Page, live_server: LiveServer) -> None:
    opal.goto(f"{live_server.url}/admin/")
    opal.get_by_role("button", name="Dark").click()
    expect(opal.locator("html")).to_have_css("color-scheme", "dark")


def test_a_mail_is_found_and_read(opal: Page, live_server: LiveServer) -> None:
    opal.goto(f"{live_server.url}/dev/mail/")
    opal.get_by_label("Address, reference or words of the subject").fill("olive@people.example")
    opal.keyboard.press("Enter")
    opal.get_by_role("link", name="Revoked: port 25 is blocked again").click()
    frame = opal.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Revoked: port 25 is blocked again")).to_be_visible()
    expect(frame.get_by_role("link", name="Read the clause")).to_have_attribute("target", "_blank")
