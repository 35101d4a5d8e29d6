"""Whether a domain and its addresses are ready to send: each item passes, fails, or could not be checked."""

from collections.abc import Callable, Iterator, Sequence

from lookups.dns import Resolver
from lookups.readiness.authentication import look_at_dkim, look_at_dmarc
from lookups.readiness.items import Asked, DnsRecord, Item, Line, Status
from lookups.readiness.names import look_at_helo, look_at_mx, look_at_reverse
from lookups.readiness.sender_policy import look_at_spf

__all__ = ["OF_DOMAIN", "OF_SERVER", "Asked", "DnsRecord", "Item", "Line", "Look", "Status", "readiness"]

Look = Callable[[Asked], Iterator[Line]]
LOOKS = (look_at_mx, look_at_spf, look_at_dkim, look_at_dmarc, look_at_reverse, look_at_helo)
OF_DOMAIN = (look_at_spf, look_at_mx, look_at_dkim, look_at_dmarc)
"""What is about the domain; first what tells most, where time may be short."""
OF_SERVER = (look_at_reverse, look_at_helo)
"""What is about the addresses and the HELO name, whichever the domain."""


def readiness(
    domain: str,
    addresses: Sequence[str],
    resolver: Resolver,
    *,
    selector: str = "",
    helo: str = "",
    looks: Sequence[Look] = LOOKS,
) -> Iterator[Line]:
    """A line for each item and subject: of the domain, of each address, and of the HELO name.

    ``addresses`` are IPv4 or IPv6 in text; without a DKIM selector or a HELO name their items
    cannot be checked. ``looks`` are those to take, in their order.
    """
    asked = Asked(domain.rstrip(".").lower(), tuple(addresses), selector, helo.rstrip(".").lower(), resolver)
    for look in looks:
        yield from look(asked)
