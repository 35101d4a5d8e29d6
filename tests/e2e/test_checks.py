"""What the desk sees of the checks, in a browser: signals, a round that runs and ends, linked entities."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.actions import reviewer
from cases.actions.checks import end_round
from cases.actors import SYSTEM
from cases.models import Case, CaseTrait, CheckRound, TraitKind
from tests.cases.views.checking import ended, quiet, running
from tests.world import DENIAL, World

SignIn = Callable[[str], None]
WIDE_WORD = "a-fingerprint-without-any-place-to-break-" * 5


@pytest.fixture
def at(page: Page, live_server: LiveServer, sign_in: SignIn) -> Callable[[str], None]:
    """Opens a page of the room as Rita, a reviewer."""

    def go(path: str) -> None:
        sign_in("rita")
        page.goto(f"{live_server.url}/review/{path}")

    return go


def ring(world: World, size: int = 5) -> list[Case]:
    """Cases that share a card, a phone and a domain; the first one was denied."""
    cases = [ended(world.submitted()) for _ in range(size)]
    shared = [
        (TraitKind.PAYMENT, "fp_shared"),
        (TraitKind.PHONE, "+442079460018"),
        (TraitKind.CONTACT, WIDE_WORD),
    ]
    CaseTrait.objects.bulk_create(
        CaseTrait(case=case, kind=kind, value=value) for case in cases for kind, value in shared
    )
    reviewer.deny(cases[0].reference, DENIAL, by=world.actor("remy"))
    return cases


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


def test_every_page_is_for_everybody(
    page: Page, live_world: World, at: Callable[[str], None], assert_accessible: Callable[[], None]
) -> None:
    case = ring(live_world)[1]
    ended(case, lambda slug: None if slug == "velocity" else quiet(slug))
    under_way = live_world.submitted()
    running(under_way)
    for path in (
        f"{case.reference}/",
        f"{under_way.reference}/",
        "linked/payment/fp_shared/",
        f"linked/contact/{WIDE_WORD}/",
        "linked/domain/nobody.example/",
        "?state=",
    ):
        at(path)
        assert_accessible()
