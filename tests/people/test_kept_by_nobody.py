"""What somebody signed in is answered is stored nowhere; public pages and files may be."""

import pytest
from django.test import Client, override_settings

from cases.models import State
from tests.world import World

PRIVATE = {
    "olive": ["/home/", "/requests/", "/requests/{reference}/", "/review/", "/admin/", "/no/such/page/"],
    "petra": ["/partner/", "/partner/subscriptions/", "/requests/{reference}/"],
    "rita": ["/review/", "/review/{reference}/", "/accounts/password/change/", "/eligibility/"],
    "opal": ["/admin/", "/admin/people/user/", "/accounts/logout/", "/"],
}
FILES = override_settings(WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True)


def is_kept_by_nobody(told: str) -> bool:
    return {"no-store", "private"} <= {word.strip() for word in told.split(",")}


@pytest.mark.parametrize("name", PRIVATE)
def test_nothing_for_who_is_signed_in_is_stored(world: World, client: Client, name: str) -> None:
    reference = world.case_in(State.APPROVED).reference
    client.force_login(world.user(name))
    for page in PRIVATE[name]:
        response = client.get(page.format(reference=reference))
        assert is_kept_by_nobody(response.headers.get("Cache-Control", "")), (page, response.status_code)


def test_nor_is_the_answer_that_signs_them_in(world: World, client: Client) -> None:
    world.user("rita").set_password("a long password")
    world.user("rita").save()
    signed_in = client.post(
        "/accounts/login/", {"login": "rita@people.example", "password": "a long password"}
    )
    assert signed_in.status_code == 302
    assert is_kept_by_nobody(signed_in.headers["Cache-Control"])


def test_a_form_that_was_filled_in_may_be_gone_back_to(world: World, client: Client) -> None:
    client.force_login(world.user("olive"))
    response = client.get(f"/requests/subscription/{world.subscription().pk}/ask/")
    assert response.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("page", ["/", "/eligibility/", "/policy/", "/relay/", "/healthz"])
def test_public_pages_may_be_stored(world: World, client: Client, page: str) -> None:
    response = client.get(page)
    assert response.status_code == 200
    assert "no-store" not in response.headers.get("Cache-Control", "")


@FILES
def test_files_may_be_stored_by_everybody(world: World) -> None:
    client = Client()
    client.force_login(world.user("rita"))
    response = client.get("/static/css/base.css")
    assert response.status_code == 200
    assert "no-store" not in response.headers["Cache-Control"]
