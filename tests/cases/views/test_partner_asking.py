"""Asking on a customer's behalf: the form, check your answers, send; once, whatever the browser does."""

from typing import Any

import pytest
from django.test import Client

from cases.details import Checked
from cases.models import Attestation, Case, State
from subscriptions.models import Address, Subscription
from tests.cases.views.reading import MOST_QUERIES, queries_of, sign_in
from tests.front.page import Page
from tests.world import AFTER, CSP, DETAILS, ENTERPRISE, FREE_TRIAL, World

ANSWERS: dict[str, Any] = {
    "why_direct": DETAILS.why_direct,
    "mail_kind": "transactional",
    "daily_volume": "4,000",
    "sending_domains": "shop.example\nmail.shop.example",
    "sending_addresses": "198.51.100.4",
    "abuse_contact": "abuse@shop.example",
    "terms": "on",
    "checked": Checked.values,
    "attestation": "Known since 2019.",
    "idempotency_key": "the first tab",
}


def address(subscription: Subscription) -> str:
    return f"/partner/subscription/{subscription.pk}/ask/"


def post(client: Client, subscription: Subscription, step: str, **changes: Any) -> Any:
    return client.post(address(subscription), ANSWERS | {"step": step} | changes)


def hidden(page: Page) -> dict[str, list[str]]:
    """What the page sends on, by name."""
    sent: dict[str, list[str]] = {}
    for each in page.attributes("input"):
        if each.get("type") == "hidden" and each["name"] in ANSWERS:
            sent.setdefault(each["name"], []).append(each.get("value", ""))
    return sent


def test_the_form_asks_for_the_request_and_for_the_partners_word(client: Client, world: World) -> None:
    subscription = world.subscription(CSP, name="Mail out")
    Address.objects.create(subscription=subscription, address="203.0.113.7", held_from=AFTER)
    page = Page(sign_in(client, world, "petra").get(address(subscription)))
    assert "Ask on behalf of Contoso" in page.text
    assert "For Mail out" in page.text or "for Mail out" in page.text
    assert "Cannot send e-mail (SMTP/Port 25)" in page.text
    for label in Checked.labels:
        assert label in page.text
    names = {each.get("name") for tag in ("input", "textarea") for each in page.attributes(tag)}
    assert set(ANSWERS) | {"held_addresses"} <= names
    drafts = {
        each["data-draft"]
        for tag in ("input", "textarea")
        for each in page.attributes(tag)
        if "data-draft" in each
    }
    assert {f"ask-{subscription.pk}/why_direct", f"ask-{subscription.pk}/attestation"} <= drafts


def test_nothing_is_made_before_the_answers_were_checked(client: Client, world: World) -> None:
    response = post(sign_in(client, world, "petra"), world.subscription(CSP), "check")
    text = Page(response).text
    assert response.status_code == 200
    for said in (
        "Check your answers",
        "Nothing is sent yet.",
        "On a busy day 4,000 messages",
        "Known since 2019.",
    ):
        assert said in text
    for label in Checked.labels:
        assert label in text
    assert not Case.objects.exists()


def test_what_the_check_sends_on_makes_the_case(client: Client, world: World) -> None:
    subscription = world.subscription(CSP)
    checked = Page(post(sign_in(client, world, "petra"), subscription, "check"))
    changed = Page(client.post(address(subscription), hidden(checked) | {"step": "change"}))
    assert DETAILS.why_direct in changed.text
    assert "Known since 2019." in changed.text
    assert (
        sum("checked" in each for each in changed.attributes("input") if each.get("name") == "checked") == 4
    )
    response = client.post(address(subscription), hidden(checked) | {"step": "send"})
    case = Case.objects.get()
    assert response.headers["Location"] == f"/partner/{case.reference}/sent/"
    assert (case.state, case.submitted_side, case.daily_volume) == (State.IN_REVIEW, "partner", 4000)
    assert case.sending_domains == ["shop.example", "mail.shop.example"]
    assert Attestation.objects.get().text == "Known since 2019."


