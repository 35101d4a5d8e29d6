"""What an answer says: there are records, there are none, or nobody knows."""

import socket

import pytest
from django.test import override_settings

from lookups.dns import Resolver, Status
from lookups.dns import resolver as configured
from tests.outside.dns import OutsideDNS

UNKNOWN = {
    "slow": "no answer in time",
    "wrong": "no answer in time",
    "servfail": "SERVFAIL",
    "refused": "REFUSED",
    "lame": "refers elsewhere",
}


def test_records_come_as_text(dns_server: OutsideDNS, resolver: Resolver) -> None:
    dns_server.zone["shop.example"] = ['TXT "v=spf1 " "-all"', "MX 10 mail.shop.example."]
    assert resolver.ask("Shop.Example.", "TXT").records == ("v=spf1 -all",)
    assert resolver.ask("shop.example", "MX").records == ("10 mail.shop.example.",)


def test_a_missing_name_and_missing_records_are_known(dns_server: OutsideDNS, resolver: Resolver) -> None:
    dns_server.zone["shop.example"] = ["A 192.0.2.1"]
    assert resolver.ask("shop.example", "MX").status == Status.NO_RECORDS
    assert resolver.ask("nobody.example", "MX").status == Status.NO_NAME


@pytest.mark.parametrize(("how", "why"), UNKNOWN.items())
def test_what_nobody_answers_is_unknown(
    dns_server: OutsideDNS, resolver: Resolver, how: str, why: str
) -> None:
    dns_server.zone["odd.example"] = [how]
    answer = resolver.ask("odd.example", "TXT")
    assert answer.status == Status.UNKNOWN
    assert not answer.is_known
    assert why in answer.why


@pytest.mark.parametrize(
    "name", ["..", "a" * 64 + ".example", "x." * 130 + "example", "\x00.example", "é" * 70]
)
def test_a_name_that_cannot_be_asked_for_is_no_crash(resolver: Resolver, name: str) -> None:
    assert resolver.ask(name, "A").status in (Status.UNKNOWN, Status.NO_NAME)


def test_a_server_that_is_not_there_is_unknown() -> None:
    answer = Resolver(["127.0.0.1:1"], timeout=0.2, lifetime=0.3).ask("shop.example", "A")
    assert answer.status == Status.UNKNOWN


def test_the_reverse_of_both_families(dns_server: OutsideDNS, resolver: Resolver) -> None:
    dns_server.zone["7.113.0.203.in-addr.arpa"] = ["PTR mail.shop.example."]
    six = "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
    dns_server.zone[six] = ["PTR six.shop.example."]
    assert resolver.ask_reverse("203.0.113.7").records == ("mail.shop.example.",)
    assert resolver.ask_reverse("2001:db8::25").records == ("six.shop.example.",)


def test_each_question_is_put_once(dns_server: OutsideDNS, resolver: Resolver) -> None:
    dns_server.zone["shop.example"] = ["A 192.0.2.1"]
    resolver.ask("shop.example", "A")
    resolver.ask("SHOP.example.", "A")
    assert dns_server.asked == [("shop.example", "A")]


def test_what_is_asked_too_late_is_unknown_at_once(dns_server: OutsideDNS) -> None:
    dns_server.zone["shop.example"] = ["A 192.0.2.1"]
    answer = Resolver([dns_server.address], seconds=-1).ask("shop.example", "A")
    assert answer.status == Status.UNKNOWN
    assert dns_server.asked == []


def test_the_time_that_is_left_bounds_the_question_that_is_open() -> None:
    """A silent server: a question that might wait for a minute is given up with the whole."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.setblocking(False)
        server = f"127.0.0.1:{silent.getsockname()[1]}"
        answer = Resolver([server], timeout=0.2, lifetime=6, seconds=1).ask("shop.example", "A")
        assert answer.why == "no answer in time"
        assert 1 <= _packets(silent) <= 6


def _packets(received: socket.socket) -> int:
    count = 0
    while True:
        try:
            received.recv(512)
        except BlockingIOError:
            return count
        count += 1


@pytest.mark.parametrize("servers", [["evil.example:53"], ["127.0.0.1"]])
def test_a_server_that_cannot_be_asked_is_unknown_and_no_crash(servers: list[str]) -> None:
    with override_settings(DNS_RESOLVERS=servers):
        answer = configured().ask("shop.example", "A")
    assert (answer.status, answer.why) == (Status.UNKNOWN, "this desk has no DNS server that it can ask")
