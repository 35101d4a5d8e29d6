"""The pages of a password: what a person reads on the way from the link to the sign-in, and where it ends."""

import re

import pytest
from django.core import mail
from django.test import Client

from tests.front.page import Page
from tests.world import World

NEW = "port-25-is-shut"


def link_for(client: Client, address: str) -> str:
    """The link that is mailed to who forgot their password."""
    client.post("/accounts/password/reset/", {"email": address})
    found = re.search(r"/accounts/password/reset/key/\S+", str(mail.outbox.pop().body))
    assert found
    return found[0]


def test_from_the_link_to_the_sign_in(world: World, client: Client) -> None:
    link = link_for(client, "rita@people.example")
    form = client.get(link, follow=True)
    assert "Choose your password" in Page(form).text
    address = form.request["PATH_INFO"]
    again = Page(client.post(address, {"password1": "short", "password2": "short"}))
    assert "This password is too short" in again.text
    done = Page(client.post(address, {"password1": NEW, "password2": NEW}, follow=True))
    assert "Your password is changed. Now sign in with it" in done.text
    assert done.links["Sign in"] == "/accounts/login/"
    used = Page(client.get(link, follow=True))
    assert "This link does not work any more" in used.text
    assert used.links["Ask for a new link"] == "/accounts/password/reset/"


@pytest.mark.parametrize(
    "key", ["1-abc", "zzzzzzzzzzzzz-abc", "zzzzzzzzzzzzzzzz-abc", "1-a%00b", "4-set-password"]
)
def test_a_link_that_is_none_is_told(world: World, client: Client, key: str) -> None:
    response = client.get(f"/accounts/password/reset/key/{key}/")
    assert response.status_code == 200
    assert "This link does not work any more" in Page(response).text


def test_a_changed_password_leads_back_to_ones_pages(world: World, client: Client) -> None:
    olive = world.user("olive")
    olive.set_password("a long password")
    olive.save()
    client.force_login(olive)
    form = Page(client.get("/accounts/password/change/"))
    assert "Change your password" in form.text
    sent = {"oldpassword": "a long password", "password1": NEW, "password2": "another one"}
    wrong = Page(client.post("/accounts/password/change/", sent))
    assert "New password again: You must type the same password each time." in wrong.text
    done = client.post("/accounts/password/change/", sent | {"password2": NEW}, follow=True)
    assert done.request["PATH_INFO"] == "/requests/"
    assert "Your password is changed." in Page(done).text


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ("/accounts/login/", ["E-mail address", "Password", "Keep me signed in"]),
        ("/accounts/password/reset/", ["E-mail address"]),
        ("/accounts/password/change/", ["Current password", "New password", "New password again"]),
    ],
)
def test_fields_are_named_in_our_words(world: World, client: Client, path: str, labels: list[str]) -> None:
    if "change" in path:
        world.user("olive").set_password("a long password")
        world.user("olive").save()
        client.force_login(world.user("olive"))
    page = Page(client.get(path))
    assert all(label in page.text for label in labels)
    assert all("placeholder" not in field for field in page.attributes("input"))


def test_who_is_shut_out_is_told_when_they_sign_in(world: World, client: Client) -> None:
    rita = world.user("rita")
    rita.set_password("a long password")
    rita.is_active = False
    rita.save()
    sent = {"login": "rita@people.example", "password": "a long password"}
    assert "Your account is closed" in Page(client.post("/accounts/login/", sent, follow=True)).text


def test_too_many_mails_for_one_address_are_refused_in_words(world: World, client: Client) -> None:
    asked = [client.post("/accounts/password/reset/", {"email": "rita@people.example"}) for _ in range(6)]
    assert [response.status_code for response in asked] == [302] * 5 + [429]
    assert "Wait a minute, then go back and send it again" in Page(asked[-1]).text
    assert len(mail.outbox) == 5
