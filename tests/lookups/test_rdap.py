"""RDAP through the guarded client: when a domain was registered, or why that is not known."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import override_settings

from lookups import guarded
from lookups.rdap import registration
from tests.outside.http import OutsideHTTP, Reply, drip_body, flood, hang, nonsense, outside_http

PATH = "/domain/shop.example"


@pytest.fixture
def rdap(monkeypatch: pytest.MonkeyPatch) -> Iterator[OutsideHTTP]:
    monkeypatch.setattr(guarded, "TIMEOUT", 0.3)
    monkeypatch.setattr(guarded, "LONGEST", 0.6)
    with (
        outside_http() as server,
        override_settings(RDAP_URL=f"{server.url}/", HTTP_ALLOWED=frozenset({server.place})),
    ):
        yield server


def events(*given: Any) -> Reply:
    return Reply(200, json.dumps({"objectClassName": "domain", "events": given}).encode())


def registered(date: Any) -> dict[str, Any]:
    return {"eventAction": "registration", "eventDate": date}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1995-08-14T04:00:00Z", datetime(1995, 8, 14, 4, tzinfo=UTC)),
        ("2020-01-01T01:00:00.5+01:00", datetime(2020, 1, 1, 0, 0, 0, 500000, tzinfo=UTC)),
    ],
)
def test_the_registration_is_found_among_other_events(rdap: OutsideHTTP, text: str, moment: datetime) -> None:
    other = {"eventAction": "last changed", "eventDate": "2026-01-01T00:00:00Z"}
    rdap.replies[PATH] = events(other, registered(text))
    found = registration("shop.example")
    assert (found.registered_at, found.why) == (moment, "")
    assert found.source == f"{rdap.url}{PATH}"
    assert rdap.headers[0]["Accept"] == "application/rdap+json"


def test_a_domain_cannot_lead_elsewhere_on_the_service(rdap: OutsideHTTP) -> None:
    registration("../ip/10.0.0.1?x#y")
    assert rdap.asked == ["/domain/..%2Fip%2F10.0.0.1%3Fx%23y"]


@pytest.mark.parametrize(
    ("name", "is_known"), [("SHOP.example.", True), ("other.example", False), (7, False)]
)
def test_an_answer_about_another_domain_is_none(rdap: OutsideHTTP, name: Any, is_known: bool) -> None:
    answer = {"ldhName": name, "events": [registered("1995-08-14T04:00:00Z")]}
    rdap.replies[PATH] = Reply(200, json.dumps(answer).encode())
    assert (registration("shop.example").registered_at is not None) == is_known


UNKNOWN = {
    "no such domain": (Reply(404), "knows no such domain"),
    "a refusal": (Reply(403), "HTTPStatusError"),
    "not without a name": (Reply(401), "HTTPStatusError"),
    "too often": (Reply(429), "HTTPStatusError"),
    "an error": (Reply(500), "HTTPStatusError"),
    "not now": (Reply(503), "HTTPStatusError"),
    "no events": (Reply(200, b"{}"), "names no registration"),
    "other events": (events({"eventAction": "expiration"}, 5, None), "names no registration"),
    "no time zone": (events(registered("2020-01-01T00:00:00")), "names no registration"),
    "no date": (events(registered(5)), "names no registration"),
    "a bad date": (events(registered("yesterday")), "did not answer"),
    "a list": (Reply(200, b"[]"), "did not answer"),
    "events of another kind": (Reply(200, b'{"events": 5}'), "did not answer"),
    "a page": (Reply(200, b"<html>"), "did not answer"),
    "bytes": (Reply(200, b"\xff\xfe\x00"), "did not answer"),
    "deep nesting": (Reply(200, b"[" * 200_000), "did not answer"),
    "packed": (Reply(200, b"\x1f\x8b", {"Content-Encoding": "gzip"}), "did not answer"),
    "time-out": (Reply(misbehave=hang), "ReadTimeout"),
    "a drip": (Reply(misbehave=drip_body), "did not answer"),
    "10 MB": (Reply(misbehave=flood), "TooMuch"),
    "no HTTP": (Reply(misbehave=nonsense), "RemoteProtocolError"),
    "a way inside": (Reply(302, headers={"Location": "http://127.0.0.2/"}), "Forbidden"),
}


MAY_PASS = {"too often", "an error", "not now", "time-out", "a drip"}


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_is_no_answer_leaves_the_age_unknown(rdap: OutsideHTTP, case: str) -> None:
    rdap.replies[PATH], why = UNKNOWN[case]
    found = registration("shop.example")
    assert found.registered_at is None
    assert why in found.why
    assert found.is_passing is (case in MAY_PASS)


def test_a_service_that_is_not_there_or_not_allowed_leaves_it_unknown() -> None:
    with override_settings(RDAP_URL="http://127.0.0.1:1", HTTP_ALLOWED=frozenset({"127.0.0.1:1"})):
        found = registration("shop.example")
        assert ("ConnectError" in found.why, found.is_passing) == (True, True)
    with override_settings(RDAP_URL="http://127.0.0.1:1"):
        found = registration("shop.example")
        assert ("Forbidden" in found.why, found.is_passing) == (True, False)
