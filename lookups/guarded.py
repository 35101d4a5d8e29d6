"""HTTP that reaches public addresses alone: resolved, checked, and that very address dialled.

Names are asked of the configured resolvers and of nobody else. No redirect is followed unseen, no proxy of the environment is used, no answer is read past a
limit. ``HTTP_ALLOWED`` names ``host:port`` of services of the operator's own that may be private.
"""

import re
import ssl
import time
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore
import httpx
from django.conf import settings

from lookups.dns import Resolver, resolver

Address = IPv4Address | IPv6Address
TIMEOUT = 5.0  # seconds to connect, and for each read
LONGEST = 15.0  # seconds for everything, redirects included: an answer that drips is given up
MOST_BYTES = 1_000_000
MOST_REDIRECTS = 3
GLOBAL_UNICAST = IPv6Network("2000::/3")
# Of IANA's special-purpose registries, what Python's own list lacks in some of its versions.
ALSO_RESERVED = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20", "5f00::/16")))


# What some programs read as an IPv4 address: decimal, octal or hexadecimal, in one to four parts.
NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
THIS_MACHINE = re.compile(r"(?:.*\.)?localhost\.?", re.IGNORECASE)


class Forbidden(OSError):
    """The address is not a public one, or is spelled as none is; nothing was sent."""


class TooMuch(OSError):
    """The answer is longer than will be read."""


class TooSlow(TooMuch):
    """The answer takes longer than will be waited for."""


def get(url: str, *, accept: str = "application/json") -> httpx.Response:
    """One GET, read whole. Raises ``httpx.HTTPError``, ``Forbidden``, ``TooMuch`` and ``TooSlow``.

    Each step of a redirect is checked like the first, and its own body is never read.
    """
    headers = {"Accept": accept, "Accept-Encoding": "identity"}
    with httpx.Client(transport=_transport(), timeout=TIMEOUT, trust_env=False) as client:
        request = _request(client, url, headers)
        for _ in range(MOST_REDIRECTS + 1):
            response = client.send(request, stream=True)
            if response.next_request is None:
                return _read(response)
            response.close()
            request = response.next_request
    raise httpx.TooManyRedirects(f"more than {MOST_REDIRECTS} redirects", request=request)


def _request(client: httpx.Client, url: str, headers: dict[str, str]) -> httpx.Request:
    try:
        return client.build_request("GET", url, headers=headers)
    except httpx.InvalidURL as error:
        raise Forbidden(f"{url[:100]!a} is no address that can be read: {error}") from None


def _read(response: httpx.Response) -> httpx.Response:
    """The answer with its body as it was sent: what came packed although nobody asked is not unpacked."""
    return httpx.Response(
        response.status_code,
        headers={"Content-Type": response.headers.get("Content-Type", "")},
        content=b"".join(_bounded(response.iter_raw())),
        request=response.request,
    )


def _bounded(chunks: Iterable[bytes]) -> Iterable[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_BYTES:
            raise TooMuch(f"the answer is longer than {MOST_BYTES} bytes")
        yield chunk


def _transport() -> httpx.BaseTransport:
    transport = httpx.HTTPTransport(trust_env=False, retries=0)
    transport._pool._network_backend = _Guard()  # noqa: SLF001  # httpx has no public way to give its pool a backend
    return transport


class _Guard(httpcore.NetworkBackend):
    """Connects to what a name stands for only if all that it stands for is public."""

    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()
        self._deadline = time.monotonic() + LONGEST
        self._names = resolver(seconds=LONGEST)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """The address that was checked is the one that is dialled: a name cannot change in between."""
        *others, last = _checked(host, port, self._names)
        for address in others:
            with suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return self._dialled(address, port, timeout, local_address, socket_options)
        return self._dialled(last, port, timeout, local_address, socket_options)

    def _dialled(self, address: Address, port: int, timeout: float | None, *rest: Any) -> "_Timed":
        left = _left(self._deadline, timeout)
        return _Timed(self._inner.connect_tcp(str(address), port, left, *rest), self._deadline)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Any = None
    ) -> httpcore.NetworkStream:
        """Never."""
        raise Forbidden("a unix socket is no public address")


class _Timed(httpcore.NetworkStream):
    """A stream that ends at a deadline, however often a byte comes: in the head of an answer, too."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Up to ``max_bytes``. Raises ``TooSlow`` past the deadline."""
        return self._inner.read(max_bytes, _left(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of ``buffer``. Raises ``TooSlow`` past the deadline."""
        self._inner.write(buffer, _left(self._deadline, timeout))

    def close(self) -> None:
        """Close what is below."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The same with TLS, to the same deadline."""
        inner = self._inner.start_tls(ssl_context, server_hostname, _left(self._deadline, timeout))
        return _Timed(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What is below knows."""
        return self._inner.get_extra_info(info)


def _left(deadline: float, timeout: float | None) -> float:
    """Seconds until the deadline, or the shorter time-out. Raises ``TooSlow`` past it."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TooSlow(f"the answer takes longer than {LONGEST:.0f} s")
    return left if timeout is None else min(left, timeout)


def _checked(host: str, port: int, names: Resolver) -> list[Address]:
    """Where to connect, at least one address. Raises ``Forbidden`` where one of them is not public."""
    if f"{host}:{port}" in settings.HTTP_ALLOWED:
        return _resolved(host, names)
    _refuse_odd_spelling(host)
    addresses = _resolved(host, names)
    for address in addresses:
        if not is_public(address):
            raise Forbidden(f"{host} stands for {address}, which is not a public address")
    return addresses


def _refuse_odd_spelling(host: str) -> None:
    """Raise ``Forbidden`` for what is neither a name nor an address as they are written.

    What names a zone or is encoded; what ends in a number, as no name does, and is not four plain
    ones (127.1, 0x7f000001, a dot at the end); and this machine's own names (RFC 6761, section 6.3).
    """
    last = host.rstrip(".").rpartition(".")[2]
    is_number = _literal(host) is None and NUMBER.fullmatch(last) is not None
    if "%" in host or is_number or THIS_MACHINE.fullmatch(host):
        raise Forbidden(f"{host[:100]!a} is no name or address of a public place")


def _resolved(host: str, names: Resolver) -> list[Address]:
    """An address is what it says; a name is asked for. Raises where nobody knows an address of it."""
    if (literal := _literal(host)) is not None:
        return [literal]
    answers = [names.ask(host, kind) for kind in ("A", "AAAA")]
    addresses = [ip_address(record) for answer in answers for record in answer.records]
    if not addresses:
        why = next((answer.why for answer in answers if not answer.is_known), "it stands for no address")
        raise httpcore.ConnectError(f"{host[:100]} could not be resolved: {why}")
    return addresses


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether anybody may be there: neither private, shared, reserved nor multicast, also not embedded in IPv6."""
    inner = _embedded(address)
    if inner is not None:
        return is_public(inner)
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return False
    if any(address in network for network in ALSO_RESERVED):
        return False
    return address.is_global and not address.is_multicast


def _embedded(address: Address) -> IPv4Address | None:
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
