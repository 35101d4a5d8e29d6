"""Asking: the form, check your answers, send; once, whatever the browser does."""

from typing import Any

import pytest
from django.test import Client

from cases.models import Case, State
from subscriptions.models import Address, Subscription
from tests.cases.views.reading import sign_in
from tests.front.page import Page
from tests.world import AFTER, CSP, DETAILS, ENTERPRISE, FREE_TRIAL, UNHEARD_OF, World

CLASSIFICATION = "Technical → Virtual Network → Connectivity → Cannot send e-mail (SMTP/Port 25)"
ANSWERS: dict[str, Any] = {
    "why_direct": DETAILS.why_direct,
    "mail_kind": "transactional",
    "daily_volume": "4,000",
    "sending_domains": "shop.example\nmail.shop.example",
    "sending_addresses": "198.51.100.4",
    "abuse_contact": "abuse@shop.example",
    "terms": "on",
    "idempotency_key": "the first tab",
}


def address(subscription: Subscription, end: str = "ask") -> str:
    return f"/requests/subscription/{subscription.pk}/{end}/"


def post(client: Client, subscription: Subscription, step: str, **changes: Any) -> Any:
    return client.post(address(subscription), ANSWERS | {"step": step} | changes)


def values(page: Page) -> dict[str, str]:
    """What the page's fields hold, by name."""
    return {each["name"]: each.get("value", "") for each in page.attributes("input") if "name" in each}


def test_the_form_is_in_the_notices_classification_and_for_one_subscription(
    client: Client, world: World
) -> None:
    subscription = world.subscription(name="Mail out")
    page = Page(sign_in(client, world).get(address(subscription)))
    assert CLASSIFICATION in page.text
    assert "For Mail out , and for no other subscription." in page.text
    assert "Why does this deployment have to send directly" in page.text
    assert "They decide within 2 working days" in page.text


def test_addresses_are_offered_from_the_inventory(client: Client, world: World) -> None:
    subscription = world.subscription()
    Address.objects.create(subscription=subscription, address="203.0.113.7", held_from=AFTER)
    Address.objects.create(subscription=world.subscription(), address="203.0.113.8", held_from=AFTER)
    gone = "203.0.113.9"
    Address.objects.create(
        subscription=subscription, address=gone, held_from=AFTER, held_until=AFTER.replace(year=2018)
    )
    page = Page(sign_in(client, world).get(address(subscription)))
    offered = [each["value"] for each in page.attributes("input") if each.get("name") == "held_addresses"]
    assert offered == ["203.0.113.7"]
    checked = Page(post(client, subscription, "check", held_addresses=["203.0.113.7"]))
    assert "Sending addresses 203.0.113.7 198.51.100.4" in checked.text


def test_nothing_is_made_before_the_answers_were_checked(client: Client, world: World) -> None:
    subscription = world.subscription()
    response = post(sign_in(client, world), subscription, "check")
    page = Page(response)
    assert response.status_code == 200
    assert "Check your answers" in page.text
    assert "Nothing is sent yet." in page.text
    assert "On a busy day 4,000 messages" in page.text
    assert "Sending domains shop.example mail.shop.example" in page.text
    assert not Case.objects.exists()


def test_changing_goes_back_to_the_form_with_every_answer(client: Client, world: World) -> None:
    subscription = world.subscription()
    checked = Page(post(sign_in(client, world), subscription, "check"))
    assert {each.get("formaction") for each in checked.attributes("button")} >= {
        "#id_why_direct",
        "#id_daily_volume",
    }
    sent = {name: value for name, value in values(checked).items() if name in ANSWERS}
    assert sent == ANSWERS | {"terms": "True"} | {"terms": sent["terms"]}
    page = Page(client.post(address(subscription), sent | {"step": "change"}))
    assert values(page)["daily_volume"] == "4,000"
    assert values(page)["idempotency_key"] == "the first tab"
    assert DETAILS.why_direct in page.text


def test_sending_makes_a_case_and_says_what_happens_next(client: Client, world: World) -> None:
    response = post(sign_in(client, world), world.subscription(), "send")
    case = Case.objects.get()
    assert response.headers["Location"] == f"/requests/{case.reference}/sent/"
    page = Page(client.get(response.headers["Location"]))
    assert "We have your request" in page.text
    assert case.reference in page.text
    assert "With our review team" in page.text
    assert "Decision by" in page.text
    assert (case.daily_volume, case.sending_domains) == (4000, ["shop.example", "mail.shop.example"])
    assert f"ask-{case.subscription_id}" in [each.get("data-draft-sent") for _, each in page.tags]


def test_the_same_form_sent_twice_makes_one_case(client: Client, world: World) -> None:
    subscription = world.subscription()
    sign_in(client, world)
    first = post(client, subscription, "send")
    again = post(client, subscription, "send")
    assert first.headers["Location"] == again.headers["Location"]
    assert Case.objects.count() == 1


@pytest.mark.parametrize("step", ["check", "send"])
def test_a_second_tab_is_told_which_case_was_first(client: Client, world: World, step: str) -> None:
    subscription = world.subscription()
    sign_in(client, world)
    post(client, subscription, "send")
    reference = Case.objects.get().reference
    response = post(client, subscription, step, idempotency_key="the second tab")
    page = Page(response)
    assert response.status_code == 409
    assert f"There is an open case for this subscription: {reference}." in page.text
    assert "What you wrote is not lost: go back, and your browser still has it." in page.text
    assert page.links[f"Open {reference}"] == f"/requests/{reference}/"
    assert Case.objects.count() == 1


