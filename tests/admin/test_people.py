"""People are added, changed and shut out in ``/admin/``; nobody takes an account over."""

import re
from typing import Any

from django.conf import settings as live
from django.core import mail
from django.test import Client

from people.models import DeskRole, User
from tests.admin.pages import address
from tests.front.page import Page
from tests.world import World


def add_person(client: Client, **fields: str) -> Any:
    person = {"email": "New.Person@Example.com", "name": "New Person", "desk_role": "reviewer", **fields}
    return client.post(address(User, "add"), {**person, "is_active": "on"}, HTTP_HOST="localhost")


def test_a_person_is_added_and_chooses_a_password_by_the_mail(
    world: World, opal: Client, client: Client, settings: Any
) -> None:
    settings.BASE_URL = "https://desk.example"
    assert add_person(opal).status_code == 302
    person = User.objects.get(email="new.person@example.com")
    assert (person.desk_role, person.has_usable_password()) == (DeskRole.REVIEWER, False)
    (sent,) = mail.outbox
    assert sent.to == ["new.person@example.com"]
    assert "Choose your password" in sent.subject
    link = next(word for word in str(sent.body).split() if "/password/reset/key/" in word)
    assert link.startswith("https://desk.example/accounts/")
    form = client.get(link.removeprefix("https://desk.example"), follow=True)
    chosen = {"password1": "port-25-is-shut", "password2": "port-25-is-shut"}
    client.post(form.request["PATH_INFO"], chosen)
    login = client.post(
        "/accounts/login/", {"login": "new.person@example.com", "password": "port-25-is-shut"}
    )
    assert login.headers["Location"] == "/home/"


def test_links_in_mail_never_follow_the_host_header(world: World, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": "olive@people.example"}, HTTP_HOST="localhost")
    (sent,) = mail.outbox
    addresses = re.findall(r"https?://\S+", str(sent.body))
    assert len(addresses) == 2
    assert all(each.startswith(live.BASE_URL) for each in addresses)
    assert "localhost" not in str(sent.body)


def test_an_address_is_one_persons_alone(world: World, opal: Client) -> None:
    page = Page(add_person(opal, email="OLIVE@people.example"))
    assert "Somebody has this address already" in page.text
    assert mail.outbox == []


def test_an_operator_cannot_give_up_their_own_role(world: World, opal: Client) -> None:
    me = world.user("opal")
    posted = {"email": me.email, "name": "Opal B.", "desk_role": "senior"}
    assert opal.post(address(User, "change", me.pk), posted).status_code == 302
    me.refresh_from_db()
    assert (me.name, me.desk_role, me.is_active) == ("Opal B.", DeskRole.OPERATOR, True)


def test_no_field_of_power_is_in_the_form(world: World, opal: Client) -> None:
    rita = world.user("rita")
    posted = {"email": rita.email, "name": "Rita", "desk_role": "reviewer", "is_active": "on"}
    posted |= {"is_superuser": "on", "password": "x", "groups": "1"}
    before = rita.password
    assert opal.post(address(User, "change", rita.pk), posted).status_code == 302
    rita.refresh_from_db()
    assert (rita.is_superuser, rita.password) == (False, before)


def test_a_changed_address_leaves_nothing_of_the_old_one(world: World, opal: Client, client: Client) -> None:
    from allauth.account.models import EmailAddress

    rita = world.user("rita")
    EmailAddress.objects.create(user=rita, email=rita.email, verified=True, primary=True)
    posted = {"email": "rita@new.example", "name": "Rita", "desk_role": "reviewer", "is_active": "on"}
    opal.post(address(User, "change", rita.pk), posted)
    client.post("/accounts/password/reset/", {"email": "rita@people.example"})
    assert mail.outbox == []
    client.post("/accounts/password/reset/", {"email": "rita@new.example"})
    assert [sent.to for sent in mail.outbox] == [["rita@new.example"]]


def test_mails_to_choose_a_password_are_sent_again(world: World, opal: Client) -> None:
    chosen = [world.user("rita"), world.user("remy")]
    world.user("remy").is_active = False
    world.user("remy").save()
    posted = {"action": "send_password_mails", "_selected_action": [person.pk for person in chosen]}
    opal.post(address(User), posted)
    assert [sent.to for sent in mail.outbox] == [["rita@people.example"]]
