"""The answer page of a subscription, ``/requests/subscription/…``."""

from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from cases.models import Case, Flag, State
from subscriptions.models import Subscription
from tests.cases.views.reading import MOST_QUERIES, body_of, queries_of, sign_in
from tests.front.page import Page
from tests.world import (
    AFTER,
    CSP,
    ENTERPRISE,
    FREE_TRIAL,
    PAY_AS_YOU_GO,
    UNHEARD_OF,
    World,
)

BLOCKED = "Outbound port 25 is blocked for this subscription"


def address(subscription: Subscription) -> str:
    return f"/requests/subscription/{subscription.pk}/"


def answer(client: Client, subscription: Subscription) -> Page:
    response = client.get(address(subscription))
    assert response.status_code == 200
    return Page(response)


@pytest.mark.parametrize(
    ("offer", "headline", "clause", "button", "promise"),
    [
        (PAY_AS_YOU_GO, BLOCKED, "3.2", "Ask to lift the block", "Decided within 2 working days."),
        (FREE_TRIAL, BLOCKED, "4.2", "Set up a relay", ""),
        (CSP, BLOCKED, "5.2", "Ask Northwind Cloud", "They answer within 5 working days."),
        (
            UNHEARD_OF,
            "We cannot tell yet whether",
            "6",
            "Ask a person to decide",
            "Decided within 2 working days.",
        ),
        (ENTERPRISE, "Outbound port 25 is not blocked for this subscription", "2.1", None, ""),
    ],
)
def test_the_answer_comes_with_its_clause_and_the_way_on(
    client: Client, world: World, offer: str, headline: str, clause: str, button: str | None, promise: str
) -> None:
    page = answer(sign_in(client, world), world.subscription(offer))
    assert headline in page.text
    assert page.links[f"policy §{clause}"] == f"/policy/azure-2017-11-15/#clause-{clause}"
    assert promise in page.text
    assert button is None or button in page.links
    assert "How this was decided" in page.text


def test_the_facts_stand_with_their_source(client: Client, world: World) -> None:
    page = answer(sign_in(client, world), world.subscription())
    assert "Offer MS-AZR-0003P from arm-list.json" in page.text
    assert "Created 20 Nov 2017, 09:12 UTC" in page.text


def test_blocked_shows_the_relay_and_a_test_to_copy(client: Client, world: World) -> None:
    page = answer(sign_in(client, world), world.subscription())
    assert "Quicker: send through a relay" in page.text
    assert "nc -vz -w 5" in page.text
    assert page.links["Set-ups to copy"] == "/relay/"


def test_not_blocked_is_not_delivered(client: Client, world: World) -> None:
    page = answer(sign_in(client, world), world.subscription(ENTERPRISE))
    assert "Not blocked does not mean delivered" in page.text


def test_exempt_says_since_when_by_which_case_and_what_it_covers(client: Client, world: World) -> None:
    case = world.case_in(State.APPROVED)
    page = answer(sign_in(client, world), case.subscription)
    assert "Outbound port 25 is open for this subscription" in page.text
    assert f"by case {case.reference}" in page.text
    assert "An exemption is for one subscription" in page.text
    assert "Not blocked does not mean delivered" in page.text


def test_an_exemption_holds_for_no_other_subscription(client: Client, world: World) -> None:
    world.case_in(State.APPROVED)
    assert BLOCKED in answer(sign_in(client, world), world.subscription()).text


def test_suspended_leads_to_the_case_and_to_no_new_request(client: Client, world: World) -> None:
    case = world.case_in(State.SUSPENDED)
    page = answer(sign_in(client, world), case.subscription)
    assert "Outbound port 25 is blocked: the exemption is suspended" in page.text
    assert page.links["See why, and write to us"] == f"/requests/{case.reference}/"
    assert not [link for link in page.links.values() if link.endswith("/ask/")]


def test_an_open_case_is_linked_instead_of_a_new_request(client: Client, world: World) -> None:
    case = world.case_in(State.IN_REVIEW)
    page = answer(sign_in(client, world), case.subscription)
    assert f"A request is open: {case.reference}, in review." in page.text
    assert page.links["See the request"] == f"/requests/{case.reference}/"
    assert not [link for link in page.links.values() if link.endswith("/ask/")]


def test_earlier_cases_are_listed_with_their_ends(client: Client, world: World) -> None:
    case = world.case_in(State.DENIED)
    page = answer(sign_in(client, world), case.subscription)
    assert page.links[case.reference] == f"/requests/{case.reference}/"
    assert "Denied" in page.text
    assert "Ask to lift the block" in page.links


def test_never_offers_the_relay_first_and_under_it_the_record(client: Client, world: World) -> None:
    page = answer(sign_in(client, world), world.subscription(FREE_TRIAL))
    assert page.text.index("Send through a relay") < page.text.index("Do you need this in writing")
    assert "Put the rejection on record" in page.text


