"""DNS blocklists (RFC 5782): listed, not listed, or the question could not be put.

Each zone has return codes of its own that mean something. Codes in 127.255.255.0/24, and any
answer outside 127.0.0.0/8, say that the list would not answer us: that is never "listed".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, ip_address

from lookups.dns import Answer, Resolver, Status

ANSWERS = IPv4Network("127.0.0.0/8")
REFUSALS = IPv4Network("127.255.255.0/24")


@dataclass(frozen=True, slots=True)
class Blocklist:
    """A zone and the codes that count, with what each means; other codes are no evidence."""

    zone: str
    codes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a zone says of an address; ``is_listed`` is ``None`` where it could not be asked.

    ``is_passing`` where asking again soon may help.
    """

    address: str
    zone: str
    is_listed: bool | None
    meaning: str
    codes: tuple[str, ...] = ()
    is_passing: bool = False


def look_up(address: str, blocklist: Blocklist, resolver: Resolver) -> Listing:
    """Whether the address is listed for a reason that counts."""
    answer = resolver.ask(f"{_reversed(address)}.{blocklist.zone}", "A")
    if not answer.is_known:
        return Listing(address, blocklist.zone, None, answer.why, is_passing=answer.is_passing)
    return _read(address, blocklist, answer)


def _read(address: str, blocklist: Blocklist, answer: Answer) -> Listing:
    codes = answer.records if answer.status == Status.FOUND else ()
    if any(_is_refusal(code) for code in codes):
        return Listing(address, blocklist.zone, None, "the list refused to answer", codes)
    reasons = [blocklist.codes[code] for code in codes if code in blocklist.codes]
    if reasons:
        return Listing(address, blocklist.zone, True, "; ".join(reasons), codes)
    return Listing(address, blocklist.zone, False, "listed for no reason that counts" if codes else "", codes)


def _is_refusal(code: str) -> bool:
    address = IPv4Address(code)
    return address not in ANSWERS or address in REFUSALS


def _reversed(address: str) -> str:
    parsed = ip_address(address)
    if parsed.version == 4:
        return ".".join(reversed(str(parsed).split(".")))
    return ".".join(reversed(parsed.exploded.replace(":", "")))


def parse(entries: Sequence[str]) -> list[Blocklist]:
    """Blocklists from the environment: ``zone=code:meaning|code:meaning``, one an entry.

    Raises ``ValueError`` naming the entry.
    """
    return [_parsed(entry) for entry in entries]


def _parsed(entry: str) -> Blocklist:
    zone, _, told = entry.partition("=")
    codes = dict(part.strip().split(":", 1) for part in told.split("|") if ":" in part)
    try:
        known = {str(IPv4Address(code.strip())): meaning.strip() for code, meaning in codes.items()}
    except ValueError:
        known = {}
    if not zone.strip() or not known:
        raise ValueError(f"{entry[:80]!a} is not of the form zone=127.0.0.2:what it means|127.0.0.4:…")
    return Blocklist(zone.strip().rstrip("."), known)
