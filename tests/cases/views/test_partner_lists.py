"""The partner's lists: what waits comes first; subscriptions and cases are found, paged, and nobody else's."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cases.actions import partner, reviewer
from cases.models import Case, State
from cases.views.partner import lists
from tests.cases.views.reading import MOST_QUERIES, queries_of, sign_in
from tests.front.page import Page
from tests.world import (
    ATTESTATION,
    CSP,
    DECLINED,
    DENIAL,
    ENTERPRISE,
    FREE_TRIAL,
    PAY_AS_YOU_GO,
    UNHEARD_OF,
    World,
)

HOME, SUBSCRIPTIONS, CASES = "/partner/", "/partner/subscriptions/", "/partner/cases/"


def read(client: Client, path: str) -> Page:
    response = client.get(path)
    assert response.status_code == 200
    return Page(response)


def asked(world: World, name: str = "") -> Case:
    """A question that waits for Northwind's answer."""
    case = world.submitted_by_partner(world.subscription(CSP, name=name))
    return reviewer.ask(case.reference, by=world.actor("rita"), text="Who reads the abuse mailbox?")


def buttons(page: Page) -> list[str]:
    """Where each row's button leads."""
    links = [each for each in page.attributes("a") if {"button", "small"} <= {*each.get("class", "").split()}]
    return [each["href"] for each in links if "rel" not in each]


def test_what_waits_comes_first_the_most_urgent_first_with_one_button_each(
    client: Client, world: World
) -> None:
    with time_machine.travel("2026-11-02T10:00:00Z", tick=False):
        question = asked(world)
    with time_machine.travel("2026-11-03T10:00:00Z", tick=False):
        later = world.submitted(world.subscription(CSP, name="Timetables"))
    with time_machine.travel("2026-11-04T10:00:00Z", tick=False):
        page = read(sign_in(client, world, "petra"), HOME)
    assert "Waiting for you (2)" in page.text
    waiting = [link for link in buttons(page) if link.endswith("#yours")]
    assert waiting == [f"/partner/{case.reference}/#yours" for case in (later, question)]
    assert "Timetables Contoso asks you to vouch" in page.text
    assert "The review team asks you a question" in page.text
    assert "Tue 10 Nov 2026, 10:00 UTC" in page.text  # five working days after it came
    assert "Mon 16 Nov 2026, 10:00 UTC" in page.text  # fourteen days after the question


def test_a_question_to_the_customer_does_not_wait_for_the_partner(client: Client, world: World) -> None:
    waiting = world.case_in(State.WITH_PARTNER)
    case = partner.vouch(waiting.reference, ATTESTATION, by=world.actor("petra"))
    reviewer.ask(case.reference, by=world.actor("rita"), text="To whom?")
    assert "Waiting for you (0)" in read(sign_in(client, world, "petra"), HOME).text


def test_what_is_late_says_so(client: Client, world: World) -> None:
    case = world.case_in(State.WITH_PARTNER)
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        page = read(sign_in(client, world, "petra"), HOME)
    assert "Overdue" in page.text
    assert case.reference in page.links


def test_a_reader_sees_what_waits_and_has_no_button(client: Client, world: World) -> None:
    case, question = world.case_in(State.WITH_PARTNER), asked(world)
    world.subscription(CSP)
    sign_in(client, world, "prue")
    page = read(client, HOME)
    assert page.links[case.reference] == f"/partner/{case.reference}/"
    assert question.reference in page.links
    assert buttons(page) == []
    assert buttons(read(client, SUBSCRIPTIONS)) == []


def test_an_empty_room_shows_ways_on(client: Client, world: World) -> None:
    sign_in(client, world, "petra")
    page = read(client, HOME)
    assert "Waiting for you (0)" in page.text
    assert "When a customer asks you to vouch" in page.text
    assert page.links["Check an offer"] == "/eligibility/"
    assert "No subscriptions yet" in read(client, SUBSCRIPTIONS).text
    assert "No cases here" in read(client, CASES).text


@pytest.mark.parametrize(
    ("offer", "port", "may_ask"),
    [
        (CSP, "Blocked, you may ask", True),
        (PAY_AS_YOU_GO, "Blocked, may ask", True),
        (UNHEARD_OF, "Cannot tell yet", True),
        (FREE_TRIAL, "Blocked, never lifted", False),
        (ENTERPRISE, "Not blocked", False),
    ],
)
def test_each_subscription_has_its_port_and_the_way_to_ask_where_one_may(
    client: Client, world: World, offer: str, port: str, may_ask: bool
) -> None:
    subscription = world.subscription(offer, partner=world.northwind, name="Mail out")
    page = read(sign_in(client, world, "petra"), SUBSCRIPTIONS)
    assert f"Contoso {port}" in page.text
    ask = [f"/partner/subscription/{subscription.pk}/ask/"] if may_ask else []
    assert buttons(page) == ask


def test_an_open_case_stands_beside_its_subscription_instead_of_a_way_to_ask(
    client: Client, world: World
) -> None:
    case = world.case_in(State.WITH_PARTNER)
    page = read(sign_in(client, world, "petra"), SUBSCRIPTIONS)
    assert page.links[case.reference] == f"/partner/{case.reference}/"
    assert "Waits for you" in page.text
    assert buttons(page) == []


@pytest.fixture
def shops(world: World) -> None:
    """Two customers' subscriptions through Northwind, one of another partner's, one of nobody's."""
    world.subscription(CSP, name="Alpha shop")
    world.subscription(CSP, name="Beta shop", customer=world.fabrikam)
    world.subscription(CSP, name="Adatum shop", partner=world.adatum)
    world.subscription(name="Direct shop")


