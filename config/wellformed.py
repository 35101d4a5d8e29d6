"""What values of the environment have to look like, so that none that cannot work is found out by a customer.

Each function gives the value back. Each raises ``ValueError`` with the form that is wanted, and
never with the value: it may hold a password.
"""

import re
from collections.abc import Sequence
from email.utils import parseaddr
from ipaddress import AddressValueError, IPv4Address
from urllib.parse import SplitResult, parse_qs, urlsplit

import dj_database_url
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lookups.server import server_of

HOST = re.compile(
    r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]", re.IGNORECASE
)
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
SHORTEST_SECRET = 50
FEWEST_CHARACTERS = 8  # different ones: even fifty random digits have more


def on_one_line(value: str) -> str:
    """Anything: a line break would end a header of mail, or a line of a log."""
    if CONTROL.search(value):
        raise ValueError("has a line break or another control character; write it on one line")
    return value


def is_strong(secret: str) -> bool:
    """Long, of many different characters, and not the same few pieces over and over."""
    pieces = [secret[start : start + 3] for start in range(len(secret) - 2)]
    is_varied = len(set(secret)) >= FEWEST_CHARACTERS and len(set(pieces)) > len(pieces) / 2
    return len(secret) >= SHORTEST_SECRET and is_varied


def is_host(name: str) -> bool:
    """A host name or an address, without port; ``*`` and ``.example.net`` are none."""
    return HOST.fullmatch(name) is not None


def host_of(url: SplitResult) -> str:
    """As ``ALLOWED_HOSTS`` has it, an IPv6 address in brackets; empty where there is none."""
    host = url.hostname or ""
    return f"[{host}]" if ":" in host else host


def database(value: str) -> str:
    """A database of a PostgreSQL server."""
    try:
        parsed = dj_database_url.parse(value)
    except ValueError:
        parsed = {}
    if parsed.get("ENGINE") != "django.db.backends.postgresql" or not parsed.get("NAME"):
        raise ValueError("needs the form postgresql://user:password@host/name")
    return value


def redis(value: str) -> str:
    """A Redis or Valkey server, on the network or on a socket of this machine."""
    form = "redis://host:6379/0, rediss:// for TLS, or unix:///path/to/socket"
    url = _url(value, form)
    is_named = bool(url.path) if url.scheme == "unix" else bool(url.hostname)
    is_numbered = url.scheme == "unix" or re.fullmatch(r"(/[0-9]*)?", url.path)
    if url.scheme not in ("redis", "rediss", "unix") or not is_named or not is_numbered:
        raise ValueError(f"needs the form {form}")
    return value


def desk_address(value: str) -> str:
    """Where people find the desk; pages and links stand at the top of it."""
    form = "https://desk.example.net, without user, path or anything behind it"
    url = _url(value, form)
    is_more = url.username is not None or url.path not in ("", "/") or url.query or url.fragment
    if value and (is_more or url.scheme not in ("http", "https") or not is_host(host_of(url))):
        raise ValueError(f"needs the form {form}")
    return value


def service(value: str) -> str:
    """An HTTP service, that paths are put behind."""
    form = "https://rdap.example.net"
    url = _url(value, form)
    if url.scheme not in ("http", "https") or not is_host(host_of(url)) or url.query or url.fragment:
        raise ValueError(f"needs the form {form}")
    return value


def mail_server(value: str) -> str:
    """An SMTP server; what is misspelt behind it would mean mail in the clear."""
    form = "smtp://user:password@host:587?tls=1, with special characters written like %40 for @"
    url = _url(value, form)
    if value and not (url.scheme == "smtp" and url.hostname and url.path in ("", "/") and not url.fragment):
        raise ValueError(f"needs the form {form}")
    options = parse_qs(url.query, keep_blank_values=True)
    if options not in ({}, {"tls": ["1"]}, {"ssl": ["1"]}):
        raise ValueError("needs nothing, ?tls=1 (STARTTLS) or ?ssl=1 behind the host")
    return value


def sender(value: str) -> str:
    """An address, with a name or without."""
    try:
        validate_email(parseaddr(value)[1])
    except ValidationError:
        raise ValueError("needs an address, like desk@example.net or The Desk <desk@example.net>") from None
    return value


def bind_address(value: str) -> str:
    """An address of this machine, as ``engines.port`` binds it."""
    try:
        return str(IPv4Address(value))
    except AddressValueError:
        raise ValueError("needs an IPv4 address of this machine, like 127.0.0.1") from None


def dns_servers(values: Sequence[str]) -> Sequence[str]:
    """DNS servers by their addresses."""
    for value in values:
        server_of(value)
    return values


def blocklists(values: Sequence[str]) -> Sequence[str]:
    """Blocklists with the codes that count."""
    if values:
        from lookups.blocklists import parse  # noqa: PLC0415  # brings DNS; who names no list does without

        parse(values)
    return values


def services(values: Sequence[str]) -> Sequence[str]:
    """Hosts with their ports."""
    for value in values:
        host, _, port = value.rpartition(":")
        if not is_host(host) or not re.fullmatch(r"[0-9]{1,5}", port):
            raise ValueError("needs host and port of each, like rdap.example.net:443")
    return values


def _url(value: str, form: str) -> SplitResult:
    try:
        url = urlsplit(value)
        url.port  # noqa: B018  # is looked at only when it is read
    except ValueError:
        raise ValueError(f"needs the form {form}") from None
    return url
