"""What ties the request to customers who were refused or abused an exemption, and words taken over from one."""

from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz.fuzz import token_set_ratio

from cases.antifraud.examined import Examined
from cases.antifraud.links import MOST, TYING
from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal, Subject
from cases.models import Case, CaseTrait, Finding, State, TraitKind
from lookups.registrable import registrable

BAD_ENDS = (State.DENIED, State.SUSPENDED, State.REVOKED)
NEARLY_THE_SAME = 88.0  # of 100
SHORTEST_COMPARED = 60  # characters: short reasons are alike by chance
Shared = Mapping[tuple[TraitKind, str], Sequence[Case]]


def look(case: Examined) -> Iterator[Signal]:
    """One signal for each shared trait, and one about the words of the justification."""
    shared = _shared(case)
    for (kind, value), others in shared.items():
        yield _of_trait(case, kind, value, others)
    yield _of_words(case, shared)


def _shared(case: Examined) -> Shared:
    """Other customers' cases by each trait that this case has, bounded; a trait of its own has none."""
    found: dict[tuple[TraitKind, str], Sequence[Case]] = {}
    for (kind, value), values in _traits(case).items():
        same = CaseTrait.objects.filter(kind=kind, value__in=values).exclude(case_id=case.case_id)
        others = Case.objects.filter(pk__in=same.values("case_id")).exclude(customer_id=case.customer_id)
        found[kind, value] = list(others.order_by("-id")[:MOST])
    return found


def _traits(case: Examined) -> dict[tuple[TraitKind, str], list[str]]:
    """What the case came with, each with all values that stand for it: a registered domain counts once."""
    found: dict[tuple[TraitKind, str], list[str]] = {}
    for trait in CaseTrait.objects.filter(case_id=case.case_id, kind__in=TYING).order_by("id"):
        kind = TraitKind(trait.kind)
        value = registrable(trait.value) if kind == TraitKind.DOMAIN else trait.value
        found.setdefault((kind, value), []).append(trait.value)
    return found


def _of_trait(case: Examined, kind: TraitKind, value: str, others: Sequence[Case]) -> Signal:
    bad = [each for each in others if each.state in BAD_ENDS]
    what = f"{kind.label} {value}"
    sentence = f"{what}: {len(others)} requests of other customers share it."
    if bad:
        told = ", ".join(f"{each.reference} ({State(each.state).label.lower()})" for each in bad[:3])
        sentence = f"{what} is shared with {len(bad)} requests that ended badly: {told}."
    return Signal(
        part=f"link_{kind.value}",
        finding=Finding.FLAGGED if bad else Finding.CLEAR,
        sentence=sentence,
        source="the desk's cases",
        as_of=case.at,
        subject=Subject(kind, value),
        evidence={"cases": [each.reference for each in (bad or others)[:20]]},
    )


def _of_words(case: Examined, shared: Shared) -> Signal:
    """Honest customers share templates: the same words count where something else is shared, or the end was bad."""
    compared = _linked(shared) | _ended_badly(case)
    alike = sorted(
        {each.reference for each in compared.values() if _is_alike(case.why_direct, each.why_direct)}
    )
    sentence = "Neither a linked request nor one that ended badly says nearly the same."
    if alike:
        sentence = f"Nearly the same words as in {', '.join(alike[:3])}, of another customer."
    return Signal(
        part="same_words",
        finding=Finding.FLAGGED if alike else Finding.CLEAR,
        sentence=sentence,
        source="the desk's cases",
        as_of=case.at,
        evidence={"cases": alike[:20]},
    )


def _linked(shared: Shared) -> dict[int, Case]:
    return {each.pk: each for others in shared.values() for each in others}


def _ended_badly(case: Examined) -> dict[int, Case]:
    """The newest cases of other customers that ended badly, linked or not."""
    others = Case.objects.filter(state__in=BAD_ENDS).exclude(customer_id=case.customer_id)
    return {each.pk: each for each in others.order_by("-id")[:MOST]}


def _is_alike(text: str, other: str) -> bool:
    is_long = min(len(text), len(other)) >= SHORTEST_COMPARED
    return is_long and token_set_ratio(text.lower(), other.lower()) >= NEARLY_THE_SAME


CHECK = Check(
    slug="links",
    title="Links",
    weights={
        "link_domain": 20,
        "link_address": 20,
        "link_contact": 25,
        "link_phone": 20,
        "link_payment": 40,
        "link_network": 10,
        "same_words": 15,
    },
    labels={"link_payment": "payment fingerprint", "link_network": "sign-up network"},
    looks_at="Registered domains, addresses, contacts, phones, payment fingerprints and networks shared with other customers; "
    "and whether the justification says nearly the same as that of a linked customer, or of one that ended badly.",
    proves="That this request and one that ended badly have something in common.",
    proves_not="That the same people are behind both: domains are sold, networks are shared, agencies serve many.",
    look=look,
    seconds=15,
)
