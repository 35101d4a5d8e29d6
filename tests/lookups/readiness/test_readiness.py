"""Each item of readiness: pass, fail with the record to publish, or could not be checked."""

from collections.abc import Sequence

import pytest

from lookups.dns import Resolver
from lookups.readiness import readiness
from lookups.readiness.items import Line
from tests.outside.dns import OutsideDNS

HERE, SIX = "203.0.113.7", "2001:db8::25"
REVERSE = "7.113.0.203.in-addr.arpa"
SIX_REVERSE = "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
KEY = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ=="
SELECTOR = "s1._domainkey.shop.example"

READY: dict[str, Sequence[str]] = {
    "shop.example": [
        "MX 10 mail.shop.example.",
        'TXT "v=spf1 ip4:203.0.113.7 ip6:2001:db8::25 -all"',
        'TXT "other"',
    ],
    "mail.shop.example": ["A 203.0.113.7", "AAAA 2001:db8::25"],
    SELECTOR: [f'TXT "v=DKIM1; k=rsa; p={KEY}"'],
    "_dmarc.shop.example": ['TXT "v=DMARC1; p=reject"'],
    REVERSE: ["PTR mail.shop.example."],
    SIX_REVERSE: ["PTR mail.shop.example."],
}


def look(
    resolver: Resolver, addresses: Sequence[str] = (HERE, SIX), **given: str
) -> dict[tuple[str, str], Line]:
    asked = {"selector": "s1", "helo": "mail.shop.example"} | given
    lines = readiness("Shop.Example.", addresses, resolver, selector=asked["selector"], helo=asked["helo"])
    return {(line.item.value, line.subject): line for line in lines}


def test_all_is_ready(dns_server: OutsideDNS, resolver: Resolver) -> None:
    dns_server.zone |= READY
    found = look(resolver)
    assert [(*key, line.status.value, line.publish) for key, line in found.items()] == [
        ("mx", "shop.example", "pass", None),
        ("spf", "shop.example", "pass", None),
        ("spf_address", HERE, "pass", None),
        ("spf_address", SIX, "pass", None),
        ("dkim", SELECTOR, "pass", None),
        ("dmarc", "shop.example", "pass", None),
        ("ptr", HERE, "pass", None),
        ("fcrdns", HERE, "pass", None),
        ("ptr", SIX, "pass", None),
        ("fcrdns", SIX, "pass", None),
        ("helo", "mail.shop.example", "pass", None),
    ]


