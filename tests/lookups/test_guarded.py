"""The guarded client: no name, redirect or second look-up reaches a private address.

How an address may be spelled has tests of its own: ``test_spellings.py``.
"""

import socket
import ssl
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import override_settings

from lookups import guarded
from lookups.guarded import Forbidden, TooMuch, get
from tests.outside.dns import OutsideDNS
from tests.outside.http import (
    OutsideHTTP,
    Reply,
    drip_body,
    drip_head,
    flood,
    hang,
    nonsense,
    outside_http,
    redirect_and_hang,
)


@pytest.fixture(autouse=True)
def names(dns_server: OutsideDNS) -> Iterator[OutsideDNS]:
    """The only name server that is asked; it knows no name."""
    with override_settings(DNS_RESOLVERS=[dns_server.address]):
        yield dns_server


@pytest.fixture
def http() -> Iterator[OutsideHTTP]:
    """A server that nobody is allowed to reach."""
    with outside_http() as server:
        yield server


@pytest.fixture
def allowed(http: OutsideHTTP) -> Iterator[OutsideHTTP]:
    """The same server, named by the operator."""
    with override_settings(HTTP_ALLOWED=frozenset({http.place})):
        yield http


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "TIMEOUT", 0.3)
    monkeypatch.setattr(guarded, "LONGEST", 0.6)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "//x/", "/x", "data:,x"]
)
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(httpx.UnsupportedProtocol):
        get(url)


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "x..example", "nobody.invalid"])
def test_a_name_that_stands_for_nothing_is_an_error_of_http(host: str) -> None:
    with pytest.raises((httpx.ConnectError, Forbidden)):
        get(f"http://{host}/")


