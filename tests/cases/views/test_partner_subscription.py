"""A customer's subscription as its partner reads it, ``/partner/subscription/…``."""

from uuid import uuid4

import pytest
from django.test import Client

from cases.actions import partner, reviewer
from cases.models import Case, Flag, State
from subscriptions.models import CustomerMember, Role, Subscription
from tests.cases.views.reading import MOST_QUERIES, body_of, queries_of, sign_in
from tests.front.page import Page
from tests.world import (
    APPROVAL,
    CSP,
    DECLINED,
    ENTERPRISE,
    FREE_TRIAL,
    PAY_AS_YOU_GO,
    REVOCATION,
    UNHEARD_OF,
    World,
)

BLOCKED = "Outbound port 25 is blocked for this subscription"
ASK = "Ask on behalf of Contoso"


def address(subscription: Subscription, end: str = "") -> str:
    return f"/partner/subscription/{subscription.pk}/{end}"


def read(client: Client, subscription: Subscription) -> Page:
    response = client.get(address(subscription))
    assert response.status_code == 200
    return Page(response)


@pytest.mark.parametrize(
    ("offer", "headline", "way_on", "clause", "may_ask"),
    [
        (CSP, BLOCKED, "you can ask on behalf of Contoso", "5.2", True),
        (PAY_AS_YOU_GO, BLOCKED, "and you can on their behalf", "3.2", True),
        (UNHEARD_OF, "We cannot tell yet whether", "a person decides", "6", True),
        (FREE_TRIAL, BLOCKED, "Help Contoso to send through an authenticated relay", "4.2", False),
        (ENTERPRISE, "Outbound port 25 is not blocked", "Contoso can send directly now", "2.1", False),
    ],
)
def test_the_answer_comes_first_in_the_partners_words(
    client: Client, world: World, offer: str, headline: str, way_on: str, clause: str, may_ask: bool
) -> None:
    subscription = world.subscription(offer, partner=world.northwind)
    page = read(sign_in(client, world, "petra"), subscription)
    assert headline in page.text
    assert way_on in page.text
    assert page.links[f"policy §{clause}"] == f"/policy/azure-2017-11-15/#clause-{clause}"
    assert page.links.get(ASK) == (address(subscription, "ask/") if may_ask else None)
    assert "How this was decided" in page.text


def test_blocked_has_the_relay_and_not_blocked_is_not_delivered(client: Client, world: World) -> None:
    sign_in(client, world, "petra")
    assert "Set-ups to copy and pass on" in read(client, world.subscription(CSP)).links
    open_one = world.subscription(ENTERPRISE, partner=world.northwind)
    assert "Not blocked does not mean delivered" in read(client, open_one).text


@pytest.mark.parametrize(
    ("state", "said", "button"),
    [
        (State.WITH_PARTNER, "Contoso has asked, and waits for you", "Vouch or decline"),
        (State.IN_REVIEW, "A request is open already:", "See the case"),
        (State.AWAITING_ANSWER, "the review team waits for the answer to a question", "Answer the question"),
        (State.APPROVED, "Outbound port 25 is open for this subscription", "See the case"),
        (State.SUSPENDED, "Outbound port 25 is blocked: the exemption is suspended", "See the case"),
    ],
)
def test_a_case_that_stands_is_led_to_instead_of_a_new_request(
    client: Client, world: World, state: State, said: str, button: str
) -> None:
    case = case_in(world, state)
    page = read(sign_in(client, world, "petra"), case.subscription)
    assert said in page.text
    assert page.links[button].startswith(f"/partner/{case.reference}/")
    assert ASK not in page.links


def case_in(world: World, state: State) -> Case:
    """A case of Northwind's: the customer's while it waits for the partner, else one that Petra sent."""
    if state == State.WITH_PARTNER:
        return world.case_in(state)
    case, rita = world.checked(world.submitted_by_partner()), world.actor("rita")
    if state == State.AWAITING_ANSWER:
        reviewer.ask(case.reference, by=rita, text="To whom?")
    if state in (State.APPROVED, State.SUSPENDED):
        reviewer.approve(case.reference, APPROVAL, by=rita)
    if state == State.SUSPENDED:
        reviewer.suspend(case.reference, REVOCATION, by=rita)
    return case


