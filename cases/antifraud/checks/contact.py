"""The abuse contact: a throw-away or free mailbox, or one of a domain that has nothing to do with the rest."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from cases.antifraud.examined import Examined, cited
from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal, Subject
from cases.models import Finding, TraitKind
from lookups.mailboxes import FREE_MAIL, THROW_AWAY_LIST, domain_of_mailbox, is_throw_away
from lookups.registrable import registrable


def look(case: Examined) -> Iterator[Signal]:
    """Two signals: what kind of mailbox it is, and whether its domain belongs to what is asked for."""
    domain = domain_of_mailbox(case.abuse_contact)
    if not domain:
        return
    is_fine, told, known_by = _kind(domain)
    yield _signal(case, "contact_kind", is_fine, told, {"domain": domain, "known_by": known_by})
    yield _of_domain(case, domain)


def _kind(domain: str) -> tuple[bool, str, str]:
    """Whether it is fine, why, and by which list."""
    if is_throw_away(domain):
        return False, f"{domain} gives out throw-away mailboxes.", THROW_AWAY_LIST
    if domain in FREE_MAIL:
        return False, f"{domain} gives a free mailbox to anybody.", "the desk's list of free providers"
    told = f"{domain} is no known provider of free or throw-away mailboxes."
    return True, told, f"{THROW_AWAY_LIST} and the desk's list of free providers"


def _of_domain(case: Examined, domain: str) -> Signal:
    """As old as the older of the request and of what billing says."""
    account = case.facts.get("contact")
    known = {registrable(name) for name in case.domains}
    evidence: dict[str, str | list[str]] = {"domain": domain, "sending_domains": list(case.domains)}
    if account:
        known.add(registrable(domain_of_mailbox(str(account.value))))
        evidence["account_contact"] = cited(account)
    is_related = registrable(domain) in known
    told = (
        f"{domain} is {'one' if is_related else 'none'} of the sending domains or of the account's contact."
    )
    signal = _signal(case, "contact_domain", is_related or domain in FREE_MAIL, told, evidence)
    if account is None:
        return signal
    return replace(signal, source=f"the request and {account.source}", as_of=min(signal.as_of, account.as_of))


def _signal(
    case: Examined, part: str, is_clear: bool, sentence: str, evidence: Mapping[str, str | list[str]]
) -> Signal:
    return Signal(
        part=part,
        finding=Finding.CLEAR if is_clear else Finding.FLAGGED,
        sentence=sentence,
        source="the request",
        as_of=case.submitted_at,
        subject=Subject(TraitKind.CONTACT, case.abuse_contact.lower()),
        evidence=evidence,
    )


CHECK = Check(
    slug="contact",
    title="Abuse contact",
    weights={"contact_kind": 15, "contact_domain": 5},
    looks_at="The domain of the mailbox that abuse reports shall go to.",
    proves="That reports reach somebody who belongs to the sending domains.",
    proves_not="That anybody reads them.",
    look=look,
    seconds=5,
)