FAILING = [
    (
        "mx",
        "shop.example",
        {"shop.example": ['TXT "x"']},
        "no MX",
        "shop.example. IN MX 10 mail.shop.example.",
    ),
    ("mx", "shop.example", {"shop.example": ["MX 0 ."]}, "takes no mail", "IN MX 10"),
    ("mx", "shop.example", {"mail.shop.example": ["empty"]}, "No MX leads to", "IN MX 10"),
    (
        "spf",
        "shop.example",
        {"shop.example": ["MX 10 mail.shop.example."]},
        "no SPF",
        'shop.example. IN TXT "v=spf1 ip4:203.0.113.7 ip6:2001:db8::25 -all"',
    ),
    (
        "spf",
        "shop.example",
        {"shop.example": ['TXT "v=spf1 mx -all"', 'TXT "v=spf1 ip4:203.0.113.7 ~all"']},
        "2 SPF records",
        'TXT "v=spf1 ip6:2001:db8::25 mx ip4:203.0.113.7 -all"',
    ),
    ("spf", "shop.example", {"shop.example": ['TXT "v=spf1 mx +all"']}, "+all", "mx -all"),
    (
        "spf",
        "shop.example",
        {"shop.example": ['TXT "v=spf1 include:open.example -all"'], "open.example": ['TXT "v=spf1 +all"']},
        "leads to ends in +all",
        'TXT "v=spf1 ip4:203.0.113.7 ip6:2001:db8::25 -all"',
    ),
    (
        "spf",
        "shop.example",
        {"shop.example": ['TXT "v=spf1 redirect=open.example"'], "open.example": ['TXT "v=spf1 +all"']},
        "leads to ends in +all",
        'TXT "v=spf1 ip4:203.0.113.7 ip6:2001:db8::25 -all"',
    ),
    (
        "spf",
        "shop.example",
        {"shop.example": ['TXT "v=spf1 mx include:none.example ~all"'], "none.example": ["empty"]},
        "include:none.example leads to a domain without SPF record",
        'TXT "v=spf1 ip4:203.0.113.7 ip6:2001:db8::25 mx ~all"',
    ),
    (
        "spf_address",
        HERE,
        {
            "shop.example": ['TXT "v=spf1 redirect=mail.example"'],
            "mail.example": ['TXT "v=spf1 ip4:192.0.2.1 -all"'],
        },
        "its record refuses the address",
        'TXT "v=spf1 ip4:203.0.113.7 ip6:2001:db8::25 include:mail.example -all"',
    ),
    (
        "spf",
        "shop.example",
        {"shop.example": ['TXT "v=spf1 ip4:203.0.113.700 -all"']},
        "ip4:203.0.113.700",
        "-all",
    ),
    (
        "spf_address",
        HERE,
        {"shop.example": ['TXT "v=spf1 ip4:192.0.2.1 ~all"']},
        "its record calls the address doubtful (~all)",
        'TXT "v=spf1 ip4:203.0.113.7 ip6:2001:db8::25 ip4:192.0.2.1 ~all"',
    ),
    ("dkim", SELECTOR, {SELECTOR: ["empty"]}, "no key", f"{SELECTOR}. IN TXT"),
    ("dkim", SELECTOR, {SELECTOR: ['TXT "v=DKIM1; p="']}, "revoked", "p="),
    ("dkim", SELECTOR, {SELECTOR: ['TXT "v=DKIM1; p=%%%"']}, "base64", "p="),
    ("dkim", SELECTOR, {SELECTOR: [f'TXT "k=dsa; p={KEY}"']}, "ignore: k=dsa", "k=rsa"),
    ("dkim", SELECTOR, {SELECTOR: [f'TXT "k=rsa\x00; p={KEY}"']}, "ignore: k=rsa\\x00.", "k=rsa"),
    ("dkim", SELECTOR, {SELECTOR: [f'TXT "v=DKIM1\x00; p={KEY}"']}, "version 1: v=DKIM1\\x00.", "k=rsa"),
    ("dmarc", "shop.example", {"_dmarc.shop.example": ["empty"]}, "no DMARC", "_dmarc.shop.example. IN TXT"),
    ("dmarc", "shop.example", {"_dmarc.shop.example": ['TXT "v=DMARC1; p=maybe"']}, "p=", "v=DMARC1"),
    ("ptr", HERE, {REVERSE: ["empty"]}, "no name", f"{REVERSE}. IN PTR mail.shop.example."),
    (
        "fcrdns",
        HERE,
        {REVERSE: ["PTR elsewhere.example."]},
        "does not lead back",
        "elsewhere.example. IN A 203.0.113.7",
    ),
    (
        "helo",
        "mail.shop.example",
        {"mail.shop.example": ["A 192.0.2.9"]},
        "does not lead",
        "IN A 203.0.113.7",
    ),
]


@pytest.mark.parametrize(("item", "subject", "change", "why", "publish"), FAILING)
def test_what_fails_says_what_to_publish(
    dns_server: OutsideDNS,
    resolver: Resolver,
    item: str,
    subject: str,
    change: dict[str, list[str]],
    why: str,
    publish: str,
) -> None:
    dns_server.zone |= READY | change
    line = look(resolver)[item, subject]
    assert line.status == "fail"
    assert why in line.detail
    assert publish in line.as_json()["publish"]


@pytest.mark.parametrize("key_type", ["", "k=rsa; ", "k = ed25519 ; "])
def test_a_dkim_key_of_a_known_type_passes(dns_server: OutsideDNS, resolver: Resolver, key_type: str) -> None:
    dns_server.zone |= READY | {SELECTOR: [f'TXT "v=DKIM1; {key_type}p={KEY}"']}
    assert look(resolver)["dkim", SELECTOR].status == "pass"