@pytest.mark.usefixtures("shops")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Alpha shop", "Beta shop"]),
        ("?q=ALPHA", ["Alpha shop"]),
        ("?q=fabrikam", ["Beta shop"]),
        ("?customer=C-2", ["Beta shop"]),
        ("?customer=C-2&q=alpha", []),
        ("?q=100%25", []),
        ("?q=Adatum", []),
        ("?q=Direct", []),
    ],
)
def test_subscriptions_are_found_by_name_and_customer(
    client: Client, world: World, query: str, found: list[str]
) -> None:
    page = read(sign_in(client, world, "petra"), SUBSCRIPTIONS + query)
    assert [name for name in page.links if name.endswith("shop")] == found
    assert ("Nothing found" in page.text) is (not found)


def test_a_subscription_is_found_by_its_id_and_the_start_of_it(client: Client, world: World) -> None:
    subscription = world.subscription(CSP, name="Mail out")
    sign_in(client, world, "petra")
    for words in (str(subscription.pk), str(subscription.pk)[:9].upper()):
        assert "Mail out" in read(client, f"{SUBSCRIPTIONS}?q={words}").links


def test_a_reference_as_it_was_heard_opens_the_case(client: Client, world: World) -> None:
    case = world.case_in(State.WITH_PARTNER)
    heard = case.reference.replace("-", " ").lower()
    sign_in(client, world, "petra")
    assert client.get(SUBSCRIPTIONS, {"q": heard}).headers["Location"] == f"/partner/{case.reference}/"
    part = client.get(SUBSCRIPTIONS, {"q": heard}, headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == f"/partner/{case.reference}/"
    assert "Nothing found" in read(sign_in(client, world, "quentin"), f"{SUBSCRIPTIONS}?q={heard}").text


@pytest.mark.usefixtures("shops")
@pytest.mark.parametrize("query", ["?q=%00", "?customer=C-9", "?after=x", "?q=" + "x" * 201])
def test_nonsense_is_named_and_not_an_error_of_ours(client: Client, world: World, query: str) -> None:
    response = sign_in(client, world, "petra").get(SUBSCRIPTIONS + query)
    assert response.status_code == 400
    assert "to fix first" in Page(response).text


@pytest.mark.usefixtures("shops")
def test_lists_are_paged_by_key_and_keep_what_was_looked_for(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 1)
    sign_in(client, world, "petra")
    first = read(client, f"{SUBSCRIPTIONS}?q=shop")
    second = read(client, SUBSCRIPTIONS + first.links["More"])
    assert ("Alpha shop" in first.links, "Beta shop" in second.links) == (True, True)
    assert "q=shop" in first.links["More"]
    assert "More" not in second.links
    assert "Alpha shop" in read(client, SUBSCRIPTIONS + second.links["Back"]).links


@pytest.mark.parametrize(
    ("show", "found"),
    [("", {"open", "ended"}), ("open", {"open"}), ("ended", {"ended"}), ("?", {"open", "ended"})],
)
def test_cases_are_shown_by_whether_they_are_open(
    client: Client, world: World, show: str, found: set[str]
) -> None:
    cases = {"open": world.case_in(State.WITH_PARTNER), "ended": world.case_in(State.DECLINED)}
    world.submitted()  # the customer's own, without a partner
    page = read(sign_in(client, world, "petra"), f"{CASES}?show={show}")
    assert {name for name, case in cases.items() if case.reference in page.links} == found
    assert len([link for link in page.links if link.startswith("UB-")]) == len(found)
    if "ended" in found:
        assert "Declined by you" in page.text


def test_cases_are_paged(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    older, newer = world.case_in(State.DECLINED), world.case_in(State.WITH_PARTNER)
    monkeypatch.setattr(lists, "PAGE", 1)
    sign_in(client, world, "petra")
    first = read(client, CASES)
    assert (newer.reference in first.links, older.reference in first.links) == (True, False)
    assert older.reference in read(client, CASES + first.links["More"]).links


@pytest.mark.parametrize("path", [HOME, SUBSCRIPTIONS, CASES])
@pytest.mark.parametrize(("who", "status"), [("olive", 403), ("rita", 403), ("nora", 403), ("quentin", 200)])
def test_others_enter_no_further_than_what_is_theirs(
    client: Client, world: World, path: str, who: str, status: int
) -> None:
    case = world.case_in(State.WITH_PARTNER)
    response = sign_in(client, world, who).get(path)
    assert response.status_code == status
    assert case.reference not in response.content.decode()
    assert "Contoso" not in response.content.decode()


def test_a_stranger_signs_in_first(client: Client) -> None:
    assert client.get(HOME).headers["Location"] == "/accounts/login/?next=/partner/"


@pytest.mark.parametrize("path", [HOME, SUBSCRIPTIONS, f"{SUBSCRIPTIONS}?q=shop&customer=C-1", CASES])
def test_the_number_of_queries_does_not_grow(client: Client, world: World, path: str) -> None:
    def more(number: int) -> None:
        for _ in range(number):
            world.subscription(CSP, name="A shop")
            world.submitted(world.subscription(CSP, name="B shop"))
            asked(world, "C shop")
            declined = world.submitted(world.subscription(CSP))
            partner.decline(declined.reference, DECLINED, by=world.actor("petra"))
            denied = world.submitted_by_partner(world.subscription(CSP))
            reviewer.deny(denied.reference, DENIAL, by=world.actor("rita"))

    sign_in(client, world, "petra")
    more(2)
    few = queries_of(client, path)
    more(2)
    assert queries_of(client, path) == few <= MOST_QUERIES
