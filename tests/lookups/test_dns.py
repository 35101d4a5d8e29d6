"""What an answer says: there are records, there are none, or nobody knows."""

import socket
from pathlib import Path
from typing import Any

import dns.nameserver
import dns.resolver
import pytest
from django.test import override_settings

from lookups.dns import Resolver, Status
from lookups.dns import resolver as configured
from tests.outside.dns import OutsideDNS

UNKNOWN = {
    "slow": ("no answer in time", True),
    "wrong": ("no answer in time", True),
    "servfail": ("SERVFAIL", True),
    "refused": ("REFUSED", False),
    "lame": ("refers elsewhere", False),
}
"""Why, and whether that may pass."""


def test_records_come_as_text(dns_server: OutsideDNS, resolver: Resolver) -> None:
    dns_server.zone["shop.example"] = ['TXT "v=spf1 " "-all"', "MX 10 mail.shop.example."]
    assert resolver.ask("Shop.Example.", "TXT").records == ("v=spf1 -all",)
    assert resolver.ask("shop.example", "MX").records == ("10 mail.shop.example.",)


def test_a_missing_name_and_missing_records_are_known(dns_server: OutsideDNS, resolver: Resolver) -> None:
    dns_server.zone["shop.example"] = ["A 192.0.2.1"]
    assert resolver.ask("shop.example", "MX").status == Status.NO_RECORDS
    assert resolver.ask("nobody.example", "MX").status == Status.NO_NAME


@pytest.mark.parametrize("how", UNKNOWN)
def test_what_nobody_answers_is_unknown(dns_server: OutsideDNS, resolver: Resolver, how: str) -> None:
    dns_server.zone["odd.example"] = [how]
    answer = resolver.ask("odd.example", "TXT")
    why, may_pass = UNKNOWN[how]
    assert answer.status == Status.UNKNOWN
    assert not answer.is_known
    assert why in answer.why
    assert answer.is_passing is may_pass


@pytest.mark.parametrize(
    "name", ["..", "a" * 64 + ".example", "x." * 130 + "example", "\x00.example", "é" * 70]
)
def test_a_name_that_cannot_be_asked_for_is_no_crash(resolver: Resolver, name: str) -> None:
    assert resolver.ask(name, "A").status in (Status.UNKNOWN, Status.NO_NAME)


def test_a_server_that_is_not_there_is_unknown() -> None:
    answer = Resolver(["127.0.0.1:1"], timeout=0.2, lifetime=0.3).ask("shop.example", "A")
    assert (answer.status, answer.is_passing) == (Status.UNKNOWN, True)


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


@pytest.mark.parametrize(
    ("configured_servers", "asked"),
    [([], {("192.0.2.53", 53), ("2001:db8::53", 53)}), (["198.51.100.53:5353"], {("198.51.100.53", 5353)})],
)
def test_the_systems_servers_are_asked_where_none_is_configured(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    configured_servers: list[str],
    asked: set[tuple[str, int]],
) -> None:
    """By what the system's file names; nothing is sent."""
    of_the_system = tmp_path / "resolv.conf"
    of_the_system.write_text("nameserver 192.0.2.53\nnameserver 2001:db8::53\nsearch office.example\n")
    reads = dns.resolver.Resolver.__init__
    monkeypatch.setattr(reads, "__defaults__", (str(of_the_system), True))
    sent: list[tuple[str, int]] = []

    def sends(server: Any, *given: Any, **named: Any) -> None:
        sent.append((server.address, server.port))
        raise ConnectionRefusedError

    monkeypatch.setattr(dns.nameserver.Do53Nameserver, "query", sends)
    with override_settings(DNS_RESOLVERS=configured_servers):
        answer = configured().ask("shop.example", "A")
    assert set(sent) == asked
    assert answer.server == (", ".join(configured_servers) or "the system's resolver")


def test_a_system_without_servers_of_its_own_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dns.resolver.Resolver.__init__, "__defaults__", (str(tmp_path / "none"), True))
    with override_settings(DNS_RESOLVERS=[]):
        assert configured().ask("shop.example", "A").why == "this desk has no DNS server that it can ask"
