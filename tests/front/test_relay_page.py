"""``/relay/``: set-ups to copy, with the visitor's own values."""

import pytest
from django.test import Client

from tests.front.page import Page

NAMES = [
    "Postfix",
    "Exim",
    "sendmail",
    "msmtp",
    "Exchange Server",
    "Python",
    "Node.js",
    ".NET",
    "PHP",
    "Java",
]


def test_every_set_up_is_there_and_one_is_open_at_a_time(client: Client) -> None:
    page = Page(client.get("/relay/"))
    folds = [each for each in page.attributes("details") if "id" in each]
    assert len(folds) == len(NAMES)
    assert {each["name"] for each in folds} == {"setup"}
    for name in NAMES:
        assert name in page.text


def test_it_says_that_a_relay_is_never_restricted_and_how_to_test_one(client: Client) -> None:
    text = Page(client.get("/relay/")).text
    assert "It is never restricted, whatever the offer" in text
    for test in ("nc -vz", "Test-NetConnection", "openssl s_client", "swaks --server"):
        assert test in text


def test_ones_own_values_are_written_into_the_examples(client: Client) -> None:
    own = {"host": "smtp.sendgrid.net", "user": "apikey", "sender": "shop@contoso.example"}
    text = Page(client.get("/relay/", own)).text
    assert "relayhost = [smtp.sendgrid.net]:587" in text
    assert 'relay.login("apikey"' in text
    assert "relay.example.net" not in text
    assert "you@example.com" not in text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("host", "a b", "Relay's host name: Write a host name like smtp.sendgrid.net."),
        ("user", "a'; rm -rf /", "User name at the relay: Use letters, digits"),
        ("sender", 'x"@example.com', "Sender's address: Write an address like"),
    ],
)
def test_what_an_example_could_not_hold_is_refused(
    client: Client, field: str, value: str, sentence: str
) -> None:
    response = client.get("/relay/", {field: value})
    page = Page(response)
    assert response.status_code == 400
    assert sentence in page.text
    assert "relayhost = [relay.example.net]:587" in page.text
