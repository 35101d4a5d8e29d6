"""Whether a domain and its addresses are ready to send: each item passes, fails, or could not be checked."""

from collections.abc import Iterator, Sequence

from lookups.dns import Resolver
from lookups.readiness.authentication import look_at_dkim, look_at_dmarc
from lookups.readiness.items import Asked, DnsRecord, Item, Line, Status
from lookups.readiness.names import look_at_helo, look_at_mx, look_at_reverse
from lookups.readiness.sender_policy import look_at_spf

__all__ = ["Asked", "DnsRecord", "Item", "Line", "Status", "readiness"]

LOOKS = (look_at_mx, look_at_spf, look_at_dkim, look_at_dmarc, look_at_reverse, look_at_helo)


def readiness(
    domain: str, addresses: Sequence[str], resolver: Resolver, *, selector: str = "", helo: str = ""
) -> Iterator[Line]:
    """A line for each item and subject: of the domain, of each address, and of the HELO name.

    ``addresses`` are IPv4 or IPv6 in text; without a DKIM selector or a HELO name their items
    cannot be checked.
    """
    asked = Asked(domain.rstrip(".").lower(), tuple(addresses), selector, helo.rstrip(".").lower(), resolver)
    for look in LOOKS:
        yield from look(asked)
