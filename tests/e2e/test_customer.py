"""The customer's room in a browser: by keyboard, in two tabs, without loss, every page for everybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Case
from subscriptions.models import Subscription
from tests.e2e.rooms import asks
from tests.e2e.steps import fill_in, heading
from tests.world import DETAILS, World

SignIn = Callable[[str], None]


@pytest.fixture
def home(page: Page, live_server: LiveServer, sign_in: SignIn) -> Callable[[], None]:
    """Opens ``/requests/`` as Olive, the owner of Contoso."""

    def enter() -> None:
        sign_in("olive")
        page.goto(f"{live_server.url}/requests/")

    return enter


def test_it_is_asked_by_keyboard_alone(page: Page, live_world: World, home: Callable[[], None]) -> None:
    live_world.subscription(name="Mail out")
    home()
    enter(page, "Ask to lift the block for Mail out", "Ask to lift the block")
    for label, typed in (
        ("Why does this deployment", DETAILS.why_direct),
        ("Transactional", " "),
        ("How many messages", "4000"),
        ("Which domains", "shop.example"),
        ("Which mailbox", "abuse@shop.example"),
        ("We send only mail", " "),
    ):
        tab_to(page, label)
        page.keyboard.type(typed)
    enter(page, "Check your answers", "Check your answers")
    enter(page, "Send request", "We have your request")
    enter(page, "Follow the case", "Mail out")
    tab_to(page, "Withdraw this request")
    page.keyboard.press("Enter")
    enter(page, "Withdraw the request", "The request was withdrawn")


FOCUSED = """() => {
  const at = document.activeElement;
  const labels = [...(at.labels ?? [])].map(label => label.textContent);
  return [...labels, at.textContent].join(" ").replace(/\\s+/g, " ").trim();
}"""


def tab_to(page: Page, words: str) -> None:
    """Press the tab key until what has the focus begins with these words."""
    for _ in range(60):
        if page.evaluate(FOCUSED).startswith(words):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{words!r} cannot be reached by the tab key")


def enter(page: Page, words: str, then: str) -> None:
    """Tab to a link or a button, press Enter, and wait for the page that it leads to."""
    tab_to(page, words)
    page.keyboard.press("Enter")
    expect(heading(page, then).first).to_be_visible()


def test_nothing_typed_is_lost_until_it_is_sent(
    page: Page, live_world: World, home: Callable[[], None]
) -> None:
    subscription = live_world.subscription(name="Mail out")
    home()
    page.get_by_role("link", name="Ask to lift the block for Mail out").click()
    fill_in(page)
    page.get_by_label("Which domains do you send from?").fill("no domain")
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_role("alert")).to_contain_text("“no” is no domain name")
    page.goto(page.url)
    expect(page.get_by_label("Transactional: receipts")).to_be_checked()
    expect(page.get_by_label("We send only mail")).to_be_checked()
    expect(page.get_by_label("Which domains")).to_have_value("no domain")
    page.get_by_label("Which domains").fill("shop.example")
    live_world.submitted(subscription, by="conrad")
    page.get_by_role("button", name="Check your answers").click()
    expect(heading(page, "Somebody was first")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Why does this deployment")).to_have_value(DETAILS.why_direct)


def test_what_is_sent_is_forgotten_by_the_browser(
    page: Page, live_world: World, home: Callable[[], None]
) -> None:
    live_world.subscription(name="Mail out")
    home()
    page.get_by_role("link", name="Ask to lift the block for Mail out").click()
    fill_in(page)
    page.get_by_role("button", name="Check your answers").click()
    expect(heading(page, "Check your answers")).to_be_visible()
    assert page.evaluate("localStorage.length") > 0
    page.get_by_role("button", name="Send request").click()
    expect(heading(page, "We have your request")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0


def test_two_tabs_make_one_case(page: Page, live_world: World, home: Callable[[], None]) -> None:
    live_world.subscription(name="Mail out")
    home()
    page.get_by_role("link", name="Ask to lift the block for Mail out").click()
    expect(page.get_by_label("Why does this deployment")).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    for tab in (page, other):
        tab.bring_to_front()  # a tab behind another takes its time
        fill_in(tab)
        tab.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Send request").click()
    expect(heading(page, "We have your request")).to_be_visible()
    other.get_by_role("button", name="Send request").click()
    reference = Case.objects.get().reference
    other.get_by_role("link", name=f"Open {reference}").click()
    expect(heading(other, "With our review team")).to_be_visible()


def test_axe_finds_nothing_on_what_answers_a_post(
    page: Page,
    live_server: LiveServer,
    live_world: World,
    sign_in: SignIn,
    assert_accessible: Callable[[], None],
) -> None:
    sign_in("olive")
    page.goto(f"{live_server.url}/requests/subscription/{asks(live_world).pk}/ask/")
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible()
    fill_in(page)
    page.get_by_role("button", name="Check your answers").click()
    expect(heading(page, "Check your answers")).to_be_visible()
    assert_accessible()
    live_world.submitted(Subscription.objects.get(), by="conrad")
    page.get_by_role("button", name="Send request").click()
    expect(heading(page, "Somebody was first")).to_be_visible()
    assert_accessible()
