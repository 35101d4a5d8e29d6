"""Whether each sending domain has anything to do with the customer: their name, their mailboxes, their partner.

A flag needs that everything was compared and nothing fits. Names are compared generously: one word
of the name in the domain, its initials, or the whole domain within the name is enough, whatever the
spelling, accents and legal form. Where the name has no letters that a domain could be spelled with,
nothing is claimed. What the requester says of themselves in the request (the abuse contact, the HELO
name) is no tie: whoever names a stranger's domain names a mailbox of it, too.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from unicodedata import combining, normalize

from django.db.models import Q

from cases.antifraud.ends import has_bad_end
from cases.antifraud.examined import Examined
from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal, Subject
from cases.models import Case, Finding, State, TraitKind
from lookups.mailboxes import domain_of_mailbox, is_of_anybody
from lookups.registrable import registrable
from people.models import User

MOST_MEMBERS, MOST_EARLIER = 200, 50
SHORTEST_WORD = 4  # letters that tell one name from another
SHORTEST_INITIALS = 3
LEGAL_FORMS = frozenset(
    {
        "ab", "ag", "and", "as", "bv", "co", "company", "corp", "corporation", "de", "gmbh", "group", "holding",
        "inc", "incorporated", "kg", "limited", "llc", "llp", "ltd", "nv", "of", "oy", "plc", "pty", "sa", "sarl",
        "sas", "spa", "srl", "the", "und",
    }
)  # fmt: skip
SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
SPELLED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "\u0131": "i", "þ": "th", "ð": "d"}
)
"""Letters that no decomposition turns into those of a domain."""
NO_WORD = re.compile(r"[^a-z0-9]+")


def look(case: Examined) -> Iterator[Signal]:
    """One signal for each registered domain behind the sending domains."""
    known = _known(case)
    for domain in dict.fromkeys(map(registrable, case.domains)):
        yield _signal(case, domain, known)


def _known(case: Examined) -> dict[str, str]:
    """Registered domains of which the desk knows whose they are, each with where it is from."""
    found: dict[str, str] = {}
    for domain in _of_approved(case):
        found.setdefault(domain, "an earlier request that was approved")
    for mailbox in _members(case):
        found.setdefault(mailbox, "a mailbox of the customer's or the partner's people")
    contact = case.facts.get("contact")
    if contact:
        found[registrable(domain_of_mailbox(str(contact.value)))] = f"the account's contact, {contact.source}"
    return {domain: why for domain, why in found.items() if not is_of_anybody(domain)}


def _of_approved(case: Examined) -> Iterator[str]:
    """What was asked for and let through says more than what was merely asked for."""
    approved = Case.objects.filter(customer_id=case.customer_id, state=State.APPROVED).exclude(has_bad_end())
    for domains in approved.order_by("-id").values_list("sending_domains", flat=True)[:MOST_EARLIER]:
        yield from map(registrable, domains)


def _members(case: Examined) -> Iterator[str]:
    theirs = Q(customer_memberships__customer=case.customer_id)
    if case.partner_id is not None:  # an agency sends for those whose request it brings
        theirs |= Q(partner_memberships__partner=case.partner_id)
    mailboxes = User.objects.filter(theirs).order_by("id").values_list("email", flat=True)
    for mailbox in mailboxes[:MOST_MEMBERS]:
        yield registrable(domain_of_mailbox(mailbox))


def _signal(case: Examined, domain: str, known: Mapping[str, str]) -> Signal:
    why = known.get(domain) or ("their name" if is_of_name(domain, case.customer_name) else "")
    if why:
        finding, sentence = Finding.CLEAR, f"{domain} belongs with the customer, by {why}."
    elif is_spelled(case.customer_name):
        finding, sentence = Finding.FLAGGED, f"{domain} has nothing to do with what is known of the customer."
    else:
        finding = Finding.UNKNOWN
        sentence = (
            f"{domain} cannot be compared with the customer's name, and nothing else that is known fits it."
        )
    return Signal(
        part="domain_owner",
        finding=finding,
        sentence=sentence,
        source="the request, the account and the desk's cases",
        as_of=case.at,
        subject=Subject(TraitKind.DOMAIN, domain),
        evidence={"customer": case.customer_name, "known_domains": dict(known)},
    )


def words_of(name: str) -> list[str]:
    """The words of a name without accents, and without legal forms where it has others."""
    words = [word for word in NO_WORD.split(_spelled(name.casefold())) if word]
    return [word for word in words if word not in LEGAL_FORMS] or words


def is_spelled(name: str) -> bool:
    """Whether every letter of the name is one that a domain can be spelled with, and there are any."""
    letters = [letter for letter in _spelled(name.casefold()) if letter.isalnum()]
    return bool(letters) and all(letter.isascii() for letter in letters)


def is_of_name(domain: str, name: str) -> bool:
    """Whether the domain may be spelled after the name, in either way where letters have two."""
    label = "".join(words_of(_readable(domain.partition(".")[0])))
    spelled_out = normalize("NFC", name.casefold()).translate(SPELLED_OUT)
    return any(_fits(label, words_of(each)) for each in (name, spelled_out))


def _fits(label: str, words: Sequence[str]) -> bool:
    joined, initials = "".join(words), "".join(word[0] for word in words)
    return (
        any(len(word) >= SHORTEST_WORD and word in label for word in words)
        or (len(label) >= SHORTEST_WORD and label in joined)
        or (len(initials) >= SHORTEST_INITIALS and label.startswith(initials))
        or (bool(label) and label == joined)
    )


def _readable(label: str) -> str:
    """As people write it: ``müller`` of ``xn--mller-kva``."""
    try:
        return label.encode().decode("idna")
    except UnicodeError:
        return label


def _spelled(text: str) -> str:
    """Without accents; what no letter of a domain stands for stays as it is."""
    apart = normalize("NFKD", text.translate(SPELLED))
    return "".join(letter for letter in apart if not combining(letter))


CHECK = Check(
    slug="domain_owner",
    title="Whose domains",
    weights={"domain_owner": 5},
    looks_at="Whether each registered domain has anything to do with the customer: their name, the account's contact, the "
    "mailboxes of their people or their partner's, or a request of theirs that was approved and stands.",
    proves="That nothing known of the account explains why it sends for that domain.",
    proves_not="That it is a stranger's: brands, mergers, agencies and short names share no letter with an account. A domain "
    "that fits may be chosen to fit.",
    unknown_means="The customer's name has no letters that a domain could be compared with, and nothing else fits; or the "
    "check itself failed.",
    look=look,
    seconds=10,
)
