"""Whether the justification says nearly the same as another customer's: taken over from one, or from a template.

Honest customers share templates: of their association, of their agency, of a page that explains how
to ask. So the same words count in two ways. Beside another link, or a bad end, they speak of people
who ask again under another name: that counts even for a pair. By themselves they speak of a wave of
accounts: that counts little, only where the text is long enough not to be alike by chance, and only
from three customers on, for a pair that shares nothing else may well share a template. And words with
which several unlinked customers were approved, and kept what they were given, are a template: such
words say nothing, unless a linked customer used them. What one partner sends for many customers is in
that partner's words: these say something only where the customers share something else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import Exists, OuterRef, QuerySet
from rapidfuzz import process
from rapidfuzz.fuzz import token_set_ratio

from cases.antifraud.ends import has_bad_end, that_ended_badly
from cases.antifraud.examined import Examined
from cases.antifraud.links import TYING
from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal
from cases.models import OPEN_STATES, Case, CaseTrait, Finding, State

NEARLY_THE_SAME = 88.0  # of 100
SHORTEST_COMPARED = 60  # characters: short reasons are alike by chance
SHORTEST_OF_UNLINKED = 160  # characters, where nothing else speaks against it
A_WAVE = 2  # other customers whose requests are open
A_TEMPLATE = 2  # customers who were approved with these words, and kept it
MOST_LINKED, MOST_BAD, MOST_OTHERS = 200, 200, 500  # the newest of each that are compared
MOST_TOLD = 20


def look(case: Examined) -> Iterator[Signal]:
    """Two signals: the words of a linked customer or a bad end, and those of customers with nothing else in common."""
    linked = _alike(case, _linked(case)[:MOST_LINKED])
    bad = _alike(case, that_ended_badly(_of_strangers(case))[:MOST_BAD])
    others = _alike(case, _well(case)[:MOST_OTHERS])
    unlinked = {pk: each for pk, each in others.items() if pk not in linked}
    is_template = len(_customers(unlinked, {State.APPROVED})) >= A_TEMPLATE
    yield _of_bad(case, linked, {} if is_template else bad, unlinked if is_template else {})
    yield _of_unlinked(case, unlinked, is_template=is_template)


def _of_others(case: Examined) -> QuerySet[Case]:
    return Case.objects.exclude(customer_id=case.customer_id).exclude(why_direct="")


def _of_strangers(case: Examined) -> QuerySet[Case]:
    """Of other customers, but not of those for whom the same partner asks."""
    others = _of_others(case)
    return others if case.partner_id is None else others.exclude(partner_id=case.partner_id)


def _linked(case: Examined) -> QuerySet[Case]:
    """Other customers' cases that share a trait with this one, the newest first."""
    own = CaseTrait.objects.filter(case_id=case.case_id, kind__in=TYING)
    same = CaseTrait.objects.filter(Exists(own.filter(kind=OuterRef("kind"), value=OuterRef("value"))))
    return _of_others(case).filter(pk__in=same.values("case_id")).order_by("-id")


def _well(case: Examined) -> QuerySet[Case]:
    """Other customers' requests that are open, or approved with nothing against them, the newest first."""
    well = _of_strangers(case).filter(state__in=(*OPEN_STATES, State.APPROVED))
    return well.exclude(has_bad_end()).order_by("-id")


def _alike(case: Examined, compared: QuerySet[Case]) -> dict[int, Case]:
    """Those of them that say nearly the same, by number."""
    if len(case.why_direct) < SHORTEST_COMPARED:
        return {}
    rows = {row.pk: row for row in compared.only("reference", "customer_id", "state", "why_direct")}
    texts = {pk: row.why_direct for pk, row in rows.items() if len(row.why_direct) >= SHORTEST_COMPARED}
    found = process.extract(
        case.why_direct,
        texts,
        scorer=token_set_ratio,
        processor=str.lower,
        score_cutoff=NEARLY_THE_SAME,
        limit=None,
    )
    return {pk: rows[pk] for _, _, pk in found}


def _customers(cases: Mapping[int, Case], states: Iterable[State]) -> set[int]:
    return {each.customer_id for each in cases.values() if each.state in states}


def _of_bad(
    case: Examined, linked: dict[int, Case], bad: dict[int, Case], template: Mapping[int, Case]
) -> Signal:
    alike = _references(linked | bad)
    sentence = "Neither a linked request nor one that ended badly says nearly the same."
    if template:
        told = ", ".join(_references(template)[:3])
        sentence = f"No linked request says nearly the same. The words are a template: {told} use it too."
    if alike:
        sentence = f"Nearly the same words as in {', '.join(alike[:3])}, of another customer."
    return _signal(case, "same_words", alike, sentence, is_flagged=bool(alike))


def _of_unlinked(case: Examined, unlinked: Mapping[int, Case], *, is_template: bool) -> Signal:
    asking = len(_customers(unlinked, OPEN_STATES))
    is_flagged = asking >= A_WAVE and len(case.why_direct) >= SHORTEST_OF_UNLINKED and not is_template
    alike = _references(unlinked)
    sentence = "No customer with nothing else in common says nearly the same."
    if alike:
        why = _why(asking, is_flagged=is_flagged, is_template=is_template)
        sentence = f"Nearly the same words as in {', '.join(alike[:3])}, of customers with nothing else in common: {why}."
    return _signal(case, "shared_words", alike, sentence, is_flagged=is_flagged)


def _why(asking: int, *, is_flagged: bool, is_template: bool) -> str:
    if is_template:
        return "several were approved with them, so they are a template"
    if is_flagged:
        return f"{asking} others ask in them now, and they are no known template"
    return "too few, or too short a text, to be more than a template"


def _references(cases: Mapping[int, Case]) -> list[str]:
    """The newest first."""
    return [cases[pk].reference for pk in sorted(cases, reverse=True)]


def _signal(case: Examined, part: str, alike: Sequence[str], sentence: str, *, is_flagged: bool) -> Signal:
    return Signal(
        part=part,
        finding=Finding.FLAGGED if is_flagged else Finding.CLEAR,
        sentence=sentence,
        source="the desk's cases and decisions",
        as_of=case.at,
        evidence={"cases": alike[:MOST_TOLD], "alike_from": f"{NEARLY_THE_SAME:.0f} of 100"},
    )


CHECK = Check(
    slug="words",
    title="Words",
    weights={"same_words": 15, "shared_words": 5},
    looks_at="Whether the justification says nearly the same as a linked customer's or as one that ended badly; and whether "
    "several customers with nothing else in common, not of one partner, ask in nearly the same words now.",
    proves="That the words were taken over, from each other or from somewhere else.",
    proves_not="Who wrote them: honest customers share templates. So a pair with nothing else in common is not flagged, nor "
    "are words with which several customers were approved and kept it.",
    look=look,
    seconds=15,
)
