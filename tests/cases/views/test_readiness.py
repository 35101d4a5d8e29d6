"""Readiness for customers and partners: the records looked at, and what to publish."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from tests.front.page import Page
from tests.lookups.readiness.test_readiness import HERE, READY
from tests.outside.dns import OutsideDNS, outside_dns
from tests.world import CSP, World


@pytest.fixture(scope="module")
def outside() -> Iterator[OutsideDNS]:
    with outside_dns() as server, override_settings(DNS_RESOLVERS=[server.address]):
        yield server


@pytest.fixture(autouse=True)
def _zone(outside: OutsideDNS) -> None:
    outside.zone = dict(READY)


def look(client: Client, world: World, name: str, room: str, **asked: str) -> str:
    client.force_login(world.user(name))
    response = client.get(f"/{room}/readiness/", asked)
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


@pytest.mark.parametrize(
    ("name", "room"), [("olive", "requests"), ("rhea", "requests"), ("petra", "partner")]
)
def test_all_is_ready(client: Client, world: World, name: str, room: str) -> None:
    given = {"addresses": HERE, "selector": "s1", "helo": "mail.shop.example"}
    page = look(client, world, name, room, domain="Shop.Example", **given)
    assert "All is ready" in page
    assert "To fix" not in page


def test_what_fails_comes_first_with_the_record_to_publish(
    client: Client, world: World, outside: OutsideDNS
) -> None:
    outside.zone["_dmarc.shop.example"] = ["empty"]
    page = look(client, world, "olive", "requests", domain="shop.example", addresses=HERE)
    assert (
        page.index("Looked at:")
        < page.index("Look at something else")
        < page.index("There is no DMARC record")
    )
    assert 'href="?domain=shop.example&amp;addresses=' in page, "to look again"
    assert page.index("There is no DMARC record") < page.index("Mail is taken by")
    assert "v=DMARC1; p=quarantine" in page
    assert "Published now" not in page


def test_what_was_not_given_comes_last_and_is_not_unknown(client: Client, world: World) -> None:
    page = look(client, world, "olive", "requests", domain="shop.example", addresses=HERE)
    assert "All that we looked at is ready" in page
    assert "Unknown" not in page
    assert page.index("Mail is taken by") < page.index("Not asked: give the DKIM selector")


def test_what_a_record_replaces_stands_beside_it(client: Client, world: World, outside: OutsideDNS) -> None:
    outside.zone["_dmarc.shop.example"] = ['TXT "v=DMARC1; p=<b>x"']
    page = look(client, world, "olive", "requests", domain="shop.example")
    assert page.index("Published now") < page.index("p=&lt;b&gt;x") < page.index("Publish instead")


def test_what_could_not_be_looked_up_is_unknown(client: Client, world: World, outside: OutsideDNS) -> None:
    outside.zone["shop.example"] = ["servfail"]
    page = look(client, world, "olive", "requests", domain="shop.example")
    assert "Unknown" in page
    assert "is ready" not in page.partition("<h2")[2].partition("</h2>")[0]


def test_a_case_fills_the_form(client: Client, world: World) -> None:
    case = world.submitted(world.subscription(CSP))
    for name, room in (("olive", "requests"), ("petra", "partner")):
        assert 'value="shop.example"' in look(client, world, name, room, case=case.reference)
    assert 'value="shop.example"' not in look(client, world, "mallory", "requests", case=case.reference)
    assert 'value="shop.example"' not in look(client, world, "olive", "requests", case="nonsense")


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"domain": ""}, "Name the domain"),
        ({"domain": "not a domain"}, "is no domain name"),
        ({"domain": "shop.example", "addresses": "203.0.113.700"}, "is no IP address"),
        (
            {"domain": "shop.example", "addresses": "\n".join(f"203.0.113.{n}" for n in range(11))},
            "at most 10",
        ),
        ({"domain": "shop.example", "selector": "a b"}, "is no DKIM selector"),
        ({"domain": "é" * 4000}, "at most 253 characters; these are 4000"),
        ({"domain": "shop.example", "selector": "é" * 4000}, "at most 253 characters; these are 4000"),
        ({"domain": "shop.example", "helo": "é" * 4000}, "at most 253 characters; these are 4000"),
    ],
)
def test_bad_input_names_the_field(client: Client, world: World, asked: dict[str, str], why: str) -> None:
    client.force_login(world.user("olive"))
    response = client.get("/requests/readiness/", asked)
    assert response.status_code == 422
    assert why in response.content.decode()
    assert Page(response).has_errors_first
    assert not Page(client.get("/requests/readiness/")).has_errors_first


def test_it_is_not_for_strangers(client: Client, world: World) -> None:
    assert client.get("/requests/readiness/").status_code == 302
    client.force_login(world.user("nora"))
    assert client.get("/requests/readiness/").status_code == 403