def test_the_confirmation_has_the_reference_the_due_time_and_forgets_the_draft(
    client: Client, world: World
) -> None:
    subscription = world.subscription(CSP)
    response = post(sign_in(client, world, "petra"), subscription, "send")
    page = Page(client.get(response.headers["Location"]))
    reference = Case.objects.get().reference
    assert reference in page.text
    assert "Decision by" in page.text
    assert page.links["Follow the case"] == f"/partner/{reference}/"
    assert f"ask-{subscription.pk}" in [each.get("data-draft-sent") for _, each in page.tags]


def test_the_same_form_sent_twice_makes_one_case(client: Client, world: World) -> None:
    subscription = world.subscription(CSP)
    sign_in(client, world, "petra")
    first, again = (post(client, subscription, "send").headers["Location"] for _ in range(2))
    assert first == again
    assert Case.objects.count() == Attestation.objects.count() == 1


def test_another_tab_is_told_who_was_first_and_keeps_its_words(client: Client, world: World) -> None:
    subscription = world.subscription(CSP)
    post(sign_in(client, world, "petra"), subscription, "send")
    response = post(client, subscription, "send", idempotency_key="the second tab", attestation="Other words")
    page, reference = Page(response), Case.objects.get().reference
    assert response.status_code == 409
    assert "This was not sent" in page.text
    assert page.links[f"Open case {reference}"] == f"/partner/{reference}/"
    assert hidden(page)["attestation"] == ["Other words"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"checked": Checked.values[:3]}, "Confirm each of the points"),
        ({"checked": []}, "Confirm each of the points"),
        ({"why_direct": "Because."}, "Write at least 40 characters; these are 8."),
        ({"sending_domains": "not a domain"}, "is no domain name"),
        ({"terms": ""}, "Accept the terms"),
        ({"attestation": "x" * 5001}, "at most 5000"),
        ({"why_direct": "Null \0 bytes in a text that is long enough to be a reason"}, "Null characters"),
    ],
)
@pytest.mark.parametrize("step", ["check", "send"])
def test_what_is_wrong_is_named_and_the_rest_is_kept(
    client: Client, world: World, step: str, changes: dict[str, Any], said: str
) -> None:
    response = post(sign_in(client, world, "petra"), world.subscription(CSP), step, **changes)
    page = Page(response)
    assert response.status_code == 422
    assert "to fix first" in page.text
    assert said in page.text
    assert "mail.shop.example" in page.text or "sending_domains" in changes
    assert not Case.objects.exists()


def test_everything_wrong_is_named_at_once(client: Client, world: World) -> None:
    response = sign_in(client, world, "petra").post(address(world.subscription(CSP)), {"step": "send"})
    assert "7 things to fix first" in Page(response).text


@pytest.mark.parametrize("offer", [FREE_TRIAL, ENTERPRISE])
def test_where_nothing_can_be_asked_the_answer_says_why(client: Client, world: World, offer: str) -> None:
    subscription = world.subscription(offer, partner=world.northwind)
    response = sign_in(client, world, "petra").get(address(subscription))
    assert response.headers["Location"] == f"/partner/subscription/{subscription.pk}/"


def test_where_a_request_is_open_it_is_led_to(client: Client, world: World) -> None:
    case = world.case_in(State.WITH_PARTNER)
    response = sign_in(client, world, "petra").get(address(case.subscription))
    assert response.headers["Location"] == f"/partner/{case.reference}/"


@pytest.mark.parametrize(
    ("who", "status"), [("prue", 403), ("olive", 403), ("rita", 403), ("quentin", 404), ("mallory", 403)]
)
def test_who_may_not_ask_makes_no_case(client: Client, world: World, who: str, status: int) -> None:
    subscription = world.subscription(CSP)
    response = post(sign_in(client, world, who), subscription, "send")
    assert response.status_code == status
    assert not Case.objects.exists()


def test_the_number_of_queries_is_small(client: Client, world: World) -> None:
    subscription = world.subscription(CSP)
    assert queries_of(sign_in(client, world, "petra"), address(subscription)) <= MOST_QUERIES
