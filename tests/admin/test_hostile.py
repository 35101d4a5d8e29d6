"""Hostile addresses and forms in ``/admin/``: no column can be guessed, and nothing makes a 5xx."""

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from cases.models import Case, ReasonCode, State
from outbox.models import Message
from people.models import User
from subscriptions.models import Customer, Subscription
from tests.admin.pages import REGISTERED, address
from tests.world import World

NUL = "\0"


@pytest.mark.parametrize("lookup", ["startswith", "exact", "regex", "gt"])
def test_a_passwords_hash_cannot_be_guessed(world: World, opal: Client, lookup: str) -> None:
    rita = world.user("rita")
    for value in (rita.password[:5], "zzz"):
        assert opal.get(address(User), {f"password__{lookup}": value}).status_code == 400


def test_no_column_is_asked_about_that_is_no_filter(opal: Client, world: World) -> None:
    for model in REGISTERED:
        for column in {field.name for field in model._meta.get_fields()}:
            for kind in ("startswith", "gt", "password__startswith"):
                response = opal.get(address(model), {f"{column}__{kind}": "a"})
                assert response.status_code == 400, f"{model}: {column}__{kind}"


@pytest.mark.parametrize(
    ("model", "asked", "listed"),
    [
        (User, {"desk_role__exact": "operator"}, 1),
        (User, {"is_active__exact": "0"}, 0),
        (User, {"desk_role__exact": "operator", "is_active__exact": "1", "q": "opal"}, 1),
        (Case, {"state__exact": State.REVOKED.value}, 1),
        (Message, {"standing": "parked"}, 0),
    ],
)
def test_the_filters_that_are_there_work(
    full: World, opal: Client, model: type[Model], asked: dict[str, str], listed: int
) -> None:
    response = opal.get(address(model), asked)
    assert response.status_code == 200
    assert response.context["cl"].result_count == listed


@pytest.mark.parametrize(
    "name",
    [
        *("q", "o", "p", "all", "e", "_popup", "_to_field", "_changelist_filters", "_facets"),
        *("state__exact", "flag__exact", "desk_role__exact", "is_active__exact", "ends_at__isempty"),
        *("state__isnull", "desk_role__isnull", "standing", f"state{NUL}", NUL),
    ],
)
def test_no_list_breaks_by_a_nul(opal: Client, name: str) -> None:
    for model in REGISTERED:
        assert opal.get(address(model), {name: f"a{NUL}b"}).status_code in (200, 302, 400), model


@pytest.mark.parametrize("key", [NUL, f"1{NUL}", "9" * 40, "-1", "é"])
def test_no_row_has_such_a_key(opal: Client, full: World, key: str) -> None:
    for model in REGISTERED:
        for page in ("change", "history", "delete"):
            assert opal.get(address(model, page, key)).status_code in (302, 403, 404), model
        for action in (NUL, "delete_selected", "try_again", "send_password_mails"):
            posted = {"action": action, "_selected_action": [key]}
            assert opal.post(address(model), posted).status_code in (200, 302, 400, 403), (model, action)


COMPLETED = [
    ("subscriptions", "subscription", "customer"),
    ("cases", "case", "customer"),
    ("cases", "case", NUL),
]


@pytest.mark.parametrize(("app", "model", "field"), COMPLETED)
@pytest.mark.parametrize("term", [NUL, f"Con{NUL}"])
def test_nor_does_what_completes_a_name(
    world: World, opal: Client, app: str, model: str, field: str, term: str
) -> None:
    asked = {"term": term, "app_label": app, "model_name": model, "field_name": field}
    assert opal.get(reverse("admin:autocomplete"), asked).status_code in (200, 403)


def forms(world: World) -> list[tuple[str, dict[str, Any]]]:
    """Each form of the admin, every text with a NUL in it."""
    customer = {"number": f"C{NUL}", "name": f"N{NUL}", "country": NUL}
    members = {
        "members-TOTAL_FORMS": "1",
        "members-INITIAL_FORMS": "0",
        "members-0-user": f"rita{NUL}@people.example",
        "members-0-role": f"owner{NUL}",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-user": f"rita{NUL}@people.example",
        "memberships-0-role": NUL,
    }
    return [
        (address(User, "add"), {"email": f"a{NUL}@example.com", "name": NUL, "desk_role": NUL}),
        (address(Customer, "add"), customer | members),
        (address(Customer, "change", world.contoso.pk), customer | members),
        (address(ReasonCode, "add"), {"code": NUL, "title": NUL, "text": NUL, "verbs": NUL}),
        (address(Subscription, "add"), {"name": NUL}),
    ]


def test_no_form_breaks_by_a_nul(world: World, opal: Client) -> None:
    for page, posted in forms(world):
        assert opal.post(page, posted).status_code in (200, 403), page
