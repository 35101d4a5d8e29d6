"""Single values as people type them, put right one by one: pages, API, tasks and commands alike.

Each function gives the value as it is kept, or raises ``ValueError`` with the reason and the way on.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST_TEXT = 5000
MOST_LISTED = 50
MOST_PER_DAY = 100_000_000
LONGEST_MAILBOX = 254
NOT_IN_MAILBOX = frozenset('"/')
LONGEST_DOMAIN = 253
LONGEST_LABEL = 63

_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?=[a-z]){_LABEL}")

_SELECTOR = re.compile(rf"(?:{_LABEL}|[a-z0-9_-]+)(?:\.{_LABEL})*")

Value = TypeVar("Value")


def hash_of_key(key: str) -> str | None:
    """A client's idempotency key as it is kept: hashed, since a client may put anything into it."""
    return hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest() if key else None


def text_of(text: str, longest: int = LONGEST_TEXT) -> str:
    """The text without white space around it, if it is text that PostgreSQL can keep."""
    text = text.strip()
    if "\0" in text or not _is_unicode(text):
        raise ValueError("This holds characters that are no text, such as NUL. Take them out.")
    if len(text) > longest:
        raise ValueError(f"Write at most {longest} characters; these are {len(text)}.")
    return text


def domain_of(text: str) -> str:
    """A domain name in lower case; a name in another script in its ASCII form (IDNA)."""
    name = text.strip().lower().strip(".").removeprefix("@")
    try:
        # Its time grows with the square of the length, and the ASCII form is never the shorter one.
        ascii_name = name.encode("idna").decode() if len(name) <= LONGEST_DOMAIN else ""
    except UnicodeError:
        ascii_name = ""
    if len(ascii_name) > LONGEST_DOMAIN or not _DOMAIN.fullmatch(ascii_name):
        raise ValueError(f"{_quoted(text)} is no domain name; write it like mail.example.com.")
    return ascii_name


def address_of(text: str) -> str:
    """An IPv4 or IPv6 address in its canonical form; an IPv4 one mapped into IPv6 as what it is."""
    address = _parsed_address(text.strip())
    if address is None:
        raise ValueError(f"{_quoted(text)} is no IP address; write it like 192.0.2.25 or 2001:db8::25.")
    return str(address)


def mailbox_of(text: str) -> str:
    """An e-mail address; none with a quoted part or a slash, which an address of a page or a log cannot hold."""
    mailbox = text.strip()
    try:
        validate_email(mailbox)
    except ValidationError:
        mailbox = ""
    if not mailbox or len(mailbox) > LONGEST_MAILBOX or NOT_IN_MAILBOX & set(mailbox):
        raise ValueError(f"{_quoted(text)} is no e-mail address; write it like abuse@example.com.")
    return text_of(mailbox)


def selector_of(text: str) -> str:
    """A DKIM selector: what stands before ``._domainkey`` (RFC 6376, section 3.1)."""
    selector = text.strip().lower().removesuffix("._domainkey")
    if len(selector) > LONGEST_LABEL or not _SELECTOR.fullmatch(selector):
        raise ValueError(f"{_quoted(text)} is no DKIM selector; write it like s1 or mail2026.")
    return selector


def volume_of(number: int) -> int:
    """Messages a day."""
    if not 1 <= number <= MOST_PER_DAY:
        raise ValueError(f"Give the messages on a busy day in digits, from 1 to {MOST_PER_DAY:,}.")
    return number


def each_of(values: Iterable[str], value_of: Callable[[str], Value]) -> tuple[Value, ...]:
    """A list put right value by value, without repeats."""
    given = list(values)
    if len(given) > MOST_LISTED:
        raise ValueError(f"Give at most {MOST_LISTED}; these are {len(given)}.")
    return tuple(dict.fromkeys(value_of(value) for value in given))


def _parsed_address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    # A zone ("%eth0") names an interface of one machine, and PostgreSQL does not know it.
    return None if address.scope_id else address.ipv4_mapped or address


def _is_unicode(text: str) -> bool:
    """Half of a surrogate pair can be written in JSON, and is no character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _quoted(text: str) -> str:
    """What was typed, short and fit to be shown."""
    shown = ascii(text[:60])[1:-1] if not _is_unicode(text) or "\0" in text else text[:60]
    return f"“{shown}”" if shown else "Nothing"
