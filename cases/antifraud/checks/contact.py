"""The abuse contact: a throw-away or free mailbox, or one of a domain that has nothing to do with the rest."""

from collections.abc import Iterator

from disposable_email_domains import blocklist

from cases.antifraud.examined import Examined
from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal, Subject
from cases.models import Finding, TraitKind
from lookups.registrable import registrable

# Mailboxes that anybody gets without being known; large providers of several countries.
FREE_MAIL = frozenset(
    {
        "aol.com", "free.fr", "gmail.com", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com",
        "icloud.com", "laposte.net", "libero.it", "live.com", "mail.com", "mail.ru", "me.com", "msn.com",
        "naver.com", "orange.fr", "outlook.com", "proton.me", "protonmail.com", "qq.com", "t-online.de",
        "tutanota.com", "web.de", "wp.pl", "yahoo.co.jp", "yahoo.com", "yandex.com", "yandex.ru", "zoho.com",
        "163.com", "126.com",
    }
)  # fmt: skip


def look(case: Examined) -> Iterator[Signal]:
    """Two signals: what kind of mailbox it is, and whether its domain belongs to what is asked for."""
    domain = case.abuse_contact.rpartition("@")[2].lower()
    if not domain:
        return
    yield _signal(case, "contact_kind", *_kind(domain))
    known = {registrable(name) for name in (*case.domains, *_contact_of_facts(case))}
    is_related = registrable(domain) in known
    told = (
        f"{domain} is {'one' if is_related else 'none'} of the sending domains or of the account's contact."
    )
    yield _signal(case, "contact_domain", is_related or domain in FREE_MAIL, told)


def _kind(domain: str) -> tuple[bool, str]:
    if registrable(domain) in blocklist or domain in blocklist:
        return False, f"{domain} gives out throw-away mailboxes."
    if domain in FREE_MAIL:
        return False, f"{domain} gives a free mailbox to anybody."
    return True, f"{domain} is no known provider of free or throw-away mailboxes."


def _contact_of_facts(case: Examined) -> Iterator[str]:
    if "contact" in case.facts:
        yield str(case.facts["contact"].value).rpartition("@")[2]


def _signal(case: Examined, part: str, is_clear: bool, sentence: str) -> Signal:
    return Signal(
        part=part,
        finding=Finding.CLEAR if is_clear else Finding.FLAGGED,
        sentence=sentence,
        source="the request",
        as_of=case.submitted_at,
        subject=Subject(TraitKind.CONTACT, case.abuse_contact.lower()),
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
