"""Error pages and signing in, as people see them."""

import pytest
from django.core import mail
from django.test import Client, override_settings

from people.models import User
from tests.front.page import Page
from tests.world import CSP, World


def test_what_is_not_there_says_so_and_leads_on(client: Client) -> None:
    response = client.get("/no/such/page/")
    page = Page(response)
    assert response.status_code == 404
    assert "There is nothing here" in page.text
    assert page.links["To the front page"] == "/"


@pytest.mark.parametrize(
    ("who", "address", "advice"),
    [
        ("olive", "/review/", "Should you be let in here as well, ask whoever runs this desk."),
        ("rita", "/partner/", "Should you be let in here as well, ask whoever runs this desk."),
        ("rhea", "/requests/subscription/{}/ask/", "Owners and contributors of your organisation can."),
        ("prue", "/partner/subscription/{}/ask/", "Owners and contributors of your organisation can."),
        ("audrey", "/review/policies/", "Somebody else of the review team can."),
    ],
)
def test_what_is_refused_says_who_could(
    client: Client, world: World, who: str, address: str, advice: str
) -> None:
    client.force_login(world.user(who))
    subscription = world.subscription(CSP)
    post = client.post if who == "audrey" else client.get
    response = post(address.format(subscription.pk))
    assert response.status_code == 403
    assert advice in Page(response).text
    assert "ask an owner" not in Page(response).text


@pytest.mark.parametrize("sent", [{"login": "x" * 3_000_000}, {f"field{n}": "" for n in range(1100)}])
def test_more_than_a_form_may_hold_is_told_so(client: Client, sent: dict[str, str]) -> None:
    answer = client.post("/accounts/login/", sent)
    page = Page(answer)
    assert answer.status_code == 413
    assert "2.5 megabytes, in up to 1,000 fields" in page.text


def test_signing_in_leads_to_ones_room(client: Client) -> None:
    User.objects.create_user("rita@example.com", "a long password", name="Rita", desk_role="reviewer")
    response = client.post("/accounts/login/", {"login": "rita@example.com", "password": "a long password"})
    assert response.headers["Location"] == "/home/"


def test_a_wrong_password_is_told_without_saying_which_was_wrong(client: Client) -> None:
    User.objects.create_user("rita@example.com", "a long password", name="Rita")
    for address in ("rita@example.com", "nobody@example.com"):
        response = client.post("/accounts/login/", {"login": address, "password": "guess"})
        assert "One thing to fix first" in Page(response).text
        assert "not correct" in Page(response).text


def test_nobody_signs_up(client: Client) -> None:
    assert "Accounts are made by invitation" in Page(client.get("/accounts/signup/")).text


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_demos_people_are_offered_in_the_demo_alone(client: Client, is_demo: bool) -> None:
    User.objects.create_user("senior@demo.example", "x", name="Sana Ito", desk_role="senior")
    User.objects.create_user("boss@example.com", "x", name="The Boss")
    with override_settings(DEMO=is_demo, DEMO_PASSWORD="port25-demo"):
        page = Page(client.get("/accounts/login/"))
    offered = {each["value"] for each in page.attributes("input") if each.get("type") == "hidden"}
    assert ("senior@demo.example" in offered) == is_demo
    assert ("Sana Ito Senior reviewer" in page.text) == is_demo
    assert "boss@example.com" not in offered


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/inactive/",
        "/accounts/login/",
    ],
)
def test_pages_of_accounts_are_in_our_frame(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert "Skip to the content" in Page(response).text


def test_a_forgotten_password_is_answered_in_our_words(client: Client) -> None:
    User.objects.create_user("rita@example.com", "a long password", name="Rita")
    client.post("/accounts/password/reset/", {"email": "rita@example.com"})
    sent = mail.outbox[0]
    assert sent.subject == "Unblock Desk: Choose a new password"
    assert "If it was not you, do nothing" in sent.body
    assert "/accounts/password/reset/key/" in sent.body


def test_the_operators_pages_bear_our_mark(client: Client) -> None:
    client.force_login(User.objects.create_user("otto@example.com", "x", name="Otto", desk_role="operator"))
    text = Page(client.get("/admin/")).text
    assert "Unblock Desk Reference data and records" in text
    assert "Django" not in text
