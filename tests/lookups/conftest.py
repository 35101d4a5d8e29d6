"""A DNS server of the tests' own, and a resolver that asks nobody else."""

from collections.abc import Iterator

import pytest

from lookups.dns import Resolver
from tests.outside.dns import OutsideDNS, outside_dns


@pytest.fixture(scope="session")
def _server() -> Iterator[OutsideDNS]:
    with outside_dns() as server:
        yield server


@pytest.fixture
def dns_server(_server: OutsideDNS) -> OutsideDNS:
    """The server with an empty zone."""
    _server.zone, _server.asked = {}, []
    return _server


@pytest.fixture
def resolver(dns_server: OutsideDNS) -> Resolver:
    """Asks the tests' server, and waits less long than the product does."""
    return Resolver([dns_server.address], timeout=0.3, lifetime=0.6)
