"""What the tests of cases share: mail as it arrives, and the servers that checks ask."""

from collections.abc import Callable, Iterator

import pytest
from django.test import override_settings

from lookups import dns, guarded
from outbox.models import KeptMail, Message
from outbox.relay import deliver_next
from tests.outside.dns import OutsideDNS, outside_dns
from tests.outside.http import OutsideHTTP, outside_http

Mails = Callable[..., list[KeptMail]]


@pytest.fixture
def mails() -> Mails:
    """Deliver what is due, and give the mails to ``to`` (a first name of the cast), oldest first."""

    def arrived(to: str = "") -> list[KeptMail]:
        while deliver_next():
            pass
        failed = Message.objects.filter(sent_at=None).values_list("key", "last_error")
        assert list(failed) == []
        return list(KeptMail.objects.filter(to__startswith=to).order_by("pk"))

    return arrived


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