def test_a_rejection_that_is_on_record_leaves_only_to_say_that_the_data_is_wrong(
    client: Client, world: World
) -> None:
    case = world.case_in(State.REJECTED)
    page = answer(sign_in(client, world), case.subscription)
    assert f"The rejection is on record: {case.reference}" in page.text
    assert page.links[case.reference] == f"/requests/{case.reference}/"
    assert "Say that the data is wrong" in page.text
    assert "Put the rejection on record" not in page.text
    record = f"{address(case.subscription)}record/"
    nothing = client.post(record, {"data_claim": " ", "claim": "1"})
    assert (nothing.status_code, Case.objects.count()) == (422, 1)
    assert "Say what is wrong." in Page(nothing).text
    claimed = client.post(record, {"data_claim": "We pay since March.", "claim": "1"})
    assert (claimed.status_code, Case.objects.latest("pk").flag) == (302, Flag.DATA_DISPUTED)
    Subscription.objects.filter(pk=case.subscription_id).update(quota_id="FreeTrial_2014-09-01")
    assert "Put the rejection on record" in answer(client, case.subscription).text, "by other facts"


def test_what_a_reviewer_is_told_is_not_on_the_page(client: Client, world: World) -> None:
    case = world.case_in(State.APPROVED)
    Case.objects.filter(pk=case.pk).update(flag=Flag.OUT_OF_POLICY)
    page = answer(sign_in(client, world), case.subscription)
    assert "policy no longer allows" not in page.text
    assert "Rita" not in page.text


@time_machine.travel("2026-11-24T12:00:00Z", tick=False)
def test_not_yet_names_the_condition_and_the_day(client: Client, world: World) -> None:
    world.in_force("example-first-invoice")
    world.knows(world.contoso, account_opened_on="2026-11-12", paid_invoices="1")
    page = answer(sign_in(client, world), world.subscription())
    assert "The account has to be at least 30 days old; it is 12 days old." in page.text
    assert "Ask again from 12 Dec 2026" in page.text
    assert "Put the rejection on record" in page.text


def test_a_reader_has_the_answer_and_no_way_to_ask(client: Client, world: World) -> None:
    sign_in(client, world, "rhea")
    page = answer(client, world.subscription())
    assert BLOCKED in page.text
    assert "Owners and contributors can ask" in page.text
    assert "Ask to lift the block" not in page.links
    assert "Put the rejection on record" not in answer(client, world.subscription(FREE_TRIAL)).text


@pytest.mark.parametrize("end", ["", "ask/", "record/"])
def test_not_yours_and_not_there_answer_alike(client: Client, world: World, end: str) -> None:
    sign_in(client, world, "mallory")
    theirs = client.get(address(world.subscription()) + end)
    nobodys = client.get(f"/requests/subscription/{uuid4()}/{end}")
    assert theirs.status_code == nobodys.status_code == 404
    assert body_of(theirs) == body_of(nobodys)


@pytest.mark.parametrize(
    "state", [State.IN_REVIEW, State.APPROVED, State.SUSPENDED, State.REVOKED, State.REJECTED]
)
def test_a_subscription_that_moved_leaves_its_cases_with_who_had_it(
    client: Client, world: World, state: State
) -> None:
    case = world.case_in(state)
    subscription = case.subscription
    Subscription.objects.filter(pk=subscription.pk).update(customer=world.fabrikam)
    sign_in(client, world, "mallory")
    page = answer(client, subscription)
    assert case.reference not in page.text
    assert case.reference not in Page(client.get("/requests/")).text
    is_open = "Outbound port 25 is open for this subscription" in page.text
    assert is_open == (state == State.APPROVED), "the exemption goes with it"
    assert client.get(f"/requests/{case.reference}/").status_code == 404
    sign_in(client, world)
    assert client.get(f"/requests/{case.reference}/").status_code == 200
    assert client.get(address(subscription)).status_code == 404


def test_who_reviews_does_not_pass_through_the_customers_room(client: Client, world: World) -> None:
    stranger = world.subscription(customer=world.fabrikam, created_at=AFTER)
    assert sign_in(client, world, "tied").get(address(stranger)).status_code == 404


def test_the_number_of_queries_does_not_grow(client: Client, world: World) -> None:
    sign_in(client, world)
    subscription = world.subscription()
    for _ in range(2):
        deny(world, subscription)
    few = queries_of(client, address(subscription))
    for _ in range(2):
        deny(world, subscription)
    assert queries_of(client, address(subscription)) == few <= MOST_QUERIES


def deny(world: World, subscription: Subscription) -> None:
    from cases.actions import reviewer
    from tests.world import DENIAL

    reviewer.deny(world.submitted(subscription).reference, DENIAL, by=world.actor("rita"))
