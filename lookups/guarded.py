"""HTTP that reaches public addresses alone: resolved, checked, and that very address dialled.

No redirect is followed unseen, no proxy of the environment is used, no answer is read past a
limit. ``HTTP_ALLOWED`` names ``host:port`` of services of the operator's own that may be private.
"""

import socket
import time
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import httpcore
import httpx
from django.conf import settings

TIMEOUT = 5.0  # seconds to connect, and for each read
LONGEST = 15.0  # seconds for the whole of an answer: one that drips is given up
MOST_BYTES = 1_000_000
MOST_REDIRECTS = 3


class Forbidden(OSError):
    """The address is not a public one; nothing was sent."""


class TooMuch(OSError):
    """The answer is longer, or takes longer, than will be read."""


def get(url: str, *, accept: str = "application/json") -> httpx.Response:
    """One GET, read whole. Raises ``httpx.HTTPError``, ``Forbidden`` and ``TooMuch``.

    Each step of a redirect is checked like the first.
    """
    with httpx.Client(transport=_transport(), timeout=TIMEOUT, trust_env=False) as client:
        client.max_redirects = MOST_REDIRECTS
        with client.stream("GET", url, headers={"Accept": accept}, follow_redirects=True) as response:
            body = b"".join(_bounded(response.iter_bytes()))
        return httpx.Response(
            response.status_code,
            headers={"Content-Type": response.headers.get("Content-Type", "")},
            content=body,
            request=response.request,
        )


def _bounded(chunks: Iterable[bytes]) -> Iterable[bytes]:
    size, deadline = 0, time.monotonic() + LONGEST
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_BYTES or time.monotonic() > deadline:
            raise TooMuch(f"the answer is longer than {MOST_BYTES} bytes or {LONGEST:.0f} s")
        yield chunk


def _transport() -> httpx.BaseTransport:
    transport = httpx.HTTPTransport(trust_env=False, retries=0)
    transport._pool._network_backend = _Guard()  # noqa: SLF001  # httpx has no public way to give its pool a backend
    return transport


class _Guard(httpcore.NetworkBackend):
    """Connects to what a name stands for only if all that it stands for is public."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """The address that was checked is the one that is dialled: a name cannot change in between."""
        address = _checked(host, port)
        return self._inner.connect_tcp(str(address), port, timeout, local_address, socket_options)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Any = None
    ) -> httpcore.NetworkStream:
        """Never."""
        raise Forbidden("a unix socket is no public address")


def _checked(host: str, port: int) -> IPv4Address | IPv6Address:
    addresses = [
        ip_address(str(info[4][0]).partition("%")[0])
        for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ]
    if f"{host}:{port}" in settings.HTTP_ALLOWED:
        return addresses[0]
    for address in addresses:
        if not is_public(address):
            raise Forbidden(f"{host} stands for {address}, which is not a public address")
    return addresses[0]


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether anybody may be there: neither private, shared, reserved nor multicast, also not embedded in IPv6."""
    inner = _embedded(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not address.is_multicast


def _embedded(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one carries: mapped, 6to4, Teredo, NAT64, or the old compatible form."""
    if not isinstance(address, IPv6Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if int(address) >> 32 in (0, 0x64FF9B << 64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None
