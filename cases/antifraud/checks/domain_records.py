"""The sending domains' and addresses' records: what readiness shows a customer, as signals."""

from collections.abc import Iterator

from cases.antifraud.examined import Examined
from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal, Subject
from cases.models import Finding, TraitKind
from lookups.dns import resolver
from lookups.readiness import Item, Line, Status, readiness

FINDINGS = {
    Status.PASS: Finding.CLEAR,
    Status.FAIL: Finding.FLAGGED,
    Status.UNKNOWN: Finding.UNKNOWN,
}
ASKS_FOR = 45  # seconds; what is asked later is unknown, and what was found stays
OF_ADDRESSES = frozenset({Item.PTR, Item.FCRDNS})


def look(case: Examined) -> Iterator[Signal]:
    """Every line of every domain; what is about an address alone once."""
    asks = resolver(seconds=ASKS_FOR)
    for number, domain in enumerate(case.domains):
        lines = readiness(domain, case.addresses, asks, selector=case.dkim_selector, helo=case.helo_name)
        yield from (_signal(case, domain, line) for line in lines if _counts(line, is_first=number == 0))


def _counts(line: Line, *, is_first: bool) -> bool:
    """What the customer did not give is no signal; an address is looked at once."""
    return line.is_asked and (is_first or line.item not in OF_ADDRESSES | {Item.HELO})


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
