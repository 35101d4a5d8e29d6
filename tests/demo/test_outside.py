"""The demo's world outside: what it says, that nobody else is asked, and that it is there in demo mode alone."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from demo.outside import Outside, running
from engines.outside import BLOCKLIST, outside_world
from engines.supervisor import supervised
from lookups.blocklists import look_up, parse
from lookups.dns import Resolver, Status, resolver
from lookups.rdap import registration

TODAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def outside() -> Iterator[Outside]:
    """Answering within the process, before anything was mended."""
    outside = Outside(TODAY, is_before_mended=True)
    with running(outside) as reached, override_settings(**reached):
        yield outside


@pytest.mark.parametrize(
    ("name", "kind", "status"),
    [
        ("fjordlight.example", "MX", Status.FOUND),
        ("fjordlight.example", "AAAA", Status.NO_RECORDS),
        ("nobody.example", "A", Status.NO_NAME),
        ("canteenware.example", "MX", Status.UNKNOWN),
        ("deep.below.canteenware.example", "A", Status.UNKNOWN),
    ],
)
@pytest.mark.usefixtures("outside")
def test_names_are_there_empty_missing_or_silent(name: str, kind: str, status: Status) -> None:
    assert resolver().ask(name, kind).status == status


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize("address", ["203.0.113.10", "2001:db8:10::25"])
def test_an_address_and_its_name_lead_to_each_other(address: str) -> None:
    asks = resolver()
    (name,) = asks.ask_reverse(address).records
    assert address in asks.ask(name, "AAAA" if ":" in address else "A").records


def test_what_was_mended_answers_as_it_does_today(outside: Outside) -> None:
    assert resolver().ask("_dmarc.linden-choir.example", "TXT").status == Status.NO_NAME
    outside.mend("_dmarc.linden-choir.example")
    assert resolver().ask("_dmarc.linden-choir.example", "TXT").status == Status.FOUND


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(
    ("address", "is_listed"), [("198.51.100.80", True), ("203.0.113.10", False), ("203.0.113.156", None)]
)
def test_the_blocklist_lists_some(address: str, is_listed: bool | None) -> None:
    (blocklist,) = parse([BLOCKLIST])
    assert look_up(address, blocklist, resolver()).is_listed is is_listed


@pytest.mark.usefixtures("outside")
def test_registries_know_old_domains_young_ones_and_none() -> None:
    old, young = registration("fjordlight.example"), registration("millbrook-deals.example")
    assert old.registered_at == datetime(2009, 3, 17, tzinfo=UTC)
    assert young.registered_at == TODAY - timedelta(days=9)
    assert registration("nobody.example").why == "the registry knows no such domain"
    assert registration("canteenware.example").why.startswith("RDAP did not answer")


def test_as_a_program_it_answers_where_the_environment_says() -> None:
    with outside_world({"DEMO": "1", "PATH": "/bin"}) as (environment, programs), supervised(programs):
        answer = Resolver([environment["DNS_RESOLVERS"]], lifetime=20).ask("fjordlight.example", "MX")
        assert answer.status == Status.FOUND
        with override_settings(
            DNS_RESOLVERS=[environment["DNS_RESOLVERS"]],
            RDAP_URL=environment["RDAP_URL"],
            HTTP_ALLOWED=frozenset({environment["HTTP_ALLOWED"]}),
        ):
            assert registration("fjordlight.example").registered_at is not None


def test_what_the_user_named_is_left_alone() -> None:
    with outside_world({"DEMO": "1", "DNS_RESOLVERS": "192.0.2.53:53"}) as (environment, _):
        assert environment["DNS_RESOLVERS"] == "192.0.2.53:53"
        assert environment["RDAP_URL"].startswith("http://127.0.0.1:"), "they know no name of the demo's"
        assert environment["BLOCKLISTS"] == BLOCKLIST


def test_outside_demo_mode_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", lambda *_: pytest.fail("a socket was opened"))
    with outside_world({"DEMO": "0"}) as (environment, programs):
        assert (environment, programs) == ({"DEMO": "0"}, [])
