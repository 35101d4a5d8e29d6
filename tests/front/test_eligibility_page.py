"""``/eligibility/`` as a visitor sees it: the answer in words, its reason, and the way on."""

import pytest
import time_machine
from django.test import Client

from tests.front.page import Page

BLOCKED = "Outbound port 25 is blocked for this subscription"


@pytest.mark.parametrize(
    ("asked", "headline", "way_on", "clause", "buttons"),
    [
        (
            {"offer": "MS-AZR-0017P"},
            "Outbound port 25 is not blocked for this subscription",
            "You can send directly now.",
            "2.1",
            {},
        ),
        (
            {"offer": "MS-AZR-0003P", "created": "2017-11-14"},
            "Outbound port 25 is not blocked for this subscription",
            "There is nothing to ask for.",
            "3.1",
            {},
        ),
        (
            {"offer": "MS-AZR-0003P", "created": "2017-11-15"},
            BLOCKED,
            "You can ask for the block to be lifted.",
            "3.2",
            {"Ask to lift the block": "/requests/", "Set up a relay": "/relay/"},
        ),
        (
            {"offer": "MS-AZR-0044P", "created": "2018-02-01"},
            BLOCKED,
            "The block is not lifted for this offer.",
            "4.2",
            {"Set up a relay": "/relay/", "Put it on record": "/requests/"},
        ),
        (
            {"offer": "MS-AZR-0145P", "created": "2018-02-01"},
            BLOCKED,
            "Your Cloud Solution Provider can ask for you",
            "5.2",
            {"Ask through my partner": "/requests/", "Set up a relay": "/relay/"},
        ),
        (
            {"pasted": "MPN_2014-09-01", "created": "2018-02-01"},
            "We cannot tell yet whether port 25 is blocked for this subscription",
            "A person decides; nobody guesses.",
            "6",
            {"Ask a person to decide": "/requests/", "Set up a relay": "/relay/"},
        ),
    ],
)
def test_each_outcome_is_said_in_words_with_its_clause_and_the_way_on(
    client: Client, asked: dict[str, str], headline: str, way_on: str, clause: str, buttons: dict[str, str]
) -> None:
    response = client.get("/eligibility/", asked)
    page = Page(response)
    assert response.status_code == 200
    assert headline in page.text
    assert way_on in page.text
    assert page.links[f"policy §{clause}"] == f"/policy/azure-2017-11-15/#clause-{clause}"
    assert buttons.items() <= page.links.items()
    assert "How this was decided" in page.text


def test_not_blocked_says_that_this_is_not_delivered(client: Client) -> None:
    page = Page(client.get("/eligibility/", {"offer": "MS-AZR-0017P"}))
    assert "Not blocked does not mean delivered" in page.text
    assert "we do not take them as a case" in page.text


def test_blocked_offers_the_relay_and_says_why(client: Client) -> None:
    page = Page(client.get("/eligibility/", {"offer": "MS-AZR-0003P", "created": "2017-11-20"}))
    assert "Why: Pay-As-You-Go, created on or after 15 November 2017" in page.text
    assert "Sending through an authenticated relay is never restricted" in page.text
    assert "Decided within 2 working days." in page.text


@time_machine.travel("2026-11-24T12:00:00Z", tick=False)
def test_not_yet_names_what_is_unmet_and_from_when_to_ask(client: Client) -> None:
    asked = {
        "policy": "example-first-invoice",
        "offer": "MS-AZR-0003P",
        "account_age_days": "12",
        "paid_invoices": "1",
    }
    page = Page(client.get("/eligibility/", asked))
    assert "The account has to be at least 30 days old; it is 12 days old." in page.text
    assert "Ask again from 12 Dec 2026" in page.text
    assert "By another version: A month and the first invoice" in page.text


def test_a_pasted_offer_id_is_the_offer_whatever_its_letters(client: Client) -> None:
    page = Page(client.get("/eligibility/", {"pasted": " ms-azr-0044p ", "created": "2018-02-01"}))
    assert "Free Trial" in page.text
    assert "The block is not lifted for this offer." in page.text


