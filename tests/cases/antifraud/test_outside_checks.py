"""The checks that ask the world: what they make of hits, misses, time-outs, refusals and wrong answers."""

import json

import pytest
from django.test import override_settings

from cases.antifraud.checks import blocklists, domain_age, domain_records
from tests.cases.antifraud.examining import AT, examined, findings, seen
from tests.lookups.readiness.test_readiness import READY
from tests.outside.dns import OutsideDNS
from tests.outside.http import OutsideHTTP, Reply, hang, nonsense

LISTS = ["list.example=127.0.0.2:spam source"]
LISTED = "7.113.0.203.list.example"


def registered(moment: str) -> Reply:
    event = {"eventAction": "registration", "eventDate": moment}
    return Reply(200, json.dumps({"events": [event]}).encode())


AGES = [
    (registered("2026-03-09T12:00:00Z"), "flagged", "1 day ago"),
    (registered("2026-02-08T12:00:00Z"), "clear", "30 days ago"),
    (registered("1999-01-01T00:00:00Z"), "clear", "1 Jan 1999"),
    (Reply(404), "unknown", "knows no such domain"),
    (Reply(403), "unknown", "did not answer (HTTPStatusError)"),
    (Reply(429), "unknown", "did not answer (HTTPStatusError)"),
    (Reply(500), "unknown", "did not answer"),
    (Reply(200, b"<html>"), "unknown", "did not answer"),
    (Reply(misbehave=hang), "unknown", "did not answer"),
    (Reply(misbehave=nonsense), "unknown", "did not answer"),
    (Reply(302, headers={"Location": "http://10.0.0.1/"}), "unknown", "Forbidden"),
]


@pytest.mark.parametrize(("reply", "finding", "told"), AGES)
def test_age_of_domains(rdap: OutsideHTTP, reply: Reply, finding: str, told: str) -> None:
    rdap.replies["/domain/shop.co.uk"] = reply
    (signal,) = seen("domain_age", examined(domains=("shop.co.uk", "mail.shop.co.uk")))
    assert signal.finding == finding
    assert told in signal.sentence
    assert bool(signal.evidence["registered"]) != bool(signal.evidence["no_date"])
    assert signal.subject is not None
    assert (signal.subject.value, signal.as_of) == ("shop.co.uk", AT)
    assert rdap.asked == ["/domain/shop.co.uk"], "the registered domain, once"


def test_a_registry_that_refuses_the_connection_is_unknown() -> None:
    with override_settings(RDAP_URL="http://127.0.0.1:1", HTTP_ALLOWED=frozenset({"127.0.0.1:1"})):
        (signal,) = seen("domain_age", examined())
    assert (signal.finding, "ConnectError" in signal.sentence) == ("unknown", True)


def test_what_there_was_no_time_for_is_unknown(rdap: OutsideHTTP, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domain_age, "ASKS_FOR", 0)
    assert findings("domain_age", examined()) == {"domain_age": "unknown"}
    monkeypatch.setattr(domain_records, "ASKS_FOR", -1)
    monkeypatch.setattr(blocklists, "ASKS_FOR", -1)
    assert set(findings("domain_records", examined()).values()) == {"unknown"}
    with override_settings(BLOCKLISTS=LISTS):
        assert findings("blocklists", examined()) == {"blocklist": "unknown"}
    assert rdap.asked == []


def test_a_policy_code_is_told_and_is_no_evidence(dns_server: OutsideDNS) -> None:
    dns_server.zone[LISTED] = ["A 127.0.0.10"]
    with override_settings(BLOCKLISTS=LISTS):
        (signal,) = seen("blocklists", examined())
    assert signal.finding == "clear"
    assert signal.sentence == "203.0.113.7 is listed for no reason that counts on list.example."
    assert signal.evidence["codes"] == ["127.0.0.10"]


@pytest.mark.parametrize(
    ("records", "finding"),
    [
        (["A 127.0.0.2"], "flagged"),
        (None, "clear"),
        (["A 127.0.0.10"], "clear"),
        (["A 127.255.255.254"], "unknown"),
        (["A 203.0.113.99"], "unknown"),
        (["slow"], "unknown"),
        (["wrong"], "unknown"),
        (["servfail"], "unknown"),
        (["refused"], "unknown"),
        (["lame"], "unknown"),
    ],
)
def test_blocklists(dns_server: OutsideDNS, records: list[str] | None, finding: str) -> None:
    if records is not None:
        dns_server.zone[LISTED] = records
    with override_settings(BLOCKLISTS=LISTS):
        assert findings("blocklists", examined()) == {"blocklist": finding}


def test_without_blocklists_none_is_asked(dns_server: OutsideDNS) -> None:
    with override_settings(BLOCKLISTS=[]):
        assert seen("blocklists", examined()) == []
    assert dns_server.asked == []


def test_records_that_are_right_are_clear(dns_server: OutsideDNS) -> None:
    dns_server.zone = dict(READY)
    found = findings("domain_records", examined(dkim_selector="s1", helo_name="mail.shop.example"))
    assert set(found) == {"mx", "spf", "spf_address", "dkim", "dmarc", "ptr", "fcrdns", "helo"}
    assert set(found.values()) == {"clear"}


def test_records_that_are_not_there_are_flagged(dns_server: OutsideDNS) -> None:
    found = findings("domain_records", examined(dkim_selector="s1", helo_name="mail.shop.example"))
    assert {found[part] for part in ("mx", "spf", "dkim", "dmarc", "ptr", "helo")} == {"flagged"}
    assert "clear" not in found.values()


@pytest.mark.parametrize("how", ["servfail", "refused", "lame", "wrong", "slow"])
def test_records_that_nobody_tells_are_unknown(dns_server: OutsideDNS, how: str) -> None:
    names = [*READY, "_dmarc.shop.example", "shop.example"]
    dns_server.zone = {name: [how] for name in names}
    found = findings("domain_records", examined(dkim_selector="s1", helo_name="mail.shop.example"))
    assert set(found.values()) == {"unknown"}


def test_what_was_not_given_is_not_judged_and_an_address_is_once(dns_server: OutsideDNS) -> None:
    signals = seen("domain_records", examined(domains=("shop.example", "two.example")))
    parts = [signal.part for signal in signals]
    assert not {"dkim", "helo"} & set(parts)
    assert (parts.count("mx"), parts.count("spf_address"), parts.count("ptr")) == (2, 2, 1)


def test_silent_domains_do_not_hide_what_another_says(
    dns_server: OutsideDNS, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has its share of the time, wherever it stands; of a domain what tells most is asked first."""
    monkeypatch.setattr(domain_records, "ASKS_FOR", 4)
    silent = [f"{name}.example" for name in ("one", "two", "three")]
    dns_server.zone = dict(READY) | {"shop.example": ['TXT "v=spf1 +all"']}
    for name in silent:
        dns_server.zone |= {name: ["slow"], f"_dmarc.{name}": ["slow"]}
    signals = seen("domain_records", examined(domains=(*silent, "shop.example")))
    told = {(signal.evidence["domain"], signal.part): signal.finding for signal in signals}
    assert told["shop.example", "spf"] == "flagged"
    assert {told[name, "spf"] for name in silent} == {"unknown"}
    assert told["one.example", "ptr"] == "clear", "the addresses have a share of their own"
