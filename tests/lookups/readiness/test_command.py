"""``manage.py readiness``."""

import json
from collections.abc import Sequence
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from tests.lookups.readiness.test_readiness import HERE, READY, REVERSE, SELECTOR, SIX, SIX_REVERSE
from tests.outside.dns import OutsideDNS


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("readiness", "--domain", "shop.example", *arguments, stdout=out)
    return out.getvalue()


GIVEN = ["--address", HERE, "--address", SIX, "--selector", "s1", "--helo", "mail.shop.example"]
SPF = 'shop.example. IN TXT "v=spf1 ip4:203.0.113.7 ip6:2001:db8::25 -all"'
KEY_TO_PUBLISH = f'{SELECTOR}. IN TXT "v=DKIM1; k=rsa; p=<the public key that your mail server made>"'
POLICY = '_dmarc.shop.example. IN TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@shop.example"'
TO_FOUR, TO_SIX = "mail.shop.example. IN A 203.0.113.7", "mail.shop.example. IN AAAA 2001:db8::25"
EVERY = {
    ("mx", "shop.example"): (
        "Mail is taken by mail.shop.example.",
        "There is no MX record.",
        "shop.example. IN MX 10 mail.shop.example.",
    ),
    ("spf", "shop.example"): ("One valid record; it takes 0 of at most 10", "There is no SPF record.", SPF),
    ("spf_address", HERE): ("lets it send: ip4:203.0.113.7.", "it has no SPF record", SPF),
    ("spf_address", SIX): ("lets it send: ip6:2001:db8::25.", "it has no SPF record", SPF),
    ("dkim", SELECTOR): ("The key is there and not revoked.", "There is no key.", KEY_TO_PUBLISH),
    ("dmarc", "shop.example"): ("_dmarc.shop.example says p=reject.", "There is no DMARC record.", POLICY),
    ("ptr", HERE): (
        "is called mail.shop.example.",
        "has no name (PTR record)",
        f"{REVERSE}. IN PTR mail.shop.example.",
    ),
    ("fcrdns", HERE): ("Name and address lead to each other.", "has no name to lead back from", TO_FOUR),
    ("ptr", SIX): (
        "is called mail.shop.example.",
        "has no name (PTR record)",
        f"{SIX_REVERSE}. IN PTR mail.shop.example.",
    ),
    ("fcrdns", SIX): ("Name and address lead to each other.", "has no name to lead back from", TO_SIX),
    ("helo", "mail.shop.example"): (
        "leads to the address that it greets from",
        "does not lead to a stated address",
        TO_FOUR,
    ),
}
"""Each item and subject: what it says where all is ready, and where nothing is there, with what to publish."""


ZONES: dict[str, dict[str, Sequence[str]]] = {
    "pass": READY,
    "fail": {},
    "unknown": dict.fromkeys(READY, ("servfail",)),
}


@pytest.mark.parametrize("status", ["pass", "fail", "unknown"])
def test_every_item_as_json_and_as_text(dns_server: OutsideDNS, status: str) -> None:
    """Of every address that is given, in the order that people mend them."""
    dns_server.zone |= ZONES[status]
    with override_settings(DNS_RESOLVERS=[dns_server.address]):
        found, told = json.loads(run(*GIVEN, "--json")), run(*GIVEN)
    assert [(line["item"], line["subject"]) for line in found] == list(EVERY)
    for line, (ready, missing, publish) in zip(found, EVERY.values(), strict=True):
        assert set(line) == {"item", "subject", "status", "detail", "publish"}
        expected = {"pass": ready, "fail": missing, "unknown": "could not be"}[status]
        assert (line["status"], line["publish"]) == (status, publish if status == "fail" else "")
        assert expected in line["detail"], line["item"]
        mark = {"pass": "pass", "fail": "FAIL", "unknown": "unknown"}[status]
        assert f"{mark:<9}  {line['item']:<12} {line['subject']}: {line['detail']}" in told
        assert (f"publish: {publish}" in told) is (status == "fail")


def test_what_was_not_given_was_not_asked(dns_server: OutsideDNS) -> None:
    dns_server.zone |= READY
    with override_settings(DNS_RESOLVERS=[dns_server.address]):
        found, told = json.loads(run("--json")), run()
    statuses = {line["item"]: (line["status"], line["detail"].partition(":")[0]) for line in found}
    assert [item for item, told_of in statuses.items() if told_of == ("unknown", "Not asked")] == [
        "dkim",
        "helo",
    ]
    assert {item for item, (status, _) in statuses.items() if status == "pass"} == {"mx", "spf", "dmarc"}
    assert "not asked  helo" in told
    assert "unknown" not in told


def test_what_is_replaced_stands_beside_what_to_publish(dns_server: OutsideDNS) -> None:
    dns_server.zone |= READY | {"_dmarc.shop.example": ['TXT "v=DMARC1; p=maybe"']}
    with override_settings(DNS_RESOLVERS=[dns_server.address]):
        told = run()
    assert told.index("there is: v=DMARC1; p=maybe") < told.index("publish: _dmarc.shop.example. IN TXT")


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("--domain", "bad domain", "“bad domain” is no domain name"),
        ("--domain", "", "Nothing is no domain name"),
        ("--address", "203.0.113.700", r"“203\.0\.113\.700” is no IP address"),
        ("--selector", "a b", "“a b” is no DKIM selector"),
        ("--helo", "mail", "“mail” is no domain name"),
    ],
)
def test_what_the_page_refuses_is_refused_by_the_option(option: str, value: str, why: str) -> None:
    with pytest.raises(CommandError, match=f"^{option}: {why}"):
        run(option, value)
