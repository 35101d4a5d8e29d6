"""``/policy/``: the active version as a legal page."""

import pytest
from django.test import Client

from subscriptions.policy.versions import active_policy
from tests.front.page import Page


def test_every_clause_is_there_in_full_numbered_and_linkable(client: Client) -> None:
    page = Page(client.get("/policy/"))
    places = {attributes.get("id") for _, attributes in page.tags}
    for clause in active_policy().clauses:
        assert f"clause-{clause.number}" in places
        assert page.links[clause.number] == f"#clause-{clause.number}"
        for part in (clause.title, clause.text, clause.citation.removeprefix("None: ")):
            assert " ".join(part.split()) in page.text


def test_it_says_what_counts_and_what_not_blocked_means(client: Client) -> None:
    text = Page(client.get("/policy/")).text
    assert "What counts is the creation of the subscription: neither when the customer signed up" in text
    assert "Not blocked does not mean delivered" in text
    assert "An authenticated relay is never restricted" in text
    assert "in force from 15 Nov 2017, 00:00 UTC" in text


def test_every_offer_stands_with_its_quota(client: Client) -> None:
    text = Page(client.get("/policy/")).text
    for offer in active_policy().offers:
        assert f"{offer.id} {offer.name} {offer.quota_id}" in text
    assert "Not named by the policy MS-AZR-0023P" in text


def test_versions_stand_in_the_margin(client: Client) -> None:
    page = Page(client.get("/policy/"))
    assert page.links["A month and the first invoice"] == "/policy/example-first-invoice/"
    assert "In force since 15 Nov 2017" in page.text


@pytest.mark.parametrize(
    ("version", "says"),
    [
        (
            "example-first-invoice",
            "with an account at least 30 days old and at least 1 invoice paid; otherwise blocked, not yet",
        ),
        ("example-paid-1000", "1,000 USD"),
        ("example-qualified", "with a verified identity; otherwise blocked, never lifted"),
    ],
)
def test_an_example_says_what_it_asks_for_and_that_it_decides_nothing(
    client: Client, version: str, says: str
) -> None:
    text = Page(client.get(f"/policy/{version}/")).text
    assert says in text
    assert "This version decides nothing." in text


def test_an_unknown_version_is_not_there(client: Client) -> None:
    response = client.get("/policy/azure-1999/")
    assert response.status_code == 404
    assert "There is nothing here" in Page(response).text
