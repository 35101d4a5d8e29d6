"""How long the sending domains are registered, from RDAP."""

from collections.abc import Iterator
from time import monotonic

from cases.antifraud.examined import Examined
from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal, Subject
from cases.models import Finding, TraitKind
from lookups.rdap import Registration, registration
from lookups.registrable import registrable

YOUNGEST = 30  # days
ASKS_FOR = 20  # seconds; what would be asked later is unknown, and what was found stays


def look(case: Examined) -> Iterator[Signal]:
    """One signal for each registered domain behind the sending domains."""
    until = monotonic() + ASKS_FOR
    for domain in dict.fromkeys(map(registrable, case.domains)):
        found = registration(domain) if monotonic() < until else _not_asked(domain)
        yield judged(case, found)


def _not_asked(domain: str) -> Registration:
    return Registration(domain, None, "RDAP", "there was no time left to ask", is_passing=True)


def judged(case: Examined, found: Registration) -> Signal:
    """The signal that a registration is."""
    registered_on = found.registered_at.date().isoformat() if found.registered_at else ""
    if found.registered_at is None:
        finding, sentence = Finding.UNKNOWN, f"The age of {found.domain} is not known: {found.why}."
    else:
        days = (case.at - found.registered_at).days
        finding = Finding.FLAGGED if days < YOUNGEST else Finding.CLEAR
        sentence = f"{found.domain} was registered {found.registered_at:%-d %b %Y}, {days} day{'' if days == 1 else 's'} ago."
    return Signal(
        part="domain_age",
        finding=finding,
        sentence=sentence,
        source=found.source,
        as_of=case.at,
        subject=Subject(TraitKind.DOMAIN, found.domain),
        evidence={"registered": registered_on, "no_date": found.why, "flagged_below": f"{YOUNGEST} days"},
        is_passing=found.is_passing,
    )


CHECK = Check(
    slug="domain_age",
    title="Age of the domains",
    weights={"domain_age": 20},
    looks_at="When each sending domain was registered, as its registry says.",
    proves="That a domain was, or was not, bought for the occasion.",
    proves_not="Who owns it today: old domains are sold, and aged on purpose.",
    unknown_means="The registry did not answer, knows no such domain, or names no registration.",
    look=look,
    seconds=40,
)
