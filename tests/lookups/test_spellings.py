"""Every spelling of a private address is refused by the guard: before a name is asked for or anything is dialled."""

import socket
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, ip_address
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from django.test import override_settings

from lookups.guarded import Forbidden, get, is_public
from tests.outside.dns import OutsideDNS
from tests.outside.http import Reply, outside_http

LOOPBACK = IPv4Address("127.0.0.1")
SPECIAL = [
    LOOPBACK,
    *map(
        IPv4Address,
        [
            "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.1.2.3", "169.254.169.254", "172.16.0.1", "172.31.255.254",
            "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.7",
            "224.0.0.1", "240.0.0.1", "255.255.255.255",
        ],
    ),
]  # fmt: skip
"""One address of each private or special range of IPv4."""

SPECIAL_SIX = [
    "::", "::1", "100::1", "64:ff9b:1::1", "2001:db8::1", "2001:2::1", "3fff::1", "4000::1", "5f00::1",
    "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "::ffff:0:10.0.0.1",
]  # fmt: skip
"""And of IPv6."""

FULL_WIDTH = {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}


def last_parts(address: IPv4Address, parts: int) -> str:
    """The short form: the last of so many parts stands for all the bytes that are left."""
    kept = address.packed[: parts - 1]
    rest = int.from_bytes(address.packed[parts - 1 :], "big")
    return ".".join(map(str, [*kept, rest]))


def each_part(form: str) -> Callable[[IPv4Address], str]:
    return lambda address: ".".join(format(byte, form) for byte in address.packed)


def six(prefix: int, shift: int = 0, mask: int = 0) -> Callable[[IPv4Address], str]:
    """An IPv6 address that carries the IPv4 one, by its first bits and where it is carried."""
    return lambda address: f"[{ip_address(prefix | ((int(address) ^ mask) << shift)).compressed}]"


SPELLINGS: dict[str, Callable[[IPv4Address], str]] = {
    "plain": str,
    "one decimal number": lambda address: str(int(address)),
    "one octal number": lambda address: f"0{int(address):o}",
    "one hexadecimal number": lambda address: hex(int(address)),
    "in capitals": lambda address: f"0X{int(address):08X}",
    "two parts": lambda address: last_parts(address, 2),
    "three parts": lambda address: last_parts(address, 3),
    "octal parts": each_part("04o"),
    "hexadecimal parts": each_part("#x"),
    "parts filled with zeros": each_part("03d"),
    "mixed parts": lambda address: f"0x{address.packed[0]:x}.{last_parts(address, 2).partition('.')[2]}",
    "full-width digits": lambda address: str(address).translate(FULL_WIDTH),
    "ideographic full stops": lambda address: str(address).replace(".", "\u3002"),
    "half-width full stops": lambda address: str(address).replace(".", "\uff61"),
    "full-width full stops": lambda address: str(address).replace(".", "\uff0e"),
    "percent-encoded": lambda address: "".join(f"%{ord(each):02x}" for each in str(address)),
    "dots percent-encoded": lambda address: str(address).replace(".", "%2e"),
    "a zone": lambda address: f"[::ffff:{address}%25lo]",
    "a zone that is not encoded": lambda address: f"[::ffff:{address}%lo]",
    "a zone of IPv4": lambda address: f"{address}%25lo",
    "a NUL": lambda address: f"{address}%00.public.example",
    "mapped": lambda address: f"[::ffff:{address}]",
    "mapped, hexadecimal": six(0xFFFF << 32),
    "mapped, in full": lambda address: f"[0000:0000:0000:0000:0000:ffff:{address}]",
    "compatible": lambda address: f"[::{address}]",
    "6to4": six(0x2002 << 112, 80),
    "NAT64": six(0x64FF9B << 96),
    "NAT64, dotted": lambda address: f"[64:ff9b::{address}]",
    "Teredo": six(0x20010000 << 96 | 0x4136E378 << 64 | 0x800063BF << 32, mask=0xFFFFFFFF),
    "a dot at the end": lambda address: f"{address}.",
    "two dots at the end": lambda address: f"{address}..",
    "one number and a dot": lambda address: f"{int(address)}.",
    "a user": lambda address: f"user@{address}",
    "a user and a password that look like a place": lambda address: f"public.example:80@{address}",
    "a user that looks like a path": lambda address: f"public.example%2Fx@{address}",
    "an encoded at sign": lambda address: f"public.example%40{address}",
    "spaces": lambda address: f" {address} ",
}


