"""SPF records as text: their terms, and what is wrong with them (RFC 7208, sections 4 to 7 and 12)."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

QUALIFIERS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
TERM = re.compile(r"(?P<qualifier>[+\-~?])?(?P<name>[A-Za-z][A-Za-z0-9_.\-]*)(?P<rest>[:/=].*)?", re.DOTALL)
MACRO_STRING = re.compile(
    r"(?:[\x21-\x24\x26-\x7e]|%%|%_|%-|%\{[slodiphcrtvSLODIPHCRTV][0-9]*r?[.\-+,/_=]*\})*"
)
CIDR = re.compile(r"(?P<target>.*?)(?:/(?P<four>0|[1-9][0-9]?))?(?://(?P<six>0|[1-9][0-9]{0,2}))?", re.DOTALL)
WITH_DOMAIN = frozenset({"include", "exists"})
MAY_HAVE_DOMAIN = frozenset({"a", "mx", "ptr"})
WITH_CIDR = frozenset({"a", "mx"})
FOUR_BITS, SIX_BITS = 32, 128


class SpfSyntaxError(ValueError):
    """A record that is not valid; the message names the term."""


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One mechanism: ``name``, the result that its match gives, and what it is about."""

    text: str
    name: str
    result: str
    target: str = ""
    network: IPv4Network | IPv6Network | None = None
    four_bits: int = FOUR_BITS
    six_bits: int = SIX_BITS


@dataclass(frozen=True, slots=True)
class Record:
    """A valid record. ``redirect`` and ``explanation`` are targets, blank where there are none."""

    text: str
    mechanisms: tuple[Mechanism, ...]
    redirect: str = ""
    explanation: str = ""

    @property
    def lets_everybody(self) -> bool:
        """Ends in ``+all``: any address may send (or no address is kept from it)."""
        return any(each.name == "all" and each.result == "pass" for each in self.mechanisms)


def is_spf(text: str) -> bool:
    """Whether a TXT record is one of SPF's (RFC 7208, section 4.5)."""
    return text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")


def parse(text: str) -> Record:
    """The record's terms. Raises ``SpfSyntaxError``."""
    mechanisms: list[Mechanism] = []
    modifiers: dict[str, str] = {}
    for term in text.split(" ")[1:]:
        if not term:
            continue
        match = TERM.fullmatch(term)
        if match is None:
            raise SpfSyntaxError(f"{term!a} is no term of SPF")
        if (match["rest"] or "").startswith("="):
            _add_modifier(modifiers, match, term)
        else:
            mechanisms.append(_mechanism(match, term))
    return Record(text, tuple(mechanisms), modifiers.get("redirect", ""), modifiers.get("exp", ""))


def _add_modifier(modifiers: dict[str, str], match: re.Match[str], term: str) -> None:
    name, value = match["name"].lower(), match["rest"][1:]
    if match["qualifier"]:
        raise SpfSyntaxError(f"{term!a}: a modifier has no qualifier")
    if not MACRO_STRING.fullmatch(value):
        raise SpfSyntaxError(f"{term!a} holds what no macro string may")
    if name in ("redirect", "exp"):
        if name in modifiers:
            raise SpfSyntaxError(f"{name}= is there twice")
        modifiers[name] = _domain(value, term)


def _mechanism(match: re.Match[str], term: str) -> Mechanism:
    name, rest = match["name"].lower(), match["rest"] or ""
    result = QUALIFIERS[match["qualifier"] or "+"]
    if name == "all":
        if rest:
            raise SpfSyntaxError(f"{term!a}: nothing follows all")
        return Mechanism(term, name, result)
    if name in ("ip4", "ip6"):
        return Mechanism(term, name, result, network=_network(name, rest, term))
    if name in WITH_DOMAIN:
        return Mechanism(term, name, result, _domain(rest.removeprefix(":") if rest[:1] == ":" else "", term))
    if name in MAY_HAVE_DOMAIN:
        return _with_cidr(name, result, rest, term)
    raise SpfSyntaxError(f"{term!a}: there is no mechanism {name}")


def _with_cidr(name: str, result: str, rest: str, term: str) -> Mechanism:
    parts = CIDR.fullmatch(rest) if name in WITH_CIDR else None
    target = parts["target"] if parts else rest
    four, six = (parts["four"], parts["six"]) if parts else (None, None)
    if target:
        if target[0] != ":":
            raise SpfSyntaxError(f"{term!a}: {name} is followed by : and a domain")
        target = _domain(target[1:], term)
    bits = int(four or FOUR_BITS), int(six or SIX_BITS)
    if bits[0] > FOUR_BITS or bits[1] > SIX_BITS:
        raise SpfSyntaxError(f"{term!a}: no address has so many bits")
    return Mechanism(term, name, result, target, four_bits=bits[0], six_bits=bits[1])


def _network(name: str, rest: str, term: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(rest[1:], strict=False)
    except ValueError:
        raise SpfSyntaxError(f"{term!a}: no address or network follows {name}:") from None
    if rest[:1] != ":" or f"ip{network.version}" != name:
        raise SpfSyntaxError(f"{term!a}: no IPv{name[-1]} address or network follows {name}:")
    return network


def _domain(text: str, term: str) -> str:
    if not text or not MACRO_STRING.fullmatch(text):
        raise SpfSyntaxError(f"{term!a} needs a domain")
    if not text.endswith("}") and "." not in text.rstrip("."):
        raise SpfSyntaxError(f"{term!a} needs a whole domain")
    return text
