"""A real DNS server on loopback, for the tests: it answers by a zone, and misbehaves where told to."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from dnslib import QTYPE, RCODE, RR, DNSRecord
from dnslib.server import BaseResolver, DNSLogger, DNSServer

SLOW = 4.0  # seconds: longer than the tests' resolver waits, also on a machine that is busy
Zone = Mapping[str, Sequence[str]]
"""Records by name: ``{"shop.example": ["MX 10 mail.shop.example.", 'TXT "v=spf1 -all"']}``.

Instead of records a name may have one of: ``servfail``, ``refused``, ``slow``, ``lame`` (refers to
somebody else), ``wrong`` (answers another question), ``empty`` (no records, properly said).
"""


@dataclass
class OutsideDNS(BaseResolver):  # type: ignore[misc]  # dnslib has no types
    """Answers from ``zone``; ``asked`` keeps what it was asked."""

    zone: dict[str, Sequence[str]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    address: str = ""

    def resolve(self, request: DNSRecord, handler: Any) -> DNSRecord:
        """Called by dnslib for each question."""
        name, kind = str(request.q.qname).rstrip(".").lower(), QTYPE[request.q.qtype]
        self.asked.append((name, kind))
        reply = request.reply(ra=1, aa=0)
        records = self.zone.get(name)
        if records is None:
            reply.header.rcode = RCODE.NXDOMAIN
            return _with_soa(reply)
        if len(records) == 1 and records[0] in MISBEHAVIOUR:
            return MISBEHAVIOUR[records[0]](reply)
        for record in records:
            for row in RR.fromZone(f"{name}. 60 IN {record}"):
                if QTYPE[row.rtype] in (kind, "CNAME"):
                    reply.add_answer(row)
        return reply if reply.rr else _with_soa(reply)


def _with_soa(reply: DNSRecord) -> DNSRecord:
    reply.add_auth(*RR.fromZone("example. 60 IN SOA ns.example. admin.example. 1 60 60 60 60"))
    return reply


def _code(name: str) -> Any:
    def answer(reply: DNSRecord) -> DNSRecord:
        reply.header.rcode = getattr(RCODE, name)
        return reply

    return answer


def _slow(reply: DNSRecord) -> DNSRecord:
    time.sleep(SLOW)
    return reply


def _lame(reply: DNSRecord) -> DNSRecord:
    reply.header.ra = 0
    reply.add_auth(*RR.fromZone("example. 60 IN NS ns.elsewhere.example."))
    return reply


def _wrong(reply: DNSRecord) -> DNSRecord:
    reply.q.qname = "other.example"
    return reply


MISBEHAVIOUR: Mapping[str, Any] = {
    "servfail": _code("SERVFAIL"),
    "refused": _code("REFUSED"),
    "slow": _slow,
    "lame": _lame,
    "wrong": _wrong,
    "empty": _with_soa,
}


def _on_one_port(resolver: OutsideDNS) -> list[DNSServer]:
    """UDP and TCP. A port that is free for the one may be taken for the other: then another is tried."""
    quiet = DNSLogger(log="", prefix=False)
    for _ in range(20):
        udp = DNSServer(resolver, address="127.0.0.1", port=0, logger=quiet)
        port = udp.server.server_address[1]
        try:
            return [udp, DNSServer(resolver, address="127.0.0.1", port=port, tcp=True, logger=quiet)]
        except OSError:
            udp.server.server_close()
    raise OSError("no port is free for UDP and TCP alike")


@contextmanager
def outside_dns() -> Iterator[OutsideDNS]:
    """A running server; its ``address`` is ``host:port``, its ``zone`` may be filled at any time."""
    resolver = OutsideDNS()
    servers = _on_one_port(resolver)
    resolver.address = f"127.0.0.1:{servers[0].server.server_address[1]}"
    for server in servers:
        server.start_thread()
    try:
        yield resolver
    finally:
        for server in servers:
            server.server.shutdown()
            server.server.server_close()