@pytest.fixture(autouse=True)
def names(dns_server: OutsideDNS) -> Iterator[OutsideDNS]:
    """Whoever asks for an odd name gets an answer, and is seen."""
    with override_settings(DNS_RESOLVERS=[dns_server.address]):
        yield dns_server


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Certificates are read once, and not for each of a thousand clients."""
    transport = httpx.HTTPTransport
    context = httpx.create_ssl_context()
    monkeypatch.setattr(httpx, "HTTPTransport", lambda **given: transport(verify=context, **given))


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every try to connect; none comes about."""
    tried: list[Any] = []

    def refuse(*given: Any, **named: Any) -> None:
        tried.append(given)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    return tried


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_loopback_reaches_who_listens_there(names: OutsideDNS, spelling: str) -> None:
    host = SPELLINGS[spelling](LOOPBACK)
    with outside_http() as secret, outside_http() as http:
        with pytest.raises(Forbidden):
            get(f"http://{host}:{secret.port}/")
        http.replies["/"] = Reply(302, headers={"Location": f"http://{host}:{secret.port}/"})
        with (
            override_settings(HTTP_ALLOWED=frozenset({http.place})),
            pytest.raises((Forbidden, httpx.RemoteProtocolError)),
        ):
            get(f"{http.url}/")
        assert (http.asked, secret.connections) == (["/"], 0)
    assert names.asked == []


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_spelling_of_any_special_address_is_dialled(
    names: OutsideDNS, dialled: list[Any], spelling: str
) -> None:
    for address in SPECIAL:
        host = SPELLINGS[spelling](address)
        with pytest.raises(Forbidden):
            get(f"http://{host}/")
    assert (dialled, names.asked) == ([], [])


@pytest.mark.parametrize("text", SPECIAL_SIX)
@pytest.mark.parametrize("form", ["[{}]", "[{}%25eth0]", "user@[{}]", "public.example:80@[{}]"])
def test_no_special_address_of_ipv6_is_dialled(
    names: OutsideDNS, dialled: list[Any], form: str, text: str
) -> None:
    full = ip_address(text).exploded
    for each in (text, text.upper(), full):
        assert not is_public(ip_address(each))
        with pytest.raises(Forbidden):
            get(f"http://{form.format(each)}/")
    assert (dialled, names.asked) == ([], [])


@pytest.mark.parametrize(
    "name",
    ["localhost", "LOCALHOST", "localhost.", "shop.localhost", "\uff4cocalhost", quote("\uff4cocalhost")],
)
def test_this_machines_own_names_are_never_asked_for(
    names: OutsideDNS, dialled: list[Any], name: str
) -> None:
    with pytest.raises(Forbidden):
        get(f"http://{name}/")
    assert (dialled, names.asked) == ([], [])


def test_what_is_not_found_is_told_from_what_is_refused(names: OutsideDNS, dialled: list[Any]) -> None:
    """The same client, a plain name and a public address: it asks, and it dials."""
    with pytest.raises(httpx.ConnectError, match="could not be resolved"):
        get("http://nobody.example/")
    assert names.asked == [("nobody.example", "A"), ("nobody.example", "AAAA")]
    with pytest.raises(httpx.ConnectError):
        get("http://8.8.8.8/")
    assert [given[0] for given in dialled] == [("8.8.8.8", 80)]


PUBLIC = ["8.8.8.8", "100.128.0.1", "172.32.0.1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]


@pytest.mark.parametrize("text", [*PUBLIC, "2606:4700::1111"])
def test_what_is_public_is_not_refused(text: str) -> None:
    assert is_public(ip_address(text))


def test_what_the_operator_named_may_be_spelled_as_they_like(names: OutsideDNS) -> None:
    names.zone["localhost"] = ["A 127.0.0.1"]
    with outside_http() as http, override_settings(HTTP_ALLOWED=frozenset({f"localhost:{http.port}"})):
        http.replies["/"] = Reply(200, b"1")
        assert get(f"http://localhost:{http.port}/").json() == 1
