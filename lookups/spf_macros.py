"""Macros in SPF's domain names (RFC 7208, section 7)."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote

MACRO = re.compile(
    r"%(?:(?P<literal>[%_\-])|\{(?P<letter>[A-Za-z])(?P<digits>[0-9]*)(?P<reversed>r?)(?P<delimiters>[.\-+,/_=]*)\})"
)
LITERALS = {"%": "%", "_": " ", "-": "%20"}
LONGEST_NAME = 253


@dataclass(frozen=True, slots=True)
class Sending:
    """Who sends: the address that connects, the sender's mailbox and the HELO name."""

    address: IPv4Address | IPv6Address
    sender: str
    helo: str


def expand(text: str, domain: str, sending: Sending) -> str:
    """The name that ``text`` stands for in a record of ``domain``; too long ones lose labels on the left.

    Raises ``ValueError`` for a macro that makes no sense in a name.
    """
    name = MACRO.sub(lambda match: _value(match, domain, sending), text)
    while len(name) > LONGEST_NAME and "." in name:
        name = name.partition(".")[2]
    return name


def _value(match: re.Match[str], domain: str, sending: Sending) -> str:
    if match["literal"]:
        return LITERALS[match["literal"]]
    value = _letter(match["letter"].lower(), domain, sending)
    labels = re.split(f"[{re.escape(match['delimiters'] or '.')}]", value)
    if match["reversed"]:
        labels.reverse()
    if match["digits"]:
        if int(match["digits"]) == 0:
            raise ValueError(f"{match[0]} keeps no label")
        labels = labels[-int(match["digits"]) :]
    joined = ".".join(labels)
    return quote(joined, safe="") if match["letter"].isupper() else joined


def _letter(letter: str, domain: str, sending: Sending) -> str:
    local, _, sender_domain = sending.sender.rpartition("@")
    known = {
        "s": sending.sender,
        "l": local or "postmaster",
        "o": sender_domain,
        "d": domain,
        "i": _dotted(sending.address),
        "p": "unknown",  # RFC 7208, section 7.3: not worth the look-ups, and this is what stands for it
        "v": "in-addr" if sending.address.version == 4 else "ip6",
        "h": sending.helo,
    }
    if letter not in known:
        raise ValueError(f"the macro {letter} is for explanations alone")
    return known[letter]


def _dotted(address: IPv4Address | IPv6Address) -> str:
    if address.version == 4:
        return str(address)
    return ".".join(address.exploded.replace(":", ""))
