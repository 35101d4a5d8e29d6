"""DNS through the configured resolvers alone; an answer always says whether it is one.

A name that does not exist, a name without such records and a question that nobody answered are
three different things: only the first two are known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from math import inf
from time import monotonic
from typing import NamedTuple

import dns.exception
import dns.message
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver
import dns.reversename
import structlog
from django.conf import settings
from django.utils import timezone

from lookups.server import server_of

log = structlog.get_logger(__name__)

TIMEOUT = 2.0  # seconds for one server
LIFETIME = 5.0  # seconds for one question, over all servers and retries
REFUSED = "REFUSED"


class Status(StrEnum):
    """What came of a question."""

    FOUND = "found"
    NO_RECORDS = "no_records"
    NO_NAME = "no_name"
    UNKNOWN = "unknown"


class Outcome(NamedTuple):
    """What came of a question, the records, why there is no answer, and whether that may pass soon."""

    status: Status
    records: tuple[str, ...] = ()
    why: str = ""
    is_passing: bool = False


LATE = Outcome(Status.UNKNOWN, why="there was no time left to ask", is_passing=True)
NOBODY_TO_ASK = Outcome(Status.UNKNOWN, why="this desk has no DNS server that it can ask")


@dataclass(frozen=True, slots=True)
class Answer:
    """The records of one name and type, as text.

    ``why`` says in words why a question is ``UNKNOWN``: time-out, refusal, or a server that
    answers for nothing. ``server`` is who was asked, ``at`` when.
    ``is_passing`` where that is the failure of a moment (a time-out, SERVFAIL, nobody there): asking
    again soon may help.
    """

    name: str
    kind: str
    status: Status
    records: tuple[str, ...] = ()
    why: str = ""
    server: str = ""
    at: datetime | None = None
    is_passing: bool = False

    @property
    def is_known(self) -> bool:
        """Somebody answered: there are such records, or there are none."""
        return self.status != Status.UNKNOWN


class Resolver:
    """Asks the given servers, ``host:port`` each, in turn; keeps no answers beyond its own life."""

    def __init__(
        self,
        servers: Sequence[str] = (),
        *,
        timeout: float = TIMEOUT,
        lifetime: float = LIFETIME,
        seconds: float = inf,
    ) -> None:
        """``seconds`` bounds all questions together: what is asked later is unknown at once."""
        self._until = monotonic() + seconds
        self._resolver = _asking(servers)
        if self._resolver is not None:
            self._resolver.timeout = timeout
        self._lifetime = lifetime
        self._server = ", ".join(servers) or "the system's resolver"
        self._answers: dict[tuple[str, str], Answer] = {}

    def ask(self, name: str, kind: str) -> Answer:
        """The records of ``name`` of type ``kind`` (``TXT``, ``MX``, …); each question is put once.

        TXT records come joined, MX records as ``10 mail.example.``; names end with a dot.
        """
        key = (name.rstrip(".").lower(), kind)
        if key not in self._answers:
            self._answers[key] = self._asked(*key)
        return self._answers[key]

    def ask_reverse(self, address: str) -> Answer:
        """The PTR records of an IPv4 or IPv6 address."""
        return self.ask(dns.reversename.from_address(address).to_text(), "PTR")

    def _asked(self, name: str, kind: str) -> Answer:
        came = self._outcome(name, kind)
        return Answer(
            name, kind, came.status, came.records, came.why, self._server, timezone.now(), came.is_passing
        )

    def _outcome(self, name: str, kind: str) -> Outcome:
        """The time that is left bounds the last question, too, over all its servers and retries."""
        left = self._until - monotonic()
        if left <= 0:
            return LATE
        if self._resolver is None:
            return NOBODY_TO_ASK
        return _looked_up(self._resolver, name, kind, min(self._lifetime, left))


def resolver(*, seconds: float = inf) -> Resolver:
    """A new resolver on ``DNS_RESOLVERS``, or on the system's where that is not set."""
    return Resolver(settings.DNS_RESOLVERS, seconds=seconds)


def _looked_up(asks: dns.resolver.Resolver, name: str, kind: str, lifetime: float) -> Outcome:
    try:
        found = asks.resolve(dns.name.from_text(name), kind, lifetime=lifetime)
    except dns.resolver.NXDOMAIN:
        return Outcome(Status.NO_NAME)
    except dns.resolver.NoAnswer as error:
        return _empty(error.kwargs["response"])
    except dns.exception.Timeout:
        return Outcome(Status.UNKNOWN, why="no answer in time", is_passing=True)
    except dns.resolver.NoNameservers as error:
        return _refusal(error)
    except (dns.exception.DNSException, OSError, ValueError) as error:
        why = f"the question could not be asked: {error}"
        return Outcome(Status.UNKNOWN, why=why, is_passing=isinstance(error, OSError))
    return Outcome(Status.FOUND, tuple(_text(record) for record in found))


def _text(record: object) -> str:
    strings = getattr(record, "strings", None)
    if strings is not None:
        return b"".join(strings).decode("utf-8", "backslashreplace")
    return str(record)


def _empty(response: dns.message.Message) -> Outcome:
    """No records: the server says so, or it is lame and refers to others (RFC 2308, section 2.2)."""
    kinds = {rrset.rdtype for rrset in response.authority}
    if dns.rdatatype.NS in kinds and dns.rdatatype.SOA not in kinds:
        return Outcome(Status.UNKNOWN, why="the server refers elsewhere instead of answering")
    return Outcome(Status.NO_RECORDS)


def _refusal(error: dns.resolver.NoNameservers) -> Outcome:
    """What the servers said instead: ``SERVFAIL``, that they cannot be reached, or ``REFUSED``, which stays."""
    said = {str(reason) for _, _, _, reason, _ in error.kwargs.get("errors", [])}
    why = f"no server would answer: {', '.join(sorted(said)) or 'no reason given'}"
    return Outcome(Status.UNKNOWN, why=why, is_passing=said != {REFUSED})


def _asking(servers: Sequence[str]) -> dns.resolver.Resolver | None:
    """One that asks those servers; ``None`` where they, or the system's settings, cannot be read."""
    try:
        asks = dns.resolver.Resolver(configure=not servers)
        if servers:
            asks.nameservers = [_nameserver(server) for server in servers]
    except (dns.exception.DNSException, OSError, ValueError) as error:
        log.error("dns.no_server", error=str(error))
        return None
    asks.search = []
    return asks


@cache
def _nameserver(server: str) -> dns.nameserver.Nameserver:
    return dns.nameserver.Do53Nameserver(*server_of(server))
