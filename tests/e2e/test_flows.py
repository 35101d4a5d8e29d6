"""Each flow from its beginning to its end, by accessible names; whoever is in it signs in as themselves.

What the worker does meanwhile, the tests do: nobody waits for checks.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.models import Case, Decision, Exemption, State
from cases.reference import parse_reference
from subscriptions.models import Address, Subscription
from tests.cases.views.checking import ended, quiet
from tests.e2e.steps import button, fill_in, give_word, heading, link
from tests.world import AFTER, CSP, DETAILS, ENTERPRISE, FREE_TRIAL, World

OPEN = "Outbound port 25 is open for this subscription"
BLOCKED = "Outbound port 25 is blocked for this subscription"
ASK = "Ask to lift the block for Mail out"
CHANGE = "A mail that our relay refuses."
REASON = "Our relay carries this: ask us for an account."

Turn = Callable[[str, str], None]


@pytest.fixture
def turn_of(page: Page, live_server: LiveServer, sign_in: Callable[[str], None]) -> Turn:
    """Now it is somebody else's turn: they sign in and open a page."""

    def enter(name: str, path: str) -> None:
        sign_in(name)
        page.goto(live_server.url + path)

    return enter


def send(page: Page) -> None:
    """Fill the request in, look at it again and send it."""
    fill_in(page)
    button(page, "Check your answers").click()
    expect(heading(page, "Check your answers")).to_be_visible()
    button(page, "Send request").click()


def ask_the_partner(page: Page, turn_of: Turn, subscription: Subscription) -> None:
    """The customer of a reseller asks: it waits with the partner."""
    turn_of("olive", f"/requests/subscription/{subscription.pk}/")
    link(page, "Ask Northwind Cloud").click()
    send(page)
    expect(heading(page, "With Northwind Cloud")).to_be_visible()


def decide(page: Page, verb: str, reason: str, said: str, *, note: str = "") -> None:
    """Take a step on the case page, for a reason, with a note that stays with the desk."""
    form = page.get_by_role("form", name=verb)
    page.get_by_role("radio", name=verb).check()
    form.get_by_label(reason).check()
    form.get_by_label("Private note").fill(note)
    form.get_by_role("button", name=f"{verb} and notify").click()
    expect(page.get_by_role("status")).to_contain_text(said)


def approve_as_previewed(page: Page, reference: str) -> None:
    """What is stored with the decision is what was shown before it was taken."""
    page.get_by_role("radio", name="Approve").check()
    decision = page.get_by_role("form", name="Approve")
    decision.get_by_label("Direct sending is needed").check()
    decision.get_by_label("To the customer").fill("Welcome to the open side.")
    preview = decision.get_by_role("article", name=f"Notice {reference}")
    expect(preview).to_contain_text("Approved: port 25 is open for")
    expect(preview).to_contain_text("Welcome to the open side.")
    shown = preview.get_by_role("heading").all_inner_texts()
    button(page, "Approve and notify").click()
    expect(page.get_by_role("status")).to_contain_text("Approved. Contoso is told")
    page.get_by_text("Read the notice").click()
    stored = page.get_by_role("article", name=f"Notice {reference}")
    assert stored.get_by_role("heading").all_inner_texts() == shown


def test_asked_approved_exempt_and_the_other_subscription_is_still_blocked(
    page: Page, live_world: World, turn_of: Turn
) -> None:
    subscription = live_world.subscription(name="Mail out")
    live_world.subscription(name="The other shop")
    Address.objects.create(subscription=subscription, address="203.0.113.7", held_from=AFTER)
    turn_of("olive", "/requests/")
    link(page, ASK).click()
    fill_in(page)
    page.get_by_label("203.0.113.7").check()
    button(page, "Check your answers").click()
    expect(heading(page, "Check your answers")).to_be_visible()
    button(page, "Change on a busy day").click()
    page.get_by_label("How many messages on a busy day?").fill("5,000")
    expect(page.get_by_label("203.0.113.7")).to_be_checked()
    button(page, "Check your answers").click()
    expect(page.get_by_text("5,000 messages")).to_be_visible()
    button(page, "Send request").click()
    expect(heading(page, "We have your request")).to_be_visible()
    expect(heading(page, "With our review team")).to_be_visible()
    reference = page.locator(".big-reference code").inner_text()
    assert parse_reference(reference) == reference
    link(page, "Follow the case").click()
    expect(page.get_by_text(DETAILS.why_direct)).to_be_visible()
    expect(page.get_by_text("Decision by")).to_be_visible()

    ended(Case.objects.get(), quiet)
    turn_of("rita", "/review/")
    page.get_by_role("row", name="Mail out").get_by_role("link", name=reference).click()
    approve_as_previewed(page, reference)
    link(page, "Next due").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing else waits")
    assert Exemption.objects.get(ends_at=None).subscription == subscription

    turn_of("olive", "/requests/")
    link(page, "Mail out", exact=True).click()
    expect(heading(page, OPEN)).to_be_visible()
    link(page, "My subscriptions").first.click()
    link(page, "The other shop", exact=True).click()
    expect(heading(page, BLOCKED)).to_be_visible()
    expect(link(page, "Ask to lift the block")).to_be_visible()


