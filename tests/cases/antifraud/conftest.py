"""Checks on real servers: DNS and HTTP on loopback, named by the settings as an operator would; and requests."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import override_settings

from cases.actions import customer as customer_actions
from cases.actions.checks import end_round, start_checks
from cases.actors import SYSTEM
from cases.models import Case
from lookups import dns, guarded
from subscriptions.models import Customer
from tests.cases.antifraud.desk import Ask
from tests.outside.dns import OutsideDNS, outside_dns
from tests.outside.http import OutsideHTTP, outside_http
from tests.world import DETAILS, World


@pytest.fixture
def dns_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OutsideDNS]:
    """A DNS server with an empty zone; the product waits less long for it than in earnest."""
    monkeypatch.setattr(
        dns.Resolver.__init__, "__kwdefaults__", {"timeout": 0.3, "lifetime": 0.6, "seconds": 60}
    )
    with outside_dns() as server, override_settings(DNS_RESOLVERS=[server.address]):
        yield server


@pytest.fixture
def rdap(monkeypatch: pytest.MonkeyPatch) -> Iterator[OutsideHTTP]:
    """An RDAP service that knows nobody."""
    monkeypatch.setattr(guarded, "TIMEOUT", 0.3)
    with (
        outside_http() as server,
        override_settings(RDAP_URL=server.url, HTTP_ALLOWED=frozenset({server.place})),
    ):
        yield server


@pytest.fixture
def ask(world: World) -> Ask:
    """A request in review with its traits kept; nothing of it is shared unless it is given.

    It is Contoso's where ``by`` is olive, and otherwise of ``customer``, of Fabrikam if not given.
    """
    number = iter(range(1, 100))

    def asked(by: str, customer: Customer | None = None, **changes: Any) -> Case:
        each = next(number)
        own: dict[str, Any] = {
            "sending_domains": (f"d{each}.example",),
            "sending_addresses": (f"203.0.113.{each}",),
            "abuse_contact": f"abuse@d{each}.example",
        }
        details = replace(DETAILS, **own | changes)
        whose = customer or (world.contoso if by == "olive" else world.fabrikam)
        subscription = world.subscription(customer=whose)
        case = customer_actions.ask_to_lift(subscription.pk, details, by=world.actor(by))
        start_checks(case.reference, by=SYSTEM)
        end_round(case.reference, by=SYSTEM)
        return Case.objects.get(pk=case.pk)

    return asked
