"""The reviewers' room in a browser: by its keys, with somebody else at the same case, every page for everybody."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.actions import conversation, reviewer
from cases.models import Case, Decision, State
from subscriptions.models import Address, Subscription
from tests.e2e.rooms import LONG, WIDE_WORD
from tests.world import AFTER, APPROVAL, CSP, FREE_TRIAL, UNHEARD_OF, World

SignIn = Callable[[str], None]


@pytest.fixture
def at(page: Page, live_server: LiveServer) -> Callable[[str], None]:
    """Opens a page of the room by its path."""

    def go(path: str) -> None:
        page.goto(f"{live_server.url}/review/{path}")

    return go


def _state(case: Case) -> str:
    return str(Case.objects.get(pk=case.pk).state)


def test_denied_in_four_keystrokes(
    page: Page, live_world: World, sign_in: SignIn, at: Callable[[str], None]
) -> None:
    live_world.submitted()
    second = live_world.submitted()
    sign_in("rita")
    at("")
    page.keyboard.press("j")
    page.keyboard.press("j")
    for key in ("Enter", "d", "1", "Control+Enter"):
        page.keyboard.press(key)
        if key == "Enter":
            page.wait_for_url(f"**/{second.reference}/")
    expect(page.get_by_role("status")).to_contain_text("Denied.")
    assert _state(second) == State.DENIED
    assert Decision.objects.get(case=second, verb="deny").reasons == ["relay_would_do"]


def test_what_speaks_against_it_is_answered_and_an_error_goes_once_it_is_mended(
    page: Page, live_world: World, sign_in: SignIn, at: Callable[[str], None]
) -> None:
    case = live_world.checked(live_world.submitted())
    sign_in("rita")
    at(f"{case.reference}/")
    for key in ("d", "Control+Enter"):
        page.keyboard.press(key)
    missing = page.get_by_text("Choose at least one reason")
    expect(missing).to_have_count(2)
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one reason")
    expect(missing.last).to_be_in_viewport()
    page.keyboard.press("1")
    expect(missing).to_have_count(0)
    page.get_by_role("radio", name="Approve").check()
    form = page.get_by_role("form", name="Approve")
    form.get_by_label("Direct sending is needed").check()
    expect(form.get_by_role("region")).to_contain_text("Say for the desk why it is approved all the same")
    form.get_by_label("Private note").fill("Known to us.")
    expect(form.get_by_role("region")).to_contain_text("Approved: port 25 is open for")
    expect(form.get_by_role("article")).to_be_in_viewport()


def test_every_key(page: Page, live_world: World, sign_in: SignIn, at: Callable[[str], None]) -> None:
    first, second = live_world.submitted(), live_world.submitted()
    sign_in("rita")
    at("")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("jn?")  # in a field, keys only type
    expect(page.get_by_role("searchbox")).to_have_value("jn?")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=first.reference)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.get_by_role("link", name=first.reference)).to_be_focused()
    page.keyboard.press("n")
    page.wait_for_url(f"**/{first.reference}/")
    page.keyboard.press("n")
    page.wait_for_url(f"**/{second.reference}/")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("q")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("aha?")
    expect(page.get_by_role("radio", name="Ask")).to_be_checked()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    page.keyboard.type("Look at their domains.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Your note is kept")
    page.keyboard.press("b")
    page.wait_for_url("**/review/")


def test_keys_can_be_turned_off(
    page: Page, live_world: World, sign_in: SignIn, at: Callable[[str], None]
) -> None:
    live_world.submitted()
    sign_in("rita")
    at("")
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("button", name="Single keys are on").click()
    page.get_by_role("button", name="Close").click()
    at("")
    page.keyboard.press("j")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="In review")).to_be_visible()
    expect(page.locator("[data-row-link]")).not_to_be_focused()
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("button", name="Single keys are off").click()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(page.locator("[data-row-link]")).to_be_focused()


def test_who_comes_second_is_told_and_keeps_their_words(
    page: Page, live_world: World, sign_in: SignIn, at: Callable[[str], None]
) -> None:
    case = live_world.checked(live_world.submitted())
    sign_in("remy")
    at(f"{case.reference}/")
    page.get_by_role("radio", name="Deny").check()
    form = page.get_by_role("form", name="Deny")
    form.get_by_label("An authenticated relay does what you need").check()
    form.get_by_label("To the customer").fill("Your volume fits a relay.")
    reviewer.approve(case.reference, APPROVAL, by=live_world.actor("rita"))
    with page.expect_response(lambda response: response.url.endswith("/decide/")) as answered:
        form.get_by_role("button", name="Deny and notify").click()
    assert answered.value.status == 409
    told = page.get_by_role("alert")
    expect(told).to_be_focused()
    expect(told).to_contain_text("Approved by Rita")
    expect(told).to_contain_text("Direct sending is needed")
    expect(told).to_contain_text("Your volume fits a relay.")
    assert _state(case) == State.APPROVED


def test_what_the_customer_wrote_meanwhile_is_read_before_the_decision(
    page: Page, live_world: World, sign_in: SignIn, at: Callable[[str], None]
) -> None:
    case = live_world.submitted()
    sign_in("remy")
    at(f"{case.reference}/")
    page.get_by_role("radio", name="Deny").check()
    form = page.get_by_role("form", name="Deny")
    form.get_by_label("We could not understand the purpose").check()
    form.get_by_label("To the customer").fill("What for?")
    conversation.send_message(case.reference, by=live_world.actor("olive"), text="It is for receipts.")
    form.get_by_role("button", name="Deny and notify").click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text("It is for receipts.")
    expect(form.get_by_label("To the customer")).to_have_value("What for?")
    expect(form.get_by_label("We could not understand the purpose")).to_be_checked()
    form.get_by_role("button", name="Deny and notify").click()
    expect(page.get_by_role("status")).to_contain_text("Denied.")


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_it_works_without_scripts(
    page: Page, live_world: World, sign_in: SignIn, at: Callable[[str], None]
) -> None:
    case = live_world.submitted()
    sign_in("rita")
    at("")
    page.get_by_label("Outcome").select_option("Never")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("heading", name="No case fits these filters")).to_be_visible()
    page.get_by_role("searchbox").fill(case.reference.lower().replace("-", " "))
    page.get_by_role("button", name="Search").click()
    form = page.get_by_role("form", name="Deny")
    page.get_by_role("radio", name="Deny").check()
    form.get_by_label("An authenticated relay does what you need").check()
    form.get_by_label("To the customer").fill("Use the relay.")
    form.get_by_role("button", name="Preview the notice").click()
    expect(page.get_by_role("article", name=f"Notice {case.reference}")).to_contain_text("Use the relay.")
    form.get_by_role("button", name="Deny and notify").click()
    expect(page.get_by_role("status")).to_contain_text("Denied.")
    assert _state(case) == State.DENIED


def test_the_queue_shows_25_rows_without_scrolling(
    page: Page, live_world: World, sign_in: SignIn, at: Callable[[str], None]
) -> None:
    for _ in range(26):
        live_world.submitted()
    sign_in("rita")
    page.set_viewport_size({"width": 1280, "height": 800})
    at("")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(25)
    expect(rows.last).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="More").click()
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="Back").click()
    expect(rows).to_have_count(25)


def test_axe_finds_nothing_while_one_decides(
    page: Page,
    live_server: LiveServer,
    live_world: World,
    sign_in: SignIn,
    at: Callable[[str], None],
    assert_accessible: Callable[[], None],
) -> None:
    subscription = live_world.subscription(CSP, name=LONG)
    Address.objects.create(subscription=subscription, address="203.0.113.7", held_from=AFTER)
    vouched = live_world.submitted_by_partner(subscription)
    conversation.write_note(vouched.reference, by=live_world.actor("rita"), text=WIDE_WORD)
    unclear = live_world.submitted(live_world.subscription(UNHEARD_OF, name=WIDE_WORD))
    Subscription.objects.filter(pk=unclear.subscription_id).update(offer_id=FREE_TRIAL)
    sign_in("sena")
    for case, verb in ((unclear, "Ask"), (vouched, "Approve")):
        live_world.checked(case)
        at(f"{case.reference}/")
        page.get_by_role("radio", name=verb).check()
        expect(page.get_by_role("form", name=verb)).to_be_visible()
        assert_accessible()
    page.get_by_role("radio", name="Deny").check()
    form = page.get_by_role("form", name="Deny")
    form.get_by_label("An authenticated relay does what you need").check()
    without_scripts = form.get_by_role("button", name="Preview the notice", include_hidden=True)
    without_scripts.dispatch_event("click")
    page.wait_for_url("**/preview/")
    expect(page.get_by_role("article", name=f"Notice {vouched.reference}")).to_be_visible()
    assert_accessible()
    at("")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    assert_accessible()


def test_the_decision_is_always_in_sight(
    page: Page, live_world: World, sign_in: SignIn, at: Callable[[str], None]
) -> None:
    case, olive = live_world.submitted(), live_world.actor("olive")
    for number in range(20):  # as many as one person may write within an hour
        conversation.send_message(case.reference, by=olive, text=f"Message {number}. " * 20)
    sign_in("rita")
    page.set_viewport_size({"width": 1280, "height": 800})
    at(f"{case.reference}/")
    page.keyboard.press("d")
    button = page.get_by_role("button", name="Deny and notify")
    expect(button).to_be_in_viewport(ratio=1)
    page.get_by_text("Message 0.").scroll_into_view_if_needed()
    expect(button).to_be_in_viewport(ratio=1)
    page.get_by_text("How this was decided").click()
    expect(button).to_be_in_viewport(ratio=1)
