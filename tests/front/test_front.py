"""``/``: the question, the checker, three doors."""

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.front.page import Page

LARGEST_FIRST_VISIT = 100_000  # bytes as they are sent: static files compressed, pages not


def test_the_question_is_asked_and_can_be_answered_at_once(client: Client) -> None:
    page = Page(client.get("/"))
    assert "Is port 25 blocked for me?" in page.text
    forms = {each.get("action"): each for each in page.attributes("form")}
    assert forms["/eligibility/"]["method"] == "get"
    names = {each.get("name") for tag in ("select", "input") for each in page.attributes(tag)}
    assert {"offer", "pasted", "created"} <= names


def test_three_doors_lead_to_the_three_rooms(client: Client) -> None:
    doors = Page(client.get("/")).links
    found = {address for text, address in doors.items() if text.startswith("I ")}
    assert found == {"/requests/", "/partner/", "/review/"}


def test_the_table_is_the_policy_in_force(client: Client) -> None:
    text = Page(client.get("/")).text
    assert "Created before 15 Nov 2017, 00:00 UTC" in text
    assert (
        "MSDN, Azure Pass, Azure in Open, Education, BizSpark, Free Trial Not blocked §4.1 Blocked, never lifted §4.2"
        in text
    )


@pytest.mark.parametrize("address", ["/", "/policy/", "/relay/", "/eligibility/"])
def test_who_only_reads_is_given_no_cookie(client: Client, address: str) -> None:
    assert not client.get(address).cookies


@pytest.mark.parametrize(
    "address", ["/", "/policy/", "/relay/", "/eligibility/?offer=MS-AZR-0003P", "/accounts/login/"]
)
def test_a_first_visit_is_light(client: Client, address: str) -> None:
    response = client.get(address)
    page = Page(response)
    addresses = [each["href"] for each in page.attributes("link")] + [
        each["src"] for each in page.attributes("script")
    ]
    sizes = [_size_of(address) for address in addresses]
    assert len(sizes) >= 5
    assert len(response.content) + sum(sizes) <= LARGEST_FIRST_VISIT


def _size_of(address: str) -> int:
    path = address.removeprefix("/static/")
    parts = path.rsplit(".", 2)  # with a manifest the name holds a hash: base.3f2a….css
    found = finders.find(path) or finders.find(f"{parts[0]}.{parts[-1]}")
    assert isinstance(found, str), address
    return len(gzip.compress(Path(found).read_bytes()))
