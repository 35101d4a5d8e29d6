"""The demo's world outside: a name server and an RDAP service on loopback, answering by ``outside.yaml``.

Loading asks it within the process; ``python -m demo.outside NAMES REGISTRY`` serves it for as long
as the demo runs, on two sockets that it is given by number.
"""

import json
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from socketserver import BaseServer, DatagramRequestHandler, UDPServer
from typing import Any
from urllib.parse import unquote

import yaml
from dnslib import RCODE, RR, DNSRecord

from engines.outside import REGISTRY

DATA = Path(__file__).with_name("outside.yaml")
LOOPBACK = ("127.0.0.1", 0)
OF_ZONE = "example. 60 IN SOA ns.example. admin.example. 1 60 60 60 60"


class Outside:
    """What the names and registries say, as of ``today``.

    With ``is_before_mended`` some domains are as they were until their owners saw to them.
    """

    def __init__(self, today: datetime, *, is_before_mended: bool = False) -> None:
        data: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
        self._today = today
        self._registered: Mapping[str, date | int] = data["registered"]
        self._silent = tuple(_silent_names(data))
        self._now = {name: _rows(name, records) for name, records in _records(data).items()}
        self._before = {
            name: _rows(name, records) for name, records in data["formerly"].items() if is_before_mended
        }

    def mend(self, *names: str) -> None:
        """From now on these names answer as they do today."""
        for name in names:
            del self._before[name]

    def answer(self, packet: bytes) -> bytes:
        """A name server's reply: the records, or that there are none; nothing but a failure for a silent name."""
        question = DNSRecord.parse(packet)
        name, kind = str(question.q.qname).rstrip(".").lower(), question.q.qtype
        reply = question.reply(ra=1, aa=0)
        rows = self._before.get(name, self._now.get(name))
        if self._is_silent(name):
            reply.header.rcode = RCODE.SERVFAIL
            return bytes(reply.pack())
        reply.add_answer(*(row for row in rows or () if row.rtype == kind))
        if not rows:
            reply.header.rcode = RCODE.NXDOMAIN
        if not reply.rr:
            reply.add_auth(*RR.fromZone(OF_ZONE))
        return bytes(reply.pack())

    def registration(self, domain: str) -> tuple[HTTPStatus, dict[str, Any]]:
        """A registry's answer about a domain (RFC 9083, section 5.3)."""
        if self._is_silent(domain):
            return HTTPStatus.SERVICE_UNAVAILABLE, {"errorCode": 503, "title": "Try again later"}
        registered = self._registered.get(domain)
        if registered is None:
            return HTTPStatus.NOT_FOUND, {"errorCode": 404, "title": "No such domain"}
        event = {"eventAction": "registration", "eventDate": self._moment(registered).isoformat()}
        return HTTPStatus.OK, {"objectClassName": "domain", "ldhName": domain, "events": [event]}

    def _moment(self, registered: date | int) -> datetime:
        if isinstance(registered, int):
            return self._today - timedelta(days=registered)
        return datetime(registered.year, registered.month, registered.day, tzinfo=UTC)

    def _is_silent(self, name: str) -> bool:
        return f".{name}".endswith(self._silent)


@contextmanager
def running(outside: Outside) -> Iterator[dict[str, Any]]:
    """Answers within this process; gives the settings by which it is asked."""
    with _socket(socket.SOCK_DGRAM) as names, _socket(socket.SOCK_STREAM) as registry:
        servers = _servers(names, registry, outside)
        for server in servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield {
                "DNS_RESOLVERS": [_reached_at(names)],
                "RDAP_URL": f"http://{_named(registry)}",
                "HTTP_ALLOWED": frozenset({_named(registry)}),
            }
        finally:
            for server in servers:
                server.shutdown()


def main() -> None:
    """Serve on the sockets that were named by number, until stopped."""
    names, registry = (socket.socket(fileno=int(number)) for number in sys.argv[1:3])
    first, second = _servers(names, registry, Outside(datetime.now(UTC)))
    threading.Thread(target=first.serve_forever, daemon=True).start()
    second.serve_forever()


def _servers(
    names: socket.socket, registry: socket.socket, outside: Outside
) -> tuple[BaseServer, BaseServer]:
    name_server = UDPServer(LOOPBACK, _question_to(outside), bind_and_activate=False)
    rdap = HTTPServer(LOOPBACK, _request_to(outside), bind_and_activate=False)
    for server, given in ((name_server, names), (rdap, registry)):
        server.socket.close()
        server.socket = given
    rdap.server_activate()
    return name_server, rdap


def _question_to(outside: Outside) -> type[DatagramRequestHandler]:
    class Question(DatagramRequestHandler):
        def handle(self) -> None:
            self.wfile.write(outside.answer(self.rfile.read()))

    return Question


def _request_to(outside: Outside) -> type[BaseHTTPRequestHandler]:
    class Request(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, told = outside.registration(unquote(self.path).removeprefix("/domain/"))
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/rdap+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class calls it so
            """Nobody reads what the demo asked itself."""

    return Request


def _socket(kind: socket.SocketKind) -> socket.socket:
    opened = socket.socket(socket.AF_INET, kind)
    opened.bind(LOOPBACK)
    return opened


def _reached_at(opened: socket.socket) -> str:
    host, port = opened.getsockname()
    return f"{host}:{port}"


def _named(registry: socket.socket) -> str:
    return f"{REGISTRY}:{registry.getsockname()[1]}"


def _records(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Every name with its records, in the words of a zone file."""
    found: dict[str, list[str]] = {name: list(records) for name, records in data["records"].items()}
    for host, addresses in data["hosts"].items():
        for address in addresses:
            found.setdefault(host, []).append(f"{'AAAA' if ':' in address else 'A'} {address}")
            found.setdefault(_reverse(address), []).append(f"PTR {host}.")
    for address, host in data["pointers"].items():
        found.setdefault(_reverse(address), []).append(f"PTR {host}.")
    for address, code in data["blocklist"]["listed"].items():
        found[_listed(address, data)] = [f"A {code}"]
    return found


def _rows(name: str, records: list[str]) -> list[RR]:
    return [row for record in records for row in RR.fromZone(f"{name}. 60 IN {record}")]


def _silent_names(data: Mapping[str, Any]) -> Iterator[str]:
    """Endings of the names that nobody answers for: of domains, and of addresses turned into names."""
    for name in data["silent"]["domains"]:
        yield f".{name}"
    for address in data["silent"]["addresses"]:
        yield from (f".{_reverse(address)}", f".{_listed(address, data)}")


def _reverse(address: str) -> str:
    return ip_address(address).reverse_pointer


def _listed(address: str, data: Mapping[str, Any]) -> str:
    turned = _reverse(address).removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")
    return f"{turned}.{data['blocklist']['zone']}"


if __name__ == "__main__":
    main()
