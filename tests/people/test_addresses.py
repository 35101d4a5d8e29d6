"""An account has the address that an operator gave it: nobody takes another's, by allauth's pages or around them."""

import re
from importlib import import_module
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import include, path

from config.urls import urlpatterns as own_urls
from people.models import User
from tests.world import World

urlpatterns = [path("accounts/", include("allauth.account.urls")), *own_urls]
"""The product as it would be with all of allauth's pages."""

ROUTED = {
    "/accounts/login/",
    "/accounts/logout/",
    "/accounts/inactive/",
    "/accounts/signup/",
    "/accounts/password/change/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/done/",
}
PASSWORD = "a long password"
NEW = "port-25-is-shut"
VICTIM = "new.owner@victim.example"


@pytest.fixture
def mallory(world: World) -> Client:
    client = Client()
    client.force_login(world.user("mallory"))
    return client


def walk_the_attack(client: Client, address: str) -> list[int]:
    """Add an address, make it the first, take the old one away: what each is answered."""
    steps = ("action_add", "action_primary", "action_remove")
    return [client.post("/accounts/email/", {"email": address, step: ""}).status_code for step in steps]


@pytest.mark.parametrize("whose", [VICTIM, "olive@people.example"], ids=["nobody's yet", "somebody's"])
def test_nobody_gives_themselves_an_address(world: World, mallory: Client, whose: str) -> None:
    assert walk_the_attack(mallory, whose) == [404, 404, 404]
    assert not EmailAddress.objects.exists()
    assert User.objects.get(pk=world.user("mallory").pk).email == "mallory@people.example"


@pytest.mark.urls("tests.people.test_addresses")
@pytest.mark.parametrize("whose", [VICTIM, "olive@people.example"], ids=["nobody's yet", "somebody's"])
def test_nor_would_they_with_allauths_pages_back(world: World, mallory: Client, whose: str) -> None:
    own = "mallory@people.example"
    mallory.post("/accounts/email/", {"email": own, "action_remove": ""})
    walk_the_attack(mallory, whose)
    assert set(EmailAddress.objects.values_list("email", flat=True)) == {own}
    assert User.objects.get(pk=world.user("mallory").pk).email == own


def test_only_the_pages_of_accounts_that_are_meant_are_there(world: World, mallory: Client) -> None:
    """Asked of every address that allauth has, whatever it will have with its next version."""
    from allauth.account.urls import urlpatterns as allauths

    asked = {
        "/accounts/" + re.sub(r"\(\?P<\w+>[^)]*\)", "1-a", str(each.pattern)).strip("^$") for each in allauths
    }
    there = {address for address in asked if mallory.get(address).status_code != 404}
    assert there == {*ROUTED, "/accounts/password/reset/key/1-a-1-a/"}


@pytest.mark.parametrize("is_verified", [True, False])
def test_a_further_address_opens_nothing(world: World, client: Client, is_verified: bool) -> None:
    """As the attack has left them behind: of another person, and of nobody."""
    for address in (VICTIM, "olive@people.example"):
        EmailAddress.objects.create(user=world.user("mallory"), email=address, verified=is_verified)
    for name in ("mallory", "olive"):
        world.user(name).set_password(f"{PASSWORD} of {name}")
        world.user(name).save()
    for address in (VICTIM, "olive@people.example"):
        sign_in = {"login": address, "password": f"{PASSWORD} of mallory"}
        assert "not correct" in client.post("/accounts/login/", sign_in).content.decode()
    own = {"login": "Olive@people.example", "password": f"{PASSWORD} of olive"}
    assert client.post("/accounts/login/", own).status_code == 302
    assert client.session["_auth_user_id"] == str(world.user("olive").pk)


def test_a_new_password_is_for_the_person_of_the_address_alone(world: World, client: Client) -> None:
    for address in (VICTIM, "olive@people.example"):
        EmailAddress.objects.create(user=world.user("mallory"), email=address, verified=True)
    client.post("/accounts/password/reset/", {"email": VICTIM})
    assert mail.outbox == []
    client.post("/accounts/password/reset/", {"email": "OLIVE@people.example"})
    (sent,) = mail.outbox
    assert sent.to == ["olive@people.example"]
    choose(client, str(sent.body))
    assert User.objects.get(email="olive@people.example").check_password(NEW)
    assert not User.objects.get(email="mallory@people.example").check_password(NEW)


def choose(client: Client, text: str) -> None:
    """Follow the link of that mail and choose a password."""
    found = re.search(r"/accounts/password/reset/key/\S+", text)
    assert found
    form = client.get(found[0], follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})


def test_the_browser_is_told_the_same_whether_there_is_such_an_account(world: World, client: Client) -> None:
    pages = set()
    for address in ("olive@people.example", "nobody@stranger.example"):
        response = client.post("/accounts/password/reset/", {"email": address}, follow=True)
        page = re.sub(r'value="[A-Za-z0-9]{64}"', "", response.content.decode())
        pages.add((response.status_code, tuple(response.redirect_chain), page))
    assert len(pages) == 1
    assert [sent.to for sent in mail.outbox] == [["olive@people.example"]], "strangers are sent nothing"


@pytest.mark.parametrize("way", ["change", "link"])
def test_a_changed_password_is_told_by_mail(world: World, client: Client, settings: Any, way: str) -> None:
    settings.BASE_URL, settings.DESK_NAME = "https://desk.example", "O'Brien & Co"
    olive = world.user("olive")
    EmailAddress.objects.create(user=olive, email=VICTIM, verified=True, primary=True)
    if way == "change":
        olive.set_password(PASSWORD)
        olive.save()
        client.force_login(olive)
        changed = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        client.post("/accounts/password/change/", changed)
    else:
        client.post("/accounts/password/reset/", {"email": olive.email})
        choose(client, str(mail.outbox.pop().body))
    (sent,) = mail.outbox
    assert sent.to == ["olive@people.example"]
    assert sent.subject.startswith("O'Brien & Co: Your ")
    text = str(sent.body)
    assert "password" in text
    assert "from the address 127.0.0.1" in text
    assert "https://desk.example/accounts/password/reset/" in text
    assert "O'Brien & Co\nhttps://desk.example" in text


def test_the_migration_leaves_everybody_their_own_address_alone(world: World) -> None:
    for name, address in [("mallory", VICTIM), ("mallory", "mallory@people.example"), ("nora", VICTIM)]:
        EmailAddress.objects.create(user=world.user(name), email=address)
    migration = import_module("people.migrations.0004_no_address_but_the_accounts_own")
    with connection.schema_editor() as editor:
        migration.remove_others(apps, editor)
    left = EmailAddress.objects.values_list("user__email", "email")
    assert list(left) == [("mallory@people.example", "mallory@people.example")]