@pytest.mark.parametrize(
    ("names", "of_nothing", "told"),
    [
        (10, 0, "it takes 10 of at most 10 look-ups"),
        (11, 0, "more than 10 look-ups are needed; a:n11.example is one too many"),
        (3, 2, "it takes 3 of at most 10 look-ups"),
        (3, 3, "more than 2 look-ups found nothing, the last of them n3.example"),
    ],
)
def test_spf_may_take_ten_look_ups_and_two_that_find_nothing(
    dns_server: OutsideDNS, resolver: Resolver, names: int, of_nothing: int, told: str
) -> None:
    """RFC 7208, section 4.6.4: the record itself, and each address that it would have to cover."""
    terms = [f"a:n{number}.example" for number in range(1, names + 1)]
    dns_server.zone |= READY | {
        f"n{number}.example": ["A 192.0.2.1"] for number in range(of_nothing + 1, names + 1)
    }
    dns_server.zone["shop.example"] = [f'TXT "v=spf1 {" ".join(terms)} ip4:{HERE} -all"']
    found = look(resolver, [HERE])
    record, address = found["spf", "shop.example"], found["spf_address", HERE]
    assert told in record.detail
    is_usable = told.startswith("it takes")
    assert {record.status, address.status} == {"pass" if is_usable else "fail"}
    if not is_usable:
        mended = str(record.publish)
        assert mended == f'shop.example. IN TXT "v=spf1 ip4:{HERE} -all"'
        dns_server.zone["shop.example"] = [mended.partition(" IN ")[2]]
        assert look(Resolver([dns_server.address]), [HERE])["spf", "shop.example"].status == "pass"


UNKNOWN = [
    ("mx", "shop.example", "shop.example"),
    ("spf", "shop.example", "shop.example"),
    ("spf_address", HERE, "shop.example"),
    ("dkim", SELECTOR, SELECTOR),
    ("dmarc", "shop.example", "_dmarc.shop.example"),
    ("ptr", HERE, REVERSE),
    ("fcrdns", HERE, REVERSE),
    ("fcrdns", HERE, "mail.shop.example"),
    ("helo", "mail.shop.example", "mail.shop.example"),
]


@pytest.mark.parametrize(("item", "subject", "name"), UNKNOWN)
@pytest.mark.parametrize("how", ["servfail", "refused", "slow", "lame"])
def test_what_nobody_answers_is_unknown(
    dns_server: OutsideDNS, resolver: Resolver, item: str, subject: str, name: str, how: str
) -> None:
    dns_server.zone |= READY | {name: [how]}
    line = look(resolver)[item, subject]
    assert line.status == "unknown"
    assert line.publish is None


def test_dmarc_of_the_registered_domain_covers_those_below(
    dns_server: OutsideDNS, resolver: Resolver
) -> None:
    dns_server.zone["_dmarc.shop.example"] = ['TXT "v=DMARC1; p=none"']
    found = {line.item.value: line for line in readiness("news.shop.example", [], resolver)}
    assert found["dmarc"].status == "pass"
    assert "_dmarc.shop.example says p=none" in found["dmarc"].detail


def test_what_was_not_given_was_not_asked(dns_server: OutsideDNS, resolver: Resolver) -> None:
    """Not as what nobody answered: the status is unknown, and the words say why."""
    dns_server.zone |= READY
    found = look(resolver, selector="", helo="")
    for key in (("dkim", "shop.example"), ("helo", "shop.example")):
        assert (found[key].status, found[key].is_asked) == ("unknown", False)
        assert found[key].detail.startswith("Not asked: give the ")
    assert all(line.is_asked for line in look(resolver).values())


PRESENT = [
    ("mx", "shop.example", {"shop.example": ["MX 0 ."]}, "0 ."),
    ("spf", "shop.example", {"shop.example": ['TXT "v=spf1 mx +all"']}, "v=spf1 mx +all"),
    ("spf_address", HERE, {"shop.example": ['TXT "v=spf1 ~all"']}, "v=spf1 ~all"),
    ("dkim", SELECTOR, {SELECTOR: ['TXT "v=DKIM1; p="']}, "v=DKIM1; p="),
    ("dmarc", "shop.example", {"_dmarc.shop.example": ['TXT "v=DMARC1; p=maybe"']}, "v=DMARC1; p=maybe"),
]


@pytest.mark.parametrize(("item", "subject", "change", "present"), PRESENT)
def test_what_is_to_be_replaced_is_shown_beside_its_successor(
    dns_server: OutsideDNS, item: str, subject: str, change: dict[str, list[str]], present: str
) -> None:
    dns_server.zone |= READY
    assert look(Resolver([dns_server.address]))[item, subject].present == ()
    dns_server.zone |= change
    line = look(Resolver([dns_server.address]))[item, subject]
    assert (line.publish is not None, line.present) == (True, (present,))