def test_its_earlier_cases_are_listed_and_one_may_ask_again(client: Client, world: World) -> None:
    case, of_another = world.case_in(State.DECLINED), world.case_in(State.DECLINED)
    page = read(sign_in(client, world, "petra"), case.subscription)
    assert page.links[case.reference] == f"/partner/{case.reference}/"
    assert of_another.reference not in page.links
    assert "Declined by you" in page.text
    assert ASK in page.links


def test_a_case_of_the_partner_before_is_not_shown_to_the_next(client: Client, world: World) -> None:
    case = world.case_in(State.DECLINED)
    Subscription.objects.filter(pk=case.subscription_id).update(partner=world.adatum)
    page = read(sign_in(client, world, "quentin"), case.subscription)
    assert case.reference not in page.text
    assert client.get(f"/partner/{case.reference}/").status_code == 404


def test_a_case_that_waits_for_the_partner_before_waits_for_nobody_else(client: Client, world: World) -> None:
    case = world.case_in(State.WITH_PARTNER)
    Subscription.objects.filter(pk=case.subscription_id).update(partner=world.adatum)
    sign_in(client, world, "quentin")
    for path in ("", "subscriptions/", f"subscription/{case.subscription_id}/"):
        response = client.get(f"/partner/{path}")
        assert response.status_code == 200
        assert case.reference not in Page(response).text, path


def test_a_reader_has_the_answer_and_no_way_to_ask(client: Client, world: World) -> None:
    subscription = world.subscription(CSP)
    page = read(sign_in(client, world, "prue"), subscription)
    assert BLOCKED in page.text
    assert "Its owners and contributors can ask" in page.text
    assert ASK not in page.links
    assert client.get(address(subscription, "ask/")).status_code == 403


def test_what_is_the_customers_account_or_the_desks_is_not_there(client: Client, world: World) -> None:
    world.knows(world.contoso, paid_total_usd="96410.55")
    case = case_in(world, State.APPROVED)
    Case.objects.filter(pk=case.pk).update(flag=Flag.OUT_OF_POLICY)
    text = read(sign_in(client, world, "petra"), case.subscription).text
    assert "Offer MS-AZR-0145P from arm-list.json" in text
    for word in ("96,410", "96410", "Rita", "policy no longer allows", "Out of policy"):
        assert word not in text


@pytest.mark.parametrize("end", ["", "ask/"])
def test_not_yours_and_not_there_answer_alike(client: Client, world: World, end: str) -> None:
    sign_in(client, world, "quentin")
    theirs = client.get(address(world.subscription(CSP), end))
    nobodys = client.get(f"/partner/subscription/{uuid4()}/{end}")
    assert theirs.status_code == nobodys.status_code == 404
    assert body_of(theirs) == body_of(nobodys)


def test_a_partner_who_also_is_a_customer_has_only_what_they_resell_here(
    client: Client, world: World
) -> None:
    CustomerMember.objects.create(user=world.user("quentin"), customer=world.fabrikam, role=Role.OWNER)
    own = world.subscription(CSP, customer=world.fabrikam)
    sign_in(client, world, "quentin")
    assert client.get(address(own)).status_code == 404
    assert client.get(address(own, "ask/")).status_code == 404


def test_the_number_of_queries_does_not_grow(client: Client, world: World) -> None:
    subscription = world.subscription(CSP)

    def declined(number: int) -> None:
        for _ in range(number):
            reference = world.submitted(subscription).reference
            partner.decline(reference, DECLINED, by=world.actor("petra"))

    sign_in(client, world, "petra")
    declined(2)
    few = queries_of(client, address(subscription))
    declined(2)
    assert queries_of(client, address(subscription)) == few <= MOST_QUERIES
