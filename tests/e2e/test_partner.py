"""The partner's room in a browser: asking on behalf, by keyboard, in two tabs, every page for everybody."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.actions import partner, reviewer
from cases.details import Checked
from cases.models import Case, State
from subscriptions.models import Address
from tests.e2e.rooms import WIDE_WORD
from tests.e2e.steps import button, fill_in, give_word, heading, link
from tests.world import (
    AFTER,
    CSP,
    DECLINED,
    DETAILS,
    World,
)

SignIn = Callable[[str], None]
CHANGE = "A mail that our relay refuses."
REASON = "Our relay carries this: ask us for an account."


def fill_in_on_behalf(page: Page) -> None:
    """The form of the request, with the partner's own word."""
    fill_in(page)
    give_word(page)


@pytest.fixture
def enter(page: Page, live_server: LiveServer, sign_in: SignIn) -> Callable[..., None]:
    """Opens a page of the partner's room as Petra, an owner of Northwind."""

    def go(path: str = "", *, who: str = "petra") -> None:
        sign_in(who)
        page.goto(f"{live_server.url}/partner/{path}")

    return go


def test_the_partner_asks_on_behalf_and_answers_the_question(
    page: Page, live_world: World, enter: Callable[..., None]
) -> None:
    subscription = live_world.subscription(CSP, name="Mail out")
    Address.objects.create(subscription=subscription, address="203.0.113.7", held_from=AFTER)
    enter()
    link(page, "Ask for Mail out").click()
    expect(heading(page, "Ask on behalf of Contoso")).to_be_visible()
    fill_in_on_behalf(page)
    page.get_by_label("203.0.113.7").check()
    button(page, "Check your answers").click()
    button(page, "Change on a busy day").click()
    page.get_by_label("How many messages on a busy day?").fill("5,000")
    expect(page.get_by_label(Checked.IDENTITY.label)).to_be_checked()
    button(page, "Check your answers").click()
    expect(page.get_by_text("5,000 messages")).to_be_visible()
    button(page, "Send request").click()
    expect(heading(page, "The request is sent")).to_be_visible()
    expect(page.get_by_text("Decision by")).to_be_visible()

    case = Case.objects.get()
    reviewer.ask(case.reference, by=live_world.actor("rita"), text="Who reads the abuse mailbox?")
    link(page, "Back to what waits").click()
    link(page, "Answer the question").click()
    page.get_by_label("Your answer").fill("Two people, every day.")
    button(page, "Send answer").click()
    expect(page.get_by_text("Your answer is sent.")).to_be_visible()
    expect(heading(page, "With our review team")).to_be_visible()


def test_no_keystroke_is_lost(page: Page, live_world: World, enter: Callable[..., None]) -> None:
    subscription = live_world.subscription(CSP)
    ask = f"subscription/{subscription.pk}/ask/"
    enter(ask)
    fill_in_on_behalf(page)
    page.get_by_label("What should we know beside that?").fill("Known since 2019.")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    button(page, "Check your answers").click()
    expect(button(page, "Sign in")).to_be_visible()
    enter(ask)
    expect(page.get_by_label("Why does this deployment have to send directly")).to_have_value(
        DETAILS.why_direct
    )
    expect(page.get_by_label("What should we know beside that?")).to_have_value("Known since 2019.")
    expect(page.get_by_label("Transactional: receipts, resets, alerts")).to_be_checked()
    button(page, "Check your answers").click()
    button(page, "Send request").click()
    expect(heading(page, "The request is sent")).to_be_visible()
    page.wait_for_function("Object.keys(localStorage).length === 0")


def test_two_tabs_and_the_way_back_make_one_case(
    page: Page, live_world: World, enter: Callable[..., None]
) -> None:
    subscription = live_world.subscription(CSP)
    enter(f"subscription/{subscription.pk}/ask/")
    other = page.context.new_page()
    other.goto(page.url)
    for tab in (page, other):
        tab.bring_to_front()  # a tab behind another takes its time
        fill_in_on_behalf(tab)
        button(tab, "Check your answers").click()
    button(page, "Send request").click()
    expect(heading(page, "The request is sent")).to_be_visible()
    button(other, "Send request").click()
    expect(heading(other, "This was not sent")).to_be_visible()
    expect(other.get_by_text(DETAILS.why_direct)).to_be_visible()
    page.go_back()
    button(page, "Send request").click()
    expect(heading(page, "The request is sent")).to_be_visible()
    assert Case.objects.count() == 1


