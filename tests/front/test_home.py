"""``/home/``: everybody is sent to the room that they work in."""

import pytest
from django.test import Client

from people.models import DeskRole, User
from subscriptions.models import Customer, CustomerMember, Partner, PartnerMember, Role


def _person(role: str = "") -> User:
    return User.objects.create_user(
        f"{role or 'somebody'}@example.com", "a long password", name="Ada", desk_role=role
    )


@pytest.mark.parametrize(
    ("role", "room"),
    [
        (DeskRole.REVIEWER, "/review/"),
        (DeskRole.SENIOR, "/review/"),
        (DeskRole.AUDITOR, "/review/"),
        (DeskRole.OPERATOR, "/admin/"),
        ("", "/requests/"),
    ],
)
def test_by_what_they_are_at_the_desk(client: Client, role: str, room: str) -> None:
    client.force_login(_person(role))
    assert client.get("/home/").headers["Location"] == room


def test_a_partners_people_to_the_partners_room(client: Client) -> None:
    person = _person()
    partner = Partner.objects.create(number="P-1", name="Northwind")
    PartnerMember.objects.create(user=person, partner=partner, role=Role.READER)
    client.force_login(person)
    assert client.get("/home/").headers["Location"] == "/partner/"


def test_a_customers_people_to_theirs(client: Client) -> None:
    person = _person()
    customer = Customer.objects.create(number="C-1", name="Contoso")
    CustomerMember.objects.create(user=person, customer=customer, role=Role.OWNER)
    client.force_login(person)
    assert client.get("/home/").headers["Location"] == "/requests/"


def test_a_stranger_signs_in_first(client: Client) -> None:
    assert client.get("/home/").headers["Location"] == "/accounts/login/?next=/home/"