@pytest.mark.parametrize("step", ["check", "send", "change", ""])
def test_what_cannot_be_used_is_named_and_nothing_typed_is_lost(
    client: Client, world: World, step: str
) -> None:
    response = post(sign_in(client, world), world.subscription(), step, sending_domains="no domain", terms="")
    page = Page(response)
    assert response.status_code == 422
    assert "2 things to fix first" in page.text
    assert "#id_sending_domains" in page.links.values()
    assert "“no” is no domain name" in page.text
    assert DETAILS.why_direct in page.text
    assert not Case.objects.exists()


def test_what_only_the_action_refuses_is_said_at_its_field(client: Client, world: World) -> None:
    subscription = world.subscription()
    for number in range(30):
        Address.objects.create(subscription=subscription, address=f"203.0.113.{number}", held_from=AFTER)
    held = [f"203.0.113.{number}" for number in range(30)]
    typed = " ".join(f"198.51.100.{number}" for number in range(30))
    response = post(
        sign_in(client, world), subscription, "send", held_addresses=held, sending_addresses=typed
    )
    assert response.status_code == 422
    assert "Give at most 50; these are 60." in Page(response).text


def test_a_partners_customer_is_told_that_it_goes_to_the_partner(client: Client, world: World) -> None:
    subscription = world.subscription(CSP)
    sign_in(client, world)
    assert "It goes to Northwind Cloud first." in Page(client.get(address(subscription))).text
    assert "It goes to Northwind Cloud first." in Page(post(client, subscription, "check")).text
    after = Page(client.get(post(client, subscription, "send").headers["Location"]))
    assert "With Northwind Cloud" in after.text
    assert "Their answer by" in after.text
    assert "They vouch for it, or decline it and say why." in after.text


def test_where_nobody_can_tell_the_open_question_is_shown(client: Client, world: World) -> None:
    page = Page(sign_in(client, world).get(address(world.subscription(UNHEARD_OF))))
    assert "Ask a person to decide" in page.text
    assert "The open question:" in page.text


def test_who_has_asked_is_led_to_the_case(client: Client, world: World) -> None:
    case = world.case_in(State.IN_REVIEW)
    response = sign_in(client, world).get(address(case.subscription))
    assert response.headers["Location"] == f"/requests/{case.reference}/"


@pytest.mark.parametrize("offer", [ENTERPRISE, FREE_TRIAL])
def test_where_nothing_can_be_asked_the_answer_is_shown(client: Client, world: World, offer: str) -> None:
    subscription = world.subscription(offer)
    response = sign_in(client, world).get(address(subscription))
    assert response.headers["Location"] == f"/requests/subscription/{subscription.pk}/"


@pytest.mark.parametrize("claim", ["", "It is Pay-As-You-Go since last week."])
def test_a_rejection_is_had_on_record(client: Client, world: World, claim: str) -> None:
    subscription = world.subscription(FREE_TRIAL)
    sign_in(client, world)
    response = client.post(address(subscription, "record"), {"data_claim": claim, "idempotency_key": "k"})
    page = Page(client.get(response.headers["Location"]))
    assert "The rejection is on record" in page.text
    assert "Rejected: port 25 stays blocked for" in page.text
    assert "Free Trial, created on or after 15 November 2017." in page.text
    assert "§4.2" in page.text
    assert ("A person looks at what you say about the data." in page.text) == bool(claim)
    again = client.post(address(subscription, "record"), {"data_claim": claim, "idempotency_key": "k"})
    assert again.headers["Location"] == response.headers["Location"]


def test_a_claim_that_is_too_long_is_kept_and_named(client: Client, world: World) -> None:
    subscription = world.subscription(FREE_TRIAL)
    response = sign_in(client, world).post(address(subscription, "record"), {"data_claim": "x" * 5001})
    assert response.status_code == 422
    assert "x" * 5001 in Page(response).text
    assert "at most 5000 characters" in Page(response).text


def test_a_record_is_none_where_one_may_ask(client: Client, world: World) -> None:
    subscription = world.subscription()
    response = sign_in(client, world).post(address(subscription, "record"), {"data_claim": ""})
    assert response.headers["Location"] == f"/requests/subscription/{subscription.pk}/"
    assert not Case.objects.exists()


@pytest.mark.parametrize("end", ["ask", "record"])
def test_a_reader_may_not_ask(client: Client, world: World, end: str) -> None:
    subscription = world.subscription(FREE_TRIAL if end == "record" else "MS-AZR-0003P")
    response = sign_in(client, world, "rhea").post(address(subscription, end), ANSWERS | {"step": "send"})
    assert response.status_code == 403
    assert "not ask in its name" in Page(response).text
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "hostile",
    [
        {"why_direct": "\0" * 50},
        {"daily_volume": "1e9"},
        {"mail_kind": ["a", "b"]},
        {"sending_addresses": "fe80::1%eth0"},
        {"sending_domains": "x" * 100_000},
        {"idempotency_key": "x" * 10_000},
        {"held_addresses": ["'; DROP TABLE cases_case"]},
        {"abuse_contact": "a@b\r\nBcc: c@d.example"},
    ],
)
def test_hostile_input_is_refused_and_never_breaks(
    client: Client, world: World, hostile: dict[str, Any]
) -> None:
    subscription = world.subscription()
    Address.objects.create(subscription=subscription, address="203.0.113.7", held_from=AFTER)
    assert post(sign_in(client, world), subscription, "send", **hostile).status_code == 422
