"""The policies that come with the product."""

import csv
from pathlib import Path

import pytest

from subscriptions.policy.outcome import Outcome
from tests.subscriptions.policy.documents import AZURE, SHIPPED_IDS, shipped

OFFERS = Path(__file__).resolve().parents[4] / "shared" / "data" / "offers-azure.csv"


def test_only_the_notice_is_ever_in_force() -> None:
    assert [version_id for version_id in SHIPPED_IDS if not shipped(version_id).is_example] == [AZURE]


@pytest.mark.parametrize("version_id", SHIPPED_IDS)
def test_every_policy_has_the_clauses_that_pages_turn_to(version_id: str) -> None:
    policy = shipped(version_id)
    assert policy.id == version_id
    assert "never restricted" in policy.relay_clause.text
    assert policy.delivery_clause.title == "Not blocked does not mean delivered"
    assert "no other" in policy.exemption_clause.text.lower()
    assert "revoke" in policy.revocation_clause.text
    assert "a person decides" in policy.undecided_clause.text


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1.2", "It does not matter when the customer signed up"),
        ("1.2", "“new deployments”"),
        ("1.3", "on port 587 or 443"),
        ("1.4", "never restricted"),
        ("1.5", "cannot promise that the receiver accepts it"),
        ("2.1", "not blocked, whenever the subscription was created"),
        ("3.2", "only after additional anti-fraud checks"),
        ("3.3", "Technical → Virtual Network → Connectivity → Cannot send e-mail (SMTP/Port 25)"),
        ("3.4", "that one subscription"),
        ("3.5", "terms of service"),
        ("4.2", "will not be granted"),
        ("5.2", "open a case on your behalf"),
    ],
)
def test_the_notice_is_complete(number: str, said: str) -> None:
    clause = shipped(AZURE).clause(number)
    assert said in clause.text
    assert clause.citation


def test_each_rule_of_the_notice_cites_a_clause_about_its_side() -> None:
    policy = shipped(AZURE)
    titles = {rule.created: set[str]() for rule in policy.rules}
    for rule in policy.rules:
        titles[rule.created].add(policy.clause(rule.clause).title)
    assert titles == {
        "any": {"Not blocked"},
        "before": {"Created before 15 November 2017"},
        "from": {"Created on or after 15 November 2017"},
    }
    assert {rule.outcome for rule in policy.rules if rule.created == "before"} == {Outcome.NOT_BLOCKED}


@pytest.mark.skipif(not OFFERS.exists(), reason=f"the list of offers is not here: {OFFERS.name}")
def test_the_offers_are_those_of_the_public_list() -> None:
    with OFFERS.open(encoding="utf-8", newline="") as file:
        listed = {
            row["offer_id"]: (row["offer_name"], row["quota_id"], row["notice_family"] or None)
            for row in csv.DictReader(file)
        }
    assert {offer.id: (offer.name, offer.quota_id, offer.family) for offer in shipped(AZURE).offers} == listed
