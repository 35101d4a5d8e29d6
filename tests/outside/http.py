"""A real HTTP server on loopback, for the tests: it answers by path, and misbehaves where told to."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """What a path answers. ``misbehave`` is called with the handler instead, where it is set."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    misbehave: "Callable[[_Handler], None] | None" = None


class OutsideHTTP(ThreadingHTTPServer):
    """Answers from ``replies``; ``asked`` keeps the paths, ``connections`` counts who came at all."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((host, port), _Handler)
        self.host = host
        self.replies: dict[str, Reply] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.connections = 0
        self.is_over = threading.Event()
        self.tls: ssl.SSLContext | None = None

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def place(self) -> str:
        """``host:port``."""
        return f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.place}"

    def get_request(self) -> tuple[Any, Any]:
        """Called for each connection."""
        connection, address = super().get_request()
        self.connections += 1
        if self.tls is not None:
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: OutsideHTTP

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.headers.append(dict(self.headers))
        reply = self.server.replies.get(self.path, Reply(404))
        if reply.misbehave is not None:
            with suppress(OSError):
                reply.misbehave(self)
            return
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Nothing: the tests look at ``asked``."""


def hang(handler: _Handler) -> None:
    """Never answer."""
    handler.server.is_over.wait(30)


def drip_head(handler: _Handler) -> None:
    """One byte of the head now and then, for ever."""
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nX-Long: ")
    while not handler.server.is_over.wait(0.05):
        handler.wfile.write(b"a")


def drip_body(handler: _Handler) -> None:
    """One byte of the body now and then, for ever."""
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
    while not handler.server.is_over.wait(0.05):
        handler.wfile.write(b"a")


def flood(handler: _Handler) -> None:
    """Ten megabytes, without saying how long it is."""
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
    for _ in range(160):
        handler.wfile.write(b"[" * 65536)


def redirect_and_hang(handler: _Handler) -> None:
    """A redirect to ``/new`` whose body never ends."""
    handler.wfile.write(b"HTTP/1.0 302 Found\r\nLocation: /new\r\nContent-Length: 9999\r\n\r\n{")
    handler.server.is_over.wait(30)


def nonsense(handler: _Handler) -> None:
    """What is no HTTP."""
    handler.wfile.write(b"220 mail.example ESMTP\r\n")


@contextmanager
def outside_http(host: str = "127.0.0.1", port: int = 0) -> Iterator[OutsideHTTP]:
    """A running server, on a free port if none is given."""
    with OutsideHTTP(host, port) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server
        finally:
            server.is_over.set()
            server.shutdown()
