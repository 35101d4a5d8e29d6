"""SPF as RFC 7208 has it: results, limits, and questions that nobody answered."""

import pytest

from lookups.dns import Resolver
from lookups.spf import check_host, walk
from lookups.spf_record import SpfSyntaxError, parse
from tests.outside.dns import OutsideDNS

HERE, SIX = "203.0.113.7", "2001:db8::25"


def spf(text: str) -> list[str]:
    return [f'TXT "v=spf1 {text}"']


RESULTS = [
    ("ip4:203.0.113.7 -all", "pass", "ip4:203.0.113.7"),
    ("ip4:203.0.113.0/24 -all", "pass", "ip4:203.0.113.0/24"),
    ("ip4:198.51.100.0/24 -all", "fail", "-all"),
    ("ip4:198.51.100.0/24 ~all", "softfail", "~all"),
    ("ip4:198.51.100.0/24", "neutral", ""),
    ("?all", "neutral", "?all"),
    ("a -all", "pass", "a"),
    ("a:web.example -all", "pass", "a:web.example"),
    ("a:web.example/24 -all", "pass", "a:web.example/24"),
    ("a:other.example/32 -all", "fail", "-all"),
    ("mx -all", "pass", "mx"),
    ("include:_spf.example -all", "pass", "include:_spf.example"),
    ("include:_no.example -all", "fail", "-all"),
    ("redirect=_spf.example", "pass", "ip4:203.0.113.7"),
    ("exists:%{ir}.%{v}.list.example -all", "pass", "exists:%{ir}.%{v}.list.example"),
    ("ptr:web.example -all", "pass", "ptr:web.example"),
    ("-ip4:203.0.113.7 +all", "fail", "-ip4:203.0.113.7"),
    ("A -ALL", "pass", "A"),
    ("unknown=modifier ip4:203.0.113.7 -all", "pass", "ip4:203.0.113.7"),
]

ZONE = {
    "web.example": ["A 203.0.113.7", "AAAA 2001:db8::25"],
    "other.example": ["A 203.0.113.8"],
    "mail.shop.example": ["A 203.0.113.7"],
    "_spf.example": spf("ip4:203.0.113.7 -all"),
    "_no.example": spf("ip4:192.0.2.1 -all"),
    "7.113.0.203.in-addr.list.example": ["A 127.0.0.2"],
    "7.113.0.203.in-addr.arpa": ["PTR web.example."],
    "late.example": ["slow"],
}


@pytest.fixture(autouse=True)
def _zone(dns_server: OutsideDNS) -> None:
    dns_server.zone |= ZONE


def publish(dns_server: OutsideDNS, *texts: str) -> None:
    records = [f'TXT "v=spf1 {text}"' for text in texts]
    dns_server.zone["shop.example"] = [*records, "A 203.0.113.7", "MX 10 mail.shop.example."]


@pytest.mark.parametrize(("text", "result", "matched"), RESULTS)
def test_results(dns_server: OutsideDNS, resolver: Resolver, text: str, result: str, matched: str) -> None:
    publish(dns_server, text)
    found = check_host(HERE, "shop.example", resolver)
    assert (found.result, found.matched) == (result, matched)


def test_ipv6(dns_server: OutsideDNS, resolver: Resolver) -> None:
    publish(dns_server, "ip6:2001:db8::/32 -all")
    assert check_host(SIX, "shop.example", resolver).result == "pass"
    publish(dns_server, "a:web.example//64 -all")
    assert check_host("2001:db8::26", "shop.example", resolver).result == "pass"
    publish(dns_server, "exists:%{ir}.%{v}.list.example -all")
    name = ".".join(reversed("20010db8000000000000000000000025")) + ".ip6.list.example"
    dns_server.zone[name] = ["A 127.0.0.2"]
    assert check_host(SIX, "shop.example", resolver).result == "pass"


def test_no_record_and_no_name_are_none(dns_server: OutsideDNS, resolver: Resolver) -> None:
    dns_server.zone["shop.example"] = ['TXT "v=spf10 -all"', "A 203.0.113.7"]
    assert check_host(HERE, "shop.example", resolver).result == "none"
    assert check_host(HERE, "nobody.example", resolver).result == "none"


PERMANENT = {
    "two records": (["-all", "+all"], "2 SPF records"),
    "a bad term": (["ip4:203.0.113.999 -all"], "ip4:203.0.113.999"),
    "an unknown mechanism": (["ipv4:203.0.113.7 -all"], "ipv4"),
    "an include of nothing": (["include:nobody.example -all"], "without SPF record"),
    "a redirect to nothing": (["redirect=nobody.example"], "without SPF record"),
    "two redirects": (["redirect=_spf.example redirect=_no.example"], "twice"),
    "three void look-ups": (["a:n1.example a:n2.example a:n3.example -all"], "found nothing"),
    "a loop": (["include:shop.example -all"], "more than 10 look-ups"),
}


@pytest.mark.parametrize("case", PERMANENT)
def test_records_that_cannot_be_used(dns_server: OutsideDNS, resolver: Resolver, case: str) -> None:
    texts, why = PERMANENT[case]
    publish(dns_server, *texts)
    found = check_host(HERE, "shop.example", resolver)
    assert found.result == "permerror"
    assert why in found.why


def test_ten_look_ups_do_and_eleven_do_not(dns_server: OutsideDNS, resolver: Resolver) -> None:
    publish(dns_server, " ".join(["a:other.example"] * 10) + " -all")
    assert check_host(HERE, "shop.example", resolver).result == "fail"
    publish(dns_server, " ".join(["a:other.example"] * 11) + " -all")
    fresh = Resolver([dns_server.address], timeout=0.3, lifetime=0.6)
    assert check_host(HERE, "shop.example", fresh).result == "permerror"


def test_a_walk_counts_what_an_early_match_would_skip(dns_server: OutsideDNS, resolver: Resolver) -> None:
    publish(dns_server, "a " + " ".join(["a:other.example"] * 11) + " -all")
    assert check_host(HERE, "shop.example", resolver).result == "pass"
    assert walk("shop.example", resolver).result == "permerror"
    assert walk("_spf.example", resolver).lookups == 0


def test_ten_names_of_one_mx_do_and_eleven_do_not(dns_server: OutsideDNS, resolver: Resolver) -> None:
    for count, result in ((10, "fail"), (11, "permerror")):
        name = f"mx{count}.example"
        dns_server.zone[name] = [*spf("mx -all"), *(f"MX 1 m{number}.example." for number in range(count))]
        dns_server.zone |= {f"m{number}.example": ["A 192.0.2.9"] for number in range(count)}
        assert check_host(HERE, name, resolver).result == result


def test_a_question_that_nobody_answers_is_temporary(dns_server: OutsideDNS, resolver: Resolver) -> None:
    publish(dns_server, "include:late.example -all")
    found = check_host(HERE, "shop.example", resolver)
    assert found.result == "temperror"
    assert "late.example" in found.why


SYNTAX = [
    "ip4:1.2.3",
    "ip6:203.0.113.7",
    "a/33",
    "mx//129",
    "all:x",
    "include:",
    "exists",
    "ip4",
    "=x",
    "a:%{z}.example",
    "+redirect=x.example",
    "a:localhost",
]


@pytest.mark.parametrize("term", SYNTAX)
def test_faulty_terms_are_named(term: str) -> None:
    with pytest.raises(SpfSyntaxError, match=r"needs|follows|term|mechanism|bits|qualifier"):
        parse(f"v=spf1 {term} -all")
