"""The customer's room in a browser: each flow by its accessible names, every page for everybody."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.actions import reviewer
from cases.actions.conversation import send_message
from cases.models import Case, State
from cases.reference import parse_reference
from subscriptions.models import Address, Subscription
from tests.world import (
    AFTER,
    CSP,
    DETAILS,
    ENTERPRISE,
    FREE_TRIAL,
    UNHEARD_OF,
    World,
)

SignIn = Callable[[str], None]
BLOCKED = "Outbound port 25 is blocked for this subscription"
LONG = "Contoso web shop production for Northern Europe, staging and all of its satellites " * 2
WIDE_WORD = "a-name-without-any-place-to-break-" * 5


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name)


def fill_in(page: Page) -> None:
    """The form of the request, as one fills it in."""
    page.get_by_label("Why does this deployment have to send directly").fill(DETAILS.why_direct)
    page.get_by_label("Transactional: receipts, resets, alerts").check()
    page.get_by_label("How many messages on a busy day?").fill("4,000")
    page.get_by_label("Which domains do you send from?").fill("shop.example")
    page.get_by_label("Which mailbox do people read for abuse reports?").fill("abuse@shop.example")
    page.get_by_label("We send only mail that its readers asked for").check()


@pytest.fixture
def home(page: Page, live_server: LiveServer, sign_in: SignIn) -> Callable[[], None]:
    """Opens ``/requests/`` as Olive, the owner of Contoso."""

    def enter() -> None:
        sign_in("olive")
        page.goto(f"{live_server.url}/requests/")

    return enter


def test_one_asks_checks_sends_and_follows(page: Page, live_world: World, home: Callable[[], None]) -> None:
    subscription = live_world.subscription(name="Mail out")
    live_world.subscription(name="The other shop")
    Address.objects.create(subscription=subscription, address="203.0.113.7", held_from=AFTER)
    home()
    page.get_by_role("link", name="Ask to lift the block for Mail out").click()
    fill_in(page)
    page.get_by_label("203.0.113.7").check()
    page.get_by_role("button", name="Check your answers").click()
    expect(heading(page, "Check your answers")).to_be_visible()
    page.get_by_role("button", name="Change on a busy day").click()
    page.get_by_label("How many messages on a busy day?").fill("5,000")
    expect(page.get_by_label("203.0.113.7")).to_be_checked()
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_text("5,000 messages")).to_be_visible()
    page.get_by_role("button", name="Send request").click()
    expect(heading(page, "We have your request")).to_be_visible()
    reference = page.locator(".big-reference code").inner_text()
    assert parse_reference(reference) == reference
    expect(heading(page, "With our review team")).to_be_visible()
    page.get_by_role("link", name="Follow the case").click()
    expect(page.get_by_text(DETAILS.why_direct)).to_be_visible()
    expect(page.get_by_text("Decision by")).to_be_visible()
    page.get_by_role("link", name="My subscriptions").first.click()
    expect(page.get_by_role("link", name="See the request for Mail out")).to_be_visible()
    expect(page.get_by_role("link", name="Ask to lift the block for The other shop")).to_be_visible()


def test_an_exemption_is_shown_and_the_other_subscription_is_still_blocked(
    page: Page, live_world: World, home: Callable[[], None]
) -> None:
    case = live_world.case_in(State.APPROVED)
    other = live_world.subscription(name="The other shop")
    home()
    page.get_by_role("link", name=case.subscription.name).first.click()
    expect(heading(page, "Outbound port 25 is open for this subscription")).to_be_visible()
    page.get_by_role("link", name="My subscriptions").first.click()
    page.get_by_role("link", name=other.name, exact=True).click()
    expect(heading(page, BLOCKED)).to_be_visible()


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


def test_a_free_trial_is_rejected_on_record(page: Page, live_world: World, home: Callable[[], None]) -> None:
    live_world.subscription(FREE_TRIAL, name="Trial")
    home()
    page.get_by_role("link", name="Trial", exact=True).click()
    expect(heading(page, "Send through a relay")).to_be_visible()
    page.get_by_label("Is something wrong about the data?").fill("It is Pay-As-You-Go since last week.")
    page.get_by_role("button", name="Put the rejection on record").click()
    expect(heading(page, "The rejection is on record")).to_be_visible()
    expect(page.get_by_text("A person looks at what you say about the data.")).to_be_visible()
    expect(heading(page, "Rejected: port 25 stays blocked for Trial")).to_be_visible()
    page.get_by_role("link", name="Follow the case").click()
    expect(heading(page, "Rejected by the policy, and on record")).to_be_visible()
    expect(page.get_by_text("It is Pay-As-You-Go since last week.")).to_be_visible()


def test_an_enterprise_agreement_needs_nothing(
    page: Page, live_world: World, home: Callable[[], None]
) -> None:
    live_world.subscription(ENTERPRISE, name="Headquarters")
    home()
    expect(page.get_by_text("Nothing to do")).to_be_visible()
    page.get_by_role("link", name="Headquarters").click()
    expect(heading(page, "Outbound port 25 is not blocked for this subscription")).to_be_visible()
    expect(heading(page, "Not blocked does not mean delivered")).to_be_visible()
    expect(page.get_by_role("link", name="Ask")).to_have_count(0)


def test_a_request_is_withdrawn_after_a_second_look(
    page: Page, live_server: LiveServer, live_world: World, sign_in: SignIn
) -> None:
    case = live_world.case_in(State.IN_REVIEW)
    sign_in("olive")
    page.goto(f"{live_server.url}/requests/{case.reference}/")
    expect(page.get_by_role("button", name="Withdraw the request")).to_be_hidden()
    page.get_by_text("Withdraw this request").click()
    page.get_by_role("button", name="Withdraw the request").click()
    expect(heading(page, "The request was withdrawn")).to_be_visible()
    expect(page.get_by_text("Withdraw this request")).to_have_count(0)


def test_a_question_is_answered_and_the_draft_outlives_a_reload(
    page: Page, live_world: World, home: Callable[[], None]
) -> None:
    live_world.case_in(State.AWAITING_ANSWER)
    home()
    page.get_by_role("link", name="Answer the question about").click()
    page.get_by_label("Your answer").fill("To those who bought.")
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("To those who bought.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("Your answer is sent.")).to_be_visible()
    expect(heading(page, "With our review team")).to_be_visible()
    reviewer.ask(Case.objects.get().reference, by=live_world.actor("rita"), text="And how many?")
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("")


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
        fill_in(tab)
        tab.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Send request").click()
    expect(heading(page, "We have your request")).to_be_visible()
    other.get_by_role("button", name="Send request").click()
    reference = Case.objects.get().reference
    other.get_by_role("link", name=f"Open {reference}").click()
    expect(heading(other, "With our review team")).to_be_visible()


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_all_of_it_works_without_scripts(page: Page, live_world: World, home: Callable[[], None]) -> None:
    live_world.subscription(name="Mail out")
    home()
    page.get_by_role("link", name="Ask to lift the block for Mail out").click()
    fill_in(page)
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Change kind of mail").click()
    page.get_by_label("Mailing lists that people joined").check()
    page.get_by_role("button", name="Check your answers").click()
    page.get_by_role("button", name="Send request").click()
    page.get_by_role("link", name="Follow the case").click()
    page.get_by_label("Your message").fill("One thing more.")
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_text("One thing more.")).to_be_visible()
    page.get_by_text("Withdraw this request").click()
    page.get_by_role("button", name="Withdraw the request").click()
    expect(heading(page, "The request was withdrawn")).to_be_visible()


def subscription_in(world: World, offer: str) -> str:
    subscription = world.subscription(offer, name=WIDE_WORD)
    return f"/requests/subscription/{subscription.pk}/"


def full_home(world: World) -> str:
    for offer in ("MS-AZR-0003P", FREE_TRIAL, CSP, UNHEARD_OF, ENTERPRISE):
        world.subscription(offer, name=LONG)
    for state in (State.APPROVED, State.SUSPENDED, State.AWAITING_ANSWER, State.IN_REVIEW):
        world.case_in(state)
    world.subscription(name=WIDE_WORD)
    return "/requests/"


def ask_page(world: World) -> str:
    subscription = world.subscription(name=WIDE_WORD)
    Address.objects.create(subscription=subscription, address="203.0.113.7", held_from=AFTER)
    return f"/requests/subscription/{subscription.pk}/ask/"


def talked_over(world: World) -> str:
    case = world.case_in(State.AWAITING_ANSWER)
    Subscription.objects.filter(pk=case.subscription_id).update(name=LONG)
    send_message(case.reference, by=world.actor("olive"), text=f"{WIDE_WORD}\n{LONG}")
    return f"/requests/{case.reference}/"


def case_page(state: State, end: str = "") -> Callable[[World], str]:
    return lambda world: f"/requests/{world.case_in(state).reference}/{end}"


PAGES: dict[str, Callable[[World], str]] = {
    "home": full_home,
    "empty home": lambda world: "/requests/",
    "nothing found": lambda world: "/requests/?q=nowhere",
    "may ask": lambda world: subscription_in(world, "MS-AZR-0003P"),
    "never": lambda world: subscription_in(world, FREE_TRIAL),
    "via partner": lambda world: subscription_in(world, CSP),
    "cannot tell": lambda world: subscription_in(world, UNHEARD_OF),
    "not blocked": lambda world: subscription_in(world, ENTERPRISE),
    "exempt": lambda world: f"/requests/subscription/{world.case_in(State.APPROVED).subscription_id}/",
    "suspended": lambda world: f"/requests/subscription/{world.case_in(State.SUSPENDED).subscription_id}/",
    "the form": ask_page,
    "a long case": talked_over,
    "a revoked case": case_page(State.REVOKED),
    "a withdrawn case": case_page(State.WITHDRAWN),
    "a declined case": case_page(State.DECLINED),
    "sent": case_page(State.IN_REVIEW, "sent/"),
    "sent to the partner": case_page(State.WITH_PARTNER, "sent/"),
    "rejected": case_page(State.REJECTED, "sent/"),
    "not there": lambda world: f"/requests/subscription/{uuid4()}/",
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    page: Page,
    live_server: LiveServer,
    live_world: World,
    sign_in: SignIn,
    assert_accessible: Callable[[], None],
    name: str,
) -> None:
    sign_in("olive")
    page.goto(live_server.url + PAGES[name](live_world))
    assert_accessible()


def test_axe_finds_nothing_on_what_answers_a_post(
    page: Page,
    live_server: LiveServer,
    live_world: World,
    sign_in: SignIn,
    assert_accessible: Callable[[], None],
) -> None:
    sign_in("olive")
    page.goto(live_server.url + ask_page(live_world))
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


def test_axe_finds_nothing_where_one_may_not_enter(
    page: Page,
    live_server: LiveServer,
    live_world: World,
    sign_in: SignIn,
    assert_accessible: Callable[[], None],
) -> None:
    sign_in("nora")
    page.goto(f"{live_server.url}/requests/")
    expect(heading(page, "These pages are for others")).to_be_visible()
    assert_accessible()