def test_what_the_operator_named_is_reached(allowed: OutsideHTTP) -> None:
    allowed.replies["/x"] = Reply(200, b'{"a": 1}')
    assert get(f"{allowed.url}/x").json() == {"a": 1}
    with pytest.raises(Forbidden):
        get(f"http://127.0.0.2:{allowed.port}/x")
    assert allowed.asked == ["/x"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_a_private_place_is_never_dialled(allowed: OutsideHTTP, status: int) -> None:
    with outside_http() as target:
        allowed.replies["/"] = Reply(status, headers={"Location": f"{target.url}/secret"})
        with pytest.raises(Forbidden):
            get(f"{allowed.url}/")
        assert (allowed.connections, target.connections) == (1, 0)


def test_a_redirect_within_what_is_allowed_is_followed_but_not_for_ever(allowed: OutsideHTTP) -> None:
    allowed.replies["/old"] = Reply(302, b"x" * 100, {"Location": "/new"})
    allowed.replies["/new"] = Reply(200, b'"here"')
    assert get(f"{allowed.url}/old").json() == "here"
    allowed.replies["/loop"] = Reply(302, headers={"Location": "/loop"})
    with pytest.raises(httpx.TooManyRedirects):
        get(f"{allowed.url}/loop")
    assert allowed.asked.count("/loop") == guarded.MOST_REDIRECTS + 1


@pytest.mark.usefixtures("hasty")
def test_the_body_of_a_redirect_is_not_read(allowed: OutsideHTTP) -> None:
    allowed.replies["/old"] = Reply(misbehave=redirect_and_hang)
    allowed.replies["/new"] = Reply(200, b'"here"')
    assert get(f"{allowed.url}/old").json() == "here"


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://[bad/"])
def test_a_redirect_to_another_scheme_or_to_nonsense_is_an_error(allowed: OutsideHTTP, target: str) -> None:
    allowed.replies["/"] = Reply(302, headers={"Location": target})
    with pytest.raises((httpx.HTTPError, Forbidden)):
        get(f"{allowed.url}/")


class Rebinding(dict[str, Sequence[str]]):
    """A zone whose one name is public when it is first asked for, and private from then on."""

    def __init__(self, name: str, first: str, then: str) -> None:
        super().__init__({name: [f"A {first}"]})
        self._then = [f"A {then}"]

    def get(self, name: str, default: Any = None) -> Any:
        found = super().get(name, default)
        if name in self:
            self[name] = self._then
        return found


@pytest.fixture
def public(http: OutsideHTTP, monkeypatch: pytest.MonkeyPatch) -> Iterator[OutsideHTTP]:
    """A server that counts as public, on the port of the private one: both are on loopback, and real."""
    monkeypatch.setattr(guarded, "is_public", lambda address: str(address) == PUBLIC_HERE)
    with outside_http(PUBLIC_HERE, http.port) as server:
        yield server


PUBLIC_HERE = "127.0.0.2"


def test_a_name_that_changes_in_between_does_not_help(
    http: OutsideHTTP, public: OutsideHTTP, names: OutsideDNS
) -> None:
    """Public at first, and redirecting to itself; private when it is asked for again."""
    names.zone = Rebinding("rebind.example", PUBLIC_HERE, "127.0.0.1")
    address = f"http://rebind.example:{http.port}"
    public.replies["/"] = Reply(302, headers={"Location": f"{address}/secret"})
    get(f"{address}/")
    assert public.asked == ["/", "/secret"]
    with pytest.raises(Forbidden, match=r"stands for 127\.0\.0\.1, which is not a public address"):
        get(f"{address}/")
    assert http.connections == 0


def test_a_redirect_to_a_name_of_something_private_is_never_dialled(
    http: OutsideHTTP, public: OutsideHTTP, names: OutsideDNS
) -> None:
    names.zone |= {"good.example": [f"A {PUBLIC_HERE}"], "bad.example": ["A 127.0.0.1"]}
    public.replies["/"] = Reply(302, headers={"Location": f"http://bad.example:{http.port}/secret"})
    with pytest.raises(Forbidden, match=r"bad\.example stands for"):
        get(f"http://good.example:{http.port}/")
    assert (public.connections, http.connections) == (1, 0)


@pytest.mark.parametrize("private", ["A 127.0.0.1", "AAAA ::1", "AAAA ::ffff:7f00:1"])
def test_one_private_address_among_public_ones_is_enough(
    http: OutsideHTTP, public: OutsideHTTP, names: OutsideDNS, private: str
) -> None:
    names.zone["both.example"] = [f"A {PUBLIC_HERE}", private]
    with pytest.raises(Forbidden, match="which is not a public address"):
        get(f"http://both.example:{http.port}/")
    assert (public.connections, http.connections) == (0, 0)


def test_a_name_is_asked_of_the_configured_resolvers_alone(
    http: OutsideHTTP, names: OutsideDNS, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system's resolver sees addresses at most; where the first one is dead, the next is dialled."""
    names.zone["rdap.example"] = ["A 127.0.0.3", "A 127.0.0.1"]
    http.replies["/x"] = Reply(200, b"1")
    seen: list[str] = []
    real = socket.getaddrinfo

    def of_the_system(host: str, *rest: Any) -> Any:
        seen.append(host)
        return real(host, *rest)

    monkeypatch.setattr(socket, "getaddrinfo", of_the_system)
    with override_settings(HTTP_ALLOWED=frozenset({f"rdap.example:{http.port}"})):
        assert get(f"http://rdap.example:{http.port}/x").json() == 1
    assert names.asked == [("rdap.example", "A"), ("rdap.example", "AAAA")]
    assert set(seen) <= {"127.0.0.3", "127.0.0.1"}


@pytest.mark.parametrize("how", ["servfail", "refused", "lame", "empty"])
def test_a_name_that_nobody_answers_for_is_an_error_of_http(names: OutsideDNS, how: str) -> None:
    names.zone["rdap.example"] = [how]
    with pytest.raises(httpx.ConnectError, match=r"rdap\.example"):
        get("http://rdap.example/")


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"])
def test_proxies_of_the_environment_are_not_used(
    allowed: OutsideHTTP, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with outside_http() as proxy:
        monkeypatch.setenv(name, proxy.url)
        allowed.replies["/"] = Reply(200, b"1")
        assert get(f"{allowed.url}/").json() == 1
        assert proxy.connections == 0


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    ("how", "error"),
    [
        (hang, httpx.ReadTimeout),
        (drip_head, (TooMuch, httpx.ReadTimeout)),
        (drip_body, (TooMuch, httpx.ReadTimeout)),
        (flood, TooMuch),
        (nonsense, httpx.RemoteProtocolError),
    ],
)
def test_an_answer_without_end_is_given_up(allowed: OutsideHTTP, how: Any, error: Any) -> None:
    allowed.replies["/"] = Reply(misbehave=how)
    with pytest.raises(error):
        get(f"{allowed.url}/")


def test_a_certificate_that_nobody_vouches_for_is_refused(allowed: OutsideHTTP, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=127.0.0.1"
    subject = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*make.split(), *subject], check=True, capture_output=True)
    allowed.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    allowed.tls.load_cert_chain(certificate, key)
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        get(f"https://{allowed.place}/")
    assert allowed.asked == []
