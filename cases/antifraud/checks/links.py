"""What ties the request to customers who were refused, abused an exemption, or were complained about."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from cases.antifraud.ends import BadEnd, Complaints, bad_ends, complained_about, named
from cases.antifraud.examined import Examined
from cases.antifraud.links import TYING
from cases.antifraud.registry import Check
from cases.antifraud.signals import MOST_TOLD, Signal, Subject
from cases.models import Case, CaseTrait, Finding, TraitKind
from lookups.registrable import registrable
from subscriptions.billing import facts_of_customer
from subscriptions.models import Customer

Trait = tuple[TraitKind, str]


def look(case: Examined) -> Iterator[Signal]:
    """One signal for each trait that the case came with."""
    for (kind, value), shared in _traits(case).items():
        subject = Subject(kind, value)
        if shared:
            yield _of_trait(case, subject, _with_trait(case, kind, shared))
        else:
            yield _of_its_own(case, subject)


def _traits(case: Examined) -> dict[Trait, list[str]]:
    """What the case came with, each with those of its values that other customers' cases came with.

    A registered domain counts once, whatever stands before it.
    """
    same = CaseTrait.objects.filter(kind=OuterRef("kind"), value=OuterRef("value"))
    others = same.exclude(case__customer_id=case.customer_id)
    own = CaseTrait.objects.filter(case_id=case.case_id, kind__in=TYING).annotate(is_shared=Exists(others))
    found: dict[Trait, list[str]] = {}
    for kind, value, is_shared in own.order_by("id").values_list("kind", "value", "is_shared"):
        name = registrable(value) if kind == TraitKind.DOMAIN else value
        found.setdefault((TraitKind(kind), name), []).extend([value] if is_shared else [])
    return found


def _with_trait(case: Examined, kind: TraitKind, values: Sequence[str]) -> QuerySet[Case]:
    same = CaseTrait.objects.filter(kind=kind, value__in=values)
    return Case.objects.filter(pk__in=same.values("case_id")).exclude(customer_id=case.customer_id)


def _of_its_own(case: Examined, subject: Subject) -> Signal:
    sentence = f"{subject.kind.label} {subject.value}: no other customer came with it."
    return _signal(case, subject, Finding.CLEAR, sentence, {"other_customers": 0})


def _of_trait(case: Examined, subject: Subject, others: QuerySet[Case]) -> Signal:
    """By customer, not by case: what another case of theirs ended in counts as much, whatever it came with."""
    customers = others.values("customer_id")
    ends = bad_ends(Case.objects.filter(customer_id__in=customers), MOST_TOLD)
    complained = _complained(case, customers)
    sharing = list(others.order_by("-id").values_list("reference", flat=True)[:MOST_TOLD])
    evidence = {
        "cases": [end.reference for end in ends],
        "decisions": [end.in_full for end in ends],
        "complaints": complained,
        "sharing_cases": sharing,
    }
    what = f"{subject.kind.label} {subject.value}"
    if not (ends or complained):
        sentence = (
            f"{what}: {_many(sharing)} of other customers came with it, and nothing of theirs ended badly."
        )
        return _signal(case, subject, Finding.CLEAR, sentence, evidence)
    sentence = f"{what} is shared with customers {' '.join(_told(ends, complained))}"
    return _signal(case, subject, Finding.FLAGGED, sentence, evidence)


def _complained(case: Examined, customers: QuerySet[Case, Any]) -> list[str]:
    """Those of the customers who were complained about, each with the count, its source and its day."""
    rows = Customer.objects.filter(complained_about(case.at), pk__in=customers).order_by("-id")
    found = [(row, Complaints.of(facts_of_customer(row))) for row in rows[:MOST_TOLD]]
    return [
        f"{row.name} ({row.number}): {told}; {told.fact.source}, {told.fact.as_of:%-d %b %Y}"
        for row, told in found
        if told
    ]


def _many(requests: Sequence[object]) -> str:
    count = len(requests)
    return f"{count}{' or more' if count == MOST_TOLD else ''} request{'' if count == 1 else 's'}"


def _told(ends: Sequence[BadEnd], complained: Sequence[str]) -> Iterator[str]:
    about = ", ".join(each.rpartition(";")[0] for each in complained[:3])
    if ends:
        yield f"of whom {_many(ends)} ended badly: {named(ends)}."
    if complained:
        yield f"Complained about: {about}." if ends else f"who were complained about: {about}."


def _signal(
    case: Examined,
    subject: Subject,
    finding: Finding,
    sentence: str,
    evidence: Mapping[str, Sequence[str] | int],
) -> Signal:
    return Signal(
        part=f"link_{subject.kind.value}",
        finding=finding,
        sentence=sentence,
        source="the desk's cases and decisions",
        as_of=case.at,
        subject=subject,
        evidence=evidence,
    )


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
    },
    labels={"link_payment": "payment fingerprint", "link_network": "sign-up network"},
    looks_at="Registered domains, addresses, contacts, phones, payment fingerprints and networks shared with other customers, "
    "and whether any request of those customers was ever denied, suspended or revoked, also where that was lifted later, "
    "or they were complained about within a year.",
    proves="That this customer and one who ended badly have something in common.",
    proves_not="That the same people are behind both: domains are sold, networks are shared, agencies serve many.",
    look=look,
    seconds=15,
)