def test_a_pasted_quota_stands_beside_the_chosen_offer(client: Client) -> None:
    asked = {"offer": "MS-AZR-0025P", "pasted": "MPN_2014-09-01", "created": "2018-02-01"}
    assert "You can ask for the block to be lifted." in Page(client.get("/eligibility/", asked)).text


@pytest.mark.parametrize(
    ("asked", "sentence", "field"),
    [
        ({"created": "yesterday"}, "not a date or time like 2017-11-20", "created"),
        ({"created": "2017-11-20T10:00"}, "a time needs its offset from UTC", "created"),
        ({"offer": "MS-AZR-0003P", "pasted": "MS-AZR-0044P"}, "leave one of the two empty", "pasted"),
        ({"pasted": "x" * 101}, "is longer than 100 characters", "pasted"),
        (
            {"policy": "example-first-invoice", "paid_invoices": "many"},
            "Invoices paid: 'many' is not a whole number",
            "paid_invoices",
        ),
    ],
)
def test_bad_input_is_named_at_the_top_and_at_its_field(
    client: Client, asked: dict[str, str], sentence: str, field: str
) -> None:
    response = client.get("/eligibility/", asked)
    page = Page(response)
    assert response.status_code == 400
    assert "One thing to fix first" in page.text
    assert sentence in page.text
    assert f"#id_{field}" in page.links.values()
    fields = {each.get("id"): each for each in page.attributes("input")}
    assert fields[f"id_{field}"]["aria-invalid"] == "true"
    assert fields[f"id_{field}"]["value"] == asked[field]


@pytest.mark.parametrize(
    ("created", "shape"), [("2017-11-20", "date"), ("2017-11-20T10:00Z", "text"), ("yesterday", "text")]
)
def test_what_was_typed_stays_in_a_field_that_can_show_it(client: Client, created: str, shape: str) -> None:
    asked = {"offer": "MS-AZR-0003P", "pasted": "Q_2017-01-01", "created": created}
    fields = {each.get("id"): each for each in Page(client.get("/eligibility/", asked)).attributes("input")}
    assert (fields["id_created"]["type"], fields["id_created"]["value"]) == (shape, created)
    assert fields["id_pasted"]["value"] == "Q_2017-01-01"


def test_conditions_are_asked_for_where_the_policy_has_them(client: Client) -> None:
    with_conditions = Page(client.get("/eligibility/", {"policy": "example-qualified"}))
    assert "Is your identity verified?" in with_conditions.text
    assert "Is your identity verified?" not in Page(client.get("/eligibility/")).text


def test_every_offer_of_the_policy_can_be_chosen(client: Client) -> None:
    page = Page(client.get("/eligibility/"))
    chosen = {each["value"] for each in page.attributes("option")}
    assert {"MS-AZR-0003P", "MS-AZR-USGOV-0145P", "MS-AZR-0150P", ""} <= chosen
    assert len(chosen) == 31


def test_an_unknown_policy_is_not_there(client: Client) -> None:
    assert client.get("/eligibility/", {"policy": "nope"}).status_code == 404


def test_what_was_typed_is_text_not_markup(client: Client) -> None:
    response = client.get("/eligibility/", {"pasted": '"><script>alert(1)</script>', "created": "2018-01-01"})
    assert b"<script>alert" not in response.content


def test_where_only_the_day_is_missing_it_is_asked_for(client: Client) -> None:
    page = Page(client.get("/eligibility/", {"offer": "MS-AZR-0003P"}))
    assert "Only the day of its creation is missing" in page.text
    assert page.links["Add the day"] == "#id_created"
    assert page.text.count("On which day was it created?") == page.text.count("Check port 25") == 1
    assert "portal names the day with the subscription" in page.text
    assert "Check another" not in page.text
    unheard_of = Page(client.get("/eligibility/", {"offer": "MS-AZR-9999X"}))
    assert "On which day" not in unheard_of.text


def test_a_clause_of_our_own_says_so(client: Client) -> None:
    page = Page(client.get("/policy/"))
    assert "Our own rule: the notice names no other offers" in page.text
    assert "None:" not in page.text