def test_the_partner_vouches_a_reviewer_approves_and_the_subscription_is_exempt(
    page: Page, live_world: World, turn_of: Turn
) -> None:
    subscription = live_world.subscription(CSP, name="Mail out")
    ask_the_partner(page, turn_of, subscription)

    turn_of("petra", "/partner/")
    expect(heading(page, "Waiting for you (1)")).to_be_visible()
    link(page, "Vouch or decline: Mail out").click()
    expect(page.get_by_text(DETAILS.why_direct)).to_be_visible()
    give_word(page)
    button(page, "Vouch and pass it on").click()
    expect(heading(page, "With our review team")).to_be_visible()

    case = ended(Case.objects.get(), quiet)
    turn_of("rita", "/review/")
    link(page, case.reference).click()
    decide(page, "Approve", "Direct sending is needed", "Approved.")

    turn_of("petra", "/partner/subscriptions/")
    link(page, "Mail out", exact=True).click()
    expect(heading(page, OPEN)).to_be_visible()
    turn_of("olive", f"/requests/subscription/{subscription.pk}/")
    expect(heading(page, OPEN)).to_be_visible()


def test_the_partner_declines_and_the_customer_reads_the_reason(
    page: Page, live_world: World, turn_of: Turn
) -> None:
    subscription = live_world.subscription(CSP, name="Mail out")
    ask_the_partner(page, turn_of, subscription)

    turn_of("petra", "/partner/")
    link(page, "Vouch or decline").click()
    page.get_by_text("Decline instead").click()
    page.get_by_label("Why you decline: Contoso reads this").fill("Words that are not good yet.")
    page.get_by_label("What would change it").fill(CHANGE)
    button(page, "Preview the notice").click()
    expect(heading(page, "What Contoso will read")).to_be_visible()
    button(page, "Change the words").click()
    page.get_by_label("Why you decline: Contoso reads this").fill(REASON)
    button(page, "Preview the notice").click()
    notice = page.get_by_role("article")
    expect(notice.get_by_text(REASON)).to_be_visible()
    expect(notice.get_by_text(CHANGE)).to_be_visible()
    button(page, "Decline and notify").click()
    expect(page.get_by_text("You declined, and Contoso was told why.")).to_be_visible()

    turn_of("olive", f"/requests/{Case.objects.get().reference}/")
    expect(heading(page, "Northwind Cloud did not pass the request on")).to_be_visible()
    expect(page.get_by_text(REASON).first).to_be_visible()


def test_a_question_is_asked_and_answered_and_the_request_denied(
    page: Page, live_world: World, turn_of: Turn
) -> None:
    case = ended(live_world.submitted(), quiet)
    turn_of("rita", f"/review/{case.reference}/")
    page.get_by_role("radio", name="Ask").check()
    page.get_by_label("Your question").fill("Who reads this mail?")
    button(page, "Send the question").click()
    expect(page.get_by_role("status")).to_contain_text("Asked.")
    expect(page.get_by_text("It waits for an answer")).to_be_visible()

    turn_of("olive", "/requests/")
    link(page, "Answer the question about").click()
    expect(page.get_by_text("Who reads this mail?").first).to_be_visible()
    page.get_by_label("Your answer").fill("People who bought.")
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("People who bought.")
    button(page, "Send answer").click()
    expect(page.get_by_text("Your answer is sent.")).to_be_visible()
    page.wait_for_function("localStorage.length === 0")  # the draft is forgotten
    expect(heading(page, "With our review team")).to_be_visible()

    turn_of("rita", "/review/")
    expect(page.get_by_role("row", name=case.reference)).to_contain_text("Answered")
    link(page, case.reference).click()
    expect(page.get_by_text("People who bought.")).to_be_visible()
    decide(page, "Deny", "Our question was not answered", "Denied.", note="They dodge.")
    expect(page.get_by_text("They dodge.")).to_be_visible()
    assert Decision.objects.get(case=case, verb="deny").private_note == "They dodge."

    turn_of("olive", f"/requests/{case.reference}/")
    expect(heading(page, "Denied").first).to_be_visible()
    expect(page.get_by_text("They dodge.")).to_have_count(0)


