"""The words of readiness: what is looked at, what came of it, and the record to publish."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from lookups.dns import Answer, Resolver


class Item(StrEnum):
    """What is looked at."""

    MX = "mx"
    SPF = "spf"
    SPF_ADDRESS = "spf_address"
    DKIM = "dkim"
    DMARC = "dmarc"
    PTR = "ptr"
    FCRDNS = "fcrdns"
    HELO = "helo"


LABELS = {
    Item.MX: "Mail exchanger (MX)",
    Item.SPF: "SPF record",
    Item.SPF_ADDRESS: "SPF covers the address",
    Item.DKIM: "DKIM key",
    Item.DMARC: "DMARC policy",
    Item.PTR: "Reverse DNS (PTR)",
    Item.FCRDNS: "Reverse DNS leads back",
    Item.HELO: "HELO name",
}
"""How people call them."""


class Status(StrEnum):
    """What came of it; ``unknown`` is neither."""

    PASS = "pass"  # noqa: S105  # nosec B105  # no password
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """A record to publish; ``name`` without its last dot."""

    name: str
    type: str
    value: str

    def __str__(self) -> str:
        value = f'"{self.value}"' if self.type == "TXT" else self.value
        return f"{self.name}. IN {self.type} {value}"


@dataclass(frozen=True, slots=True)
class Line:
    """One item of one subject; ``detail`` says why, in words for whoever has to mend it.

    ``publish`` replaces what is ``present``, where anything is. What was not given is not
    ``is_asked``: its status is unknown, though nobody failed to answer. ``is_passing`` where it is
    unknown for a failure of the moment.
    """

    item: Item
    subject: str
    status: Status
    detail: str
    publish: DnsRecord | None = None
    present: tuple[str, ...] = ()
    is_asked: bool = True
    is_passing: bool = False

    @property
    def label(self) -> str:
        """How people call the item."""
        return LABELS[self.item]

    def as_json(self) -> dict[str, str]:
        """Plain values; ``publish`` as in a zone file, empty where there is nothing to publish."""
        return {
            "item": self.item.value,
            "subject": self.subject,
            "status": self.status.value,
            "detail": self.detail,
            "publish": str(self.publish or ""),
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be looked at, and whom to ask."""

    domain: str
    addresses: tuple[str, ...]
    selector: str
    helo: str
    resolver: Resolver


def not_checked(item: Item, subject: str, answer: Answer) -> Line:
    """Nobody answered: the item could not be checked."""
    detail = f"{answer.name} {answer.kind} could not be looked up: {answer.why}. Try again in a moment."
    return Line(item, subject, Status.UNKNOWN, detail, is_passing=answer.is_passing)


def not_asked(item: Item, subject: str, what_to_give: str) -> Line:
    """What it is about was not given."""
    return Line(item, subject, Status.UNKNOWN, f"Not asked: {what_to_give}.", is_asked=False)


def address_kind(address: str) -> str:
    """The type of the record that leads to an address."""
    return "A" if ip_address(address).version == 4 else "AAAA"
