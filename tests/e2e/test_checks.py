"""What the desk sees of the checks, in a browser: signals, a round that runs and ends, linked entities."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.actions.checks import end_round
from cases.actors import SYSTEM
from cases.models import CheckRound
from tests.cases.views.checking import ended, running
from tests.world import World

SignIn = Callable[[str], None]


@pytest.fixture
def at(page: Page, live_server: LiveServer, sign_in: SignIn) -> Callable[[str], None]:
    """Opens a page of the room as Rita, a reviewer."""

    def go(path: str) -> None:
        sign_in("rita")
        page.goto(f"{live_server.url}/review/{path}")

    return go


def test_a_round_that_runs_refreshes_itself_until_it_ends(
    page: Page, live_world: World, at: Callable[[str], None]
) -> None:
    case = live_world.submitted()
    running(case)
    at(f"{case.reference}/")
    checks = page.get_by_role("region", name="Checks", exact=True)
    expect(checks.get_by_role("progressbar", name="The checks run")).to_be_visible()
    expect(page.get_by_role("radio", name="Approve")).to_have_count(0)
    end_round(case.reference, by=SYSTEM)
    expect(checks.get_by_text("The checks have ended.")).to_be_visible(timeout=10_000)
    checks.get_by_role("link", name="Load the page again to decide by them").click()
    expect(page.get_by_role("radio", name="Approve")).to_be_visible()


def test_checks_are_run_again_and_the_way_to_a_linked_entity(
    page: Page, live_world: World, at: Callable[[str], None]
) -> None:
    case = ended(live_world.submitted())
    at(f"{case.reference}/")
    page.get_by_role("button", name="Run the checks again").click()
    expect(page.get_by_role("status")).to_contain_text("The checks run again.")
    assert CheckRound.objects.filter(case=case).count() == 2
    page.get_by_text("Round 1, now").click()
    page.get_by_role("link", name="Every signal of round 1").click()
    expect(page.get_by_role("heading", name="Round 1 of its checks")).to_be_visible()
    page.get_by_role("link", name="Cases with this domain shop.example").first.click()
    expect(page.get_by_role("heading", name="shop.example", level=1)).to_be_visible()
    page.get_by_role("table", name="Cases that came with it").get_by_role("link", name=case.reference).click()
    expect(page.get_by_role("region", name="Checks", exact=True)).to_be_visible()
