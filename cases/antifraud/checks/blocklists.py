"""The stated addresses on DNS blocklists that the provider chose."""

from collections.abc import Iterator

from django.conf import settings

from cases.antifraud.examined import Examined
from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal, Subject
from cases.models import Finding, TraitKind
from lookups.blocklists import Listing, look_up, parse
from lookups.dns import resolver

ASKS_FOR = 30  # seconds; what is asked later is unknown, and what was found stays
FINDINGS = {True: Finding.FLAGGED, False: Finding.CLEAR, None: Finding.UNKNOWN}


def look(case: Examined) -> Iterator[Signal]:
    """One signal for each address and zone; none where no zone is configured."""
    asks = resolver(seconds=ASKS_FOR)
    for blocklist in parse(settings.BLOCKLISTS):
        for address in case.addresses:
            yield judged(case, look_up(address, blocklist, asks))


def judged(case: Examined, listing: Listing) -> Signal:
    """The signal that a listing is."""
    told = {
        True: f"{listing.address} is on {listing.zone}: {listing.meaning}.",
        False: f"{listing.address} is {listing.meaning or 'not'} on {listing.zone}.",
        None: f"{listing.zone} could not be asked about {listing.address}: {listing.meaning}.",
    }
    return Signal(
        part="blocklist",
        finding=FINDINGS[listing.is_listed],
        sentence=told[listing.is_listed],
        source=f"DNS, {listing.zone}",
        as_of=case.at,
        subject=Subject(TraitKind.ADDRESS, listing.address),
        evidence={"zone": listing.zone, "codes": list(listing.codes), "meaning": listing.meaning},
        is_passing=listing.is_passing,
    )


CHECK = Check(
    slug="blocklists",
    title="Blocklists",
    weights={"blocklist": 20},
    looks_at="The stated addresses on the configured DNS blocklists, by the return codes that mean abuse.",
    proves="That somebody reported mail or abuse from the address.",
    proves_not="That this customer sent it: addresses move between subscriptions. Policy lists are no evidence.",
    unknown_means="The list did not answer, refused (127.255.255.0/24), or answered outside 127.0.0.0/8.",
    look=look,
    seconds=40,
)