def test_approved_suspended_resumed_revoked(page: Page, live_world: World, turn_of: Turn) -> None:
    case = ended(live_world.submitted(), quiet)
    answer_page = f"/requests/subscription/{case.subscription_id}/"
    turn_of("rita", f"/review/{case.reference}/")
    decide(page, "Approve", "Direct sending is needed", "Approved.")
    turn_of("olive", answer_page)
    expect(heading(page, OPEN)).to_be_visible()

    turn_of("rita", f"/review/{case.reference}/")
    decide(page, "Suspend", "Reports of unwanted mail", "Suspended.")
    decide(page, "Resume", "The matter is settled", "Resumed.")
    expect(page.get_by_role("radio", name="Revoke")).to_have_count(0)
    turn_of("sena", f"/review/{case.reference}/")
    decide(page, "Revoke", "The terms of service were violated", "Revoked.")
    assert not Exemption.objects.filter(ends_at=None).exists()

    turn_of("olive", answer_page)
    expect(heading(page, BLOCKED)).to_be_visible()
    page.goto(page.url.replace(f"subscription/{case.subscription_id}", case.reference))
    expect(heading(page, "The exemption was revoked")).to_be_visible()


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_a_request_is_withdrawn_and_all_of_it_works_without_scripts(
    page: Page, live_world: World, turn_of: Turn
) -> None:
    live_world.subscription(name="Mail out")
    turn_of("olive", "/requests/")
    link(page, ASK).click()
    fill_in(page)
    button(page, "Check your answers").click()
    button(page, "Change kind of mail").click()
    page.get_by_label("Mailing lists that people joined").check()
    button(page, "Check your answers").click()
    button(page, "Send request").click()
    link(page, "Follow the case").click()
    page.get_by_label("Your message").fill("One thing more.")
    button(page, "Send message").click()
    expect(page.get_by_text("One thing more.")).to_be_visible()
    expect(button(page, "Withdraw the request")).to_be_hidden()
    page.get_by_text("Withdraw this request").click()
    button(page, "Withdraw the request").click()
    expect(heading(page, "The request was withdrawn")).to_be_visible()
    expect(page.get_by_text("Withdraw this request")).to_have_count(0)
    link(page, "My subscriptions").first.click()
    expect(link(page, ASK)).to_be_visible()
    assert Case.objects.get().state == State.WITHDRAWN


def test_a_free_trial_is_rejected_on_record(page: Page, live_world: World, turn_of: Turn) -> None:
    live_world.subscription(FREE_TRIAL, name="Trial")
    turn_of("olive", "/requests/")
    link(page, "Trial", exact=True).click()
    expect(heading(page, "Send through a relay")).to_be_visible()
    page.get_by_label("Is something wrong about the data?").fill("It is Pay-As-You-Go since last week.")
    button(page, "Put the rejection on record").click()
    expect(heading(page, "The rejection is on record")).to_be_visible()
    expect(page.get_by_text("A person looks at what you say about the data.")).to_be_visible()
    expect(heading(page, "Rejected: port 25 stays blocked for Trial")).to_be_visible()
    link(page, "Follow the case").click()
    expect(heading(page, "Rejected by the policy, and on record")).to_be_visible()
    expect(page.get_by_text("It is Pay-As-You-Go since last week.")).to_be_visible()


def test_an_enterprise_agreement_needs_nothing(page: Page, live_world: World, turn_of: Turn) -> None:
    live_world.subscription(ENTERPRISE, name="Headquarters")
    turn_of("olive", "/requests/")
    expect(page.get_by_text("Nothing to do")).to_be_visible()
    link(page, "Headquarters").click()
    expect(heading(page, "Outbound port 25 is not blocked for this subscription")).to_be_visible()
    expect(heading(page, "Not blocked does not mean delivered")).to_be_visible()
    expect(link(page, "Ask")).to_have_count(0)
