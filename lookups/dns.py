"""DNS through the configured resolvers alone; an answer always says whether it is one.

A name that does not exist, a name without such records and a question that nobody answered are
three different things: only the first two are known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from ipaddress import ip_address
from math import inf
from time import monotonic

import dns.exception
import dns.message
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver
import dns.reversename
from django.conf import settings
from django.utils import timezone

TIMEOUT = 2.0  # seconds for one server
LIFETIME = 5.0  # seconds for one question, over all servers and retries


Outcome = tuple["Status", tuple[str, ...], str]
"""What came of a question, the records, and why there is no answer."""


class Status(StrEnum):
    """What came of a question."""

    FOUND = "found"
    NO_RECORDS = "no_records"
    NO_NAME = "no_name"
    UNKNOWN = "unknown"


LATE: Outcome = (Status.UNKNOWN, (), "there was no time left to ask")


@dataclass(frozen=True, slots=True)
class Answer:
    """The records of one name and type, as text.

    ``why`` says in words why a question is ``UNKNOWN``: time-out, refusal, or a server that
    answers for nothing. ``server`` is who was asked, ``at`` when.
    """

    name: str
    kind: str
    status: Status
    records: tuple[str, ...] = ()
    why: str = ""
    server: str = ""
    at: datetime | None = None

    @property
    def is_known(self) -> bool:
        """Somebody answered: there are such records, or there are none."""
        return self.status != Status.UNKNOWN

    def as_json(self) -> dict[str, object]:
        """Plain values, for evidence."""
        return {
            "name": self.name,
            "type": self.kind,
            "status": self.status.value,
            "records": list(self.records),
            "why": self.why,
            "server": self.server,
            "at": self.at.isoformat() if self.at else "",
        }


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
        self._resolver = dns.resolver.Resolver(configure=not servers)
        if servers:
            self._resolver.nameservers = [_nameserver(server) for server in servers]
        self._resolver.timeout, self._resolver.lifetime = timeout, lifetime
        self._resolver.search = []
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
        is_late = monotonic() > self._until
        status, records, why = LATE if is_late else self._looked_up(name, kind)
        return Answer(name, kind, status, records, why, self._server, timezone.now())

    def _looked_up(self, name: str, kind: str) -> Outcome:
        try:
            found = self._resolver.resolve(dns.name.from_text(name), kind)
        except dns.resolver.NXDOMAIN:
            return Status.NO_NAME, (), ""
        except dns.resolver.NoAnswer as error:
            return _empty(error.kwargs["response"])
        except dns.exception.Timeout:
            return Status.UNKNOWN, (), "no answer in time"
        except dns.resolver.NoNameservers as error:
            return Status.UNKNOWN, (), _refusal(error)
        except (dns.exception.DNSException, OSError, ValueError) as error:
            return Status.UNKNOWN, (), f"the question could not be asked: {error}"
        return Status.FOUND, tuple(_text(record) for record in found), ""


def resolver(*, seconds: float = inf) -> Resolver:
    """A new resolver on ``DNS_RESOLVERS``, or on the system's where that is not set."""
    return Resolver(settings.DNS_RESOLVERS, seconds=seconds)


def _text(record: object) -> str:
    strings = getattr(record, "strings", None)
    if strings is not None:
        return b"".join(strings).decode("utf-8", "backslashreplace")
    return str(record)


def _empty(response: dns.message.Message) -> Outcome:
    """No records: the server says so, or it is lame and refers to others (RFC 2308, section 2.2)."""
    kinds = {rrset.rdtype for rrset in response.authority}
    if dns.rdatatype.NS in kinds and dns.rdatatype.SOA not in kinds:
        return Status.UNKNOWN, (), "the server refers elsewhere instead of answering"
    return Status.NO_RECORDS, (), ""


def _refusal(error: dns.resolver.NoNameservers) -> str:
    """What the servers said instead: ``SERVFAIL``, ``REFUSED``, or that they cannot be reached."""
    said = {str(reason) for _, _, _, reason, _ in error.kwargs.get("errors", [])}
    return f"no server would answer: {', '.join(sorted(said)) or 'no reason given'}"


@cache
def _nameserver(server: str) -> dns.nameserver.Nameserver:
    host, _, port = server.rpartition(":")
    address = str(ip_address(host.strip("[]")))
    return dns.nameserver.Do53Nameserver(address, int(port))