def test_the_list_follows_what_is_typed(page: Page, live_world: World, enter: Callable[..., None]) -> None:
    case = live_world.submitted(live_world.subscription(CSP, name="Alpha shop"))
    live_world.subscription(CSP, name="Beta shop", customer=live_world.fabrikam)
    enter("subscriptions/")
    words = page.get_by_label("Name, customer, subscription ID or case")
    words.press_sequentially("fabri")
    expect(link(page, "Alpha shop")).to_be_hidden()
    expect(page.get_by_role("status").get_by_text("1 found")).to_be_attached()
    expect(words).to_be_focused()
    words.fill("nobody's")
    expect(heading(page, "Nothing found")).to_be_visible()
    words.fill("")
    page.get_by_role("combobox", name="Customer").select_option("Contoso")
    expect(link(page, "Beta shop")).to_be_hidden()
    expect(link(page, "Alpha shop")).to_be_visible()
    words.fill(case.reference.lower())
    expect(heading(page, "Your customer waits for you")).to_be_visible()


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_it_works_without_scripts(page: Page, live_world: World, enter: Callable[..., None]) -> None:
    live_world.case_in(State.WITH_PARTNER)
    enter()
    page.get_by_label("Name, customer, subscription ID or case").fill("contoso")
    button(page, "Search").click()
    link(page, "UB-").click()
    give_word(page)
    button(page, "Vouch and pass it on").click()
    expect(heading(page, "With our review team")).to_be_visible()


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(60):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {target}")


def test_vouching_by_keyboard_alone(page: Page, live_world: World, enter: Callable[..., None]) -> None:
    live_world.case_in(State.WITH_PARTNER)
    enter()
    tab_to(page, link(page, "Vouch or decline"))
    page.keyboard.press("Enter")
    for point in Checked.labels:
        tab_to(page, page.get_by_label(point))
        page.keyboard.press("Space")
    tab_to(page, button(page, "Vouch and pass it on"))
    page.keyboard.press("Enter")
    expect(heading(page, "With our review team")).to_be_visible()


def test_declining_by_keyboard_alone(page: Page, live_world: World, enter: Callable[..., None]) -> None:
    case = live_world.case_in(State.WITH_PARTNER)
    enter(f"{case.reference}/")
    tab_to(page, page.locator("summary", has_text="Decline instead"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Why you decline"))
    page.keyboard.type(REASON)
    tab_to(page, page.get_by_label("What would change it"))
    page.keyboard.type(CHANGE)
    tab_to(page, button(page, "Preview the notice"))
    page.keyboard.press("Enter")
    tab_to(page, button(page, "Decline and notify"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("You declined, and Contoso was told why.")).to_be_visible()


def test_errors_lead_to_their_fields(
    page: Page, live_world: World, enter: Callable[..., None], assert_accessible: Callable[[], None]
) -> None:
    case = live_world.case_in(State.WITH_PARTNER)
    enter(f"{case.reference}/")
    page.get_by_label(Checked.IDENTITY.label).check()
    button(page, "Vouch and pass it on").click()
    link(page, "What you checked: Confirm each of the points").click()
    expect(page.get_by_label(Checked.IDENTITY.label)).to_be_focused()
    expect(page.get_by_label(Checked.IDENTITY.label)).to_be_checked()
    assert_accessible()


def test_axe_finds_nothing_while_answers_are_checked_and_declines_are_seen(
    page: Page, live_world: World, enter: Callable[..., None], assert_accessible: Callable[[], None]
) -> None:
    subscription = live_world.subscription(CSP, name=WIDE_WORD)
    enter(f"subscription/{subscription.pk}/ask/")
    button(page, "Check your answers").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible()
    fill_in_on_behalf(page)
    page.get_by_label("What should we know beside that?").fill(WIDE_WORD * 3)
    button(page, "Check your answers").click()
    expect(heading(page, "Check your answers")).to_be_visible()
    assert_accessible()
    partner.decline(live_world.submitted(subscription).reference, DECLINED, by=live_world.actor("petra"))
    live_world.submitted(subscription)
    button(page, "Send request").click()
    expect(heading(page, "This was not sent")).to_be_visible()
    assert_accessible()
    link(page, "Open case").click()
    page.get_by_text("Decline instead").click()
    page.get_by_label("Why you decline").fill(WIDE_WORD * 3)
    page.get_by_label("What would change it").fill(WIDE_WORD * 3)
    button(page, "Preview the notice").click()
    expect(heading(page, "What Contoso will read")).to_be_visible()
    assert_accessible()
