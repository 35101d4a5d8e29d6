"""The sending domains' and addresses' records: what readiness shows a customer, as signals."""

from collections.abc import Iterator, Sequence
from time import monotonic

from cases.antifraud.examined import Examined
from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal, Subject
from cases.models import Finding, TraitKind
from lookups.dns import Resolver, resolver
from lookups.readiness import OF_DOMAIN, OF_SERVER, Item, Line, Look, Status, readiness

FINDINGS = {
    Status.PASS: Finding.CLEAR,
    Status.FAIL: Finding.FLAGGED,
    Status.UNKNOWN: Finding.UNKNOWN,
}
ASKS_FOR = 45  # seconds, shared fairly; what is asked later is unknown, and what was found stays
OF_ADDRESSES = frozenset({Item.PTR, Item.FCRDNS})


def look(case: Examined) -> Iterator[Signal]:
    """Every line of every domain, then those of the addresses and the HELO name, once."""
    until = monotonic() + ASKS_FOR
    turns: list[tuple[str, Sequence[Look]]] = [(domain, OF_DOMAIN) for domain in case.domains]
    turns += [(domain, OF_SERVER) for domain in case.domains[:1]]
    for number, (domain, looks) in enumerate(turns):
        # A share of what is left, and answers of its own: a silent domain takes nothing from the others.
        asks = resolver(seconds=(until - monotonic()) / (len(turns) - number))
        lines = _lines(case, domain, looks, asks)
        yield from (_signal(case, domain, line) for line in lines if line.is_asked)


def _lines(case: Examined, domain: str, looks: Sequence[Look], asks: Resolver) -> Iterator[Line]:
    return readiness(
        domain, case.addresses, asks, selector=case.dkim_selector, helo=case.helo_name, looks=looks
    )


def _signal(case: Examined, domain: str, line: Line) -> Signal:
    is_address = line.item in OF_ADDRESSES | {Item.SPF_ADDRESS}
    subject = Subject(TraitKind.ADDRESS, line.subject) if is_address else Subject(TraitKind.DOMAIN, domain)
    return Signal(
        part=line.item.value,
        finding=FINDINGS[line.status],
        sentence=line.detail,
        source="DNS",
        as_of=case.at,
        subject=subject,
        evidence=line.as_json() | {"domain": domain},
        is_passing=line.is_passing,
    )


CHECK = Check(
    slug="domain_records",
    title="Sending domains",
    weights={
        "mx": 5,
        "spf": 10,
        "spf_address": 5,
        "dkim": 5,
        "dmarc": 3,
        "ptr": 5,
        "fcrdns": 3,
        "helo": 2,
    },
    labels={
        "mx": "MX",
        "spf": "SPF",
        "spf_address": "SPF of an address",
        "dkim": "DKIM",
        "dmarc": "DMARC",
        "ptr": "reverse DNS",
        "fcrdns": "forward-confirmed reverse DNS",
        "helo": "HELO name",
    },
    looks_at="MX, SPF, DKIM, DMARC, reverse DNS and HELO of what the request names, asked of DNS.",
    proves="That whoever asks can change the domains' records, and prepared them for direct sending.",
    proves_not="That the mail is wanted: spammers publish fine records too.",
    unknown_means="No resolver answered for that record: time-out, SERVFAIL, REFUSED or a lame referral.",
    look=look,
    seconds=60,
)
