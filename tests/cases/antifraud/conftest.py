"""Checks on real servers: DNS and HTTP on loopback, named by the settings as an operator would."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from lookups import dns, guarded
from tests.outside.dns import OutsideDNS, outside_dns
from tests.outside.http import OutsideHTTP, outside_http


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
