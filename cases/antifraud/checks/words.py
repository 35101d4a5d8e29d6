"""Whether the justification says nearly the same as another customer's: taken over from one, or from a template.

Honest customers share templates: of their association, of their agency, of a page that explains how
to ask. So the same words count in two ways. Beside another link, or a bad end, they speak of people
who ask again under another name: that counts even for a pair. By themselves they speak of a wave of
accounts: that counts little, only where the text is long enough not to be alike by chance, and only
from three customers on, for a pair that shares nothing else may well share a template. And words with
which several unlinked customers were approved, and kept what they were given, are a template: such
words say nothing, unless a linked customer used them. What one partner sends for many customers is in
that partner's words: these say something only where the customers share something else.

Texts are compared by their runs of nine letters, whatever stands between the letters and however they
are drawn: so invisible characters, spaces within words and letters of other alphabets hide no copy. A
run reaches over the ends of words, so a heap of common words holds few of anybody's runs; a measure of
single words would find every text in such a heap, and one denied heap would stand against everybody.
One word in eight may be another, and whole sentences may change places. What is made known (a template,
a wave) has to be the same both ways. What is held against somebody may also stand whole in a longer
text, where it is too long to do so by chance: own words around a copy do not hide it. And a template
excuses only what it says itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from unicodedata import normalize

from django.db.models import Exists, OuterRef, QuerySet

from cases.antifraud.ends import has_bad_end, that_ended_badly
from cases.antifraud.examined import Examined
from cases.antifraud.links import TYING
from cases.antifraud.registry import Check
from cases.antifraud.signals import MOST_TOLD, Signal
from cases.models import OPEN_STATES, Case, CaseTrait, Finding, State
from cases.values import LONGEST_TEXT

RUN = 9  # letters: longer than most words
NEARLY_THE_SAME = 60  # of 100 runs: about 65 are left where one word in eight is another
SHORTEST_COMPARED = 40  # different runs, some 60 characters: short reasons are alike by chance
LONG = 120  # different runs, some 160 characters: not alike by chance
MOST_COMPARED = LONGEST_TEXT  # letters: a character may stand for up to 18
A_WAVE = 2  # other customers whose requests are open
A_TEMPLATE = 2  # customers who were approved with these words, and kept it
MOST_LINKED, MOST_BAD, MOST_OTHERS = 200, 200, 500  # the newest of each that are compared
MOST_TEMPLATES = 20  # customers approved with the case's words, of whom each is compared with each bad end
LOOK_ALIKES = (
    str.maketrans("авекмнорстухіјѕһӏԁԛԝ", "abekmhopctyxijshidqw")  # Cyrillic
    | str.maketrans("АВЕКМНОРСТУХІЈЅӀԌԚԜ", "abekmhopctyxijsigqw")
    | str.maketrans("αεικνορτυχγ", "aeikvoptuxy")  # Greek, of which capitals look like other letters
    | str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhikmnoptyx")  # noqa: RUF001 - to be mistaken for others is what they are here for
    | str.maketrans("\u0131\u0251\u0261lL10", "iagiiio", "\u115f\u1160")
)
"""Letters and digits as what they are drawn like; the last two are letters that are not drawn at all."""
Runs = frozenset[str]


def look(case: Examined) -> Iterator[Signal]:
    """Two signals: the words of a linked customer or a bad end, and those of customers with nothing else in common."""
    own = runs_of(case.why_direct)
    linked = _alike(own, _linked(case)[:MOST_LINKED], is_taken_over)
    bad = _alike(own, that_ended_badly(_of_strangers(case))[:MOST_BAD], is_taken_over)
    others = _alike(own, _well(case)[:MOST_OTHERS], is_the_same)
    unlinked = {pk: each for pk, each in others.items() if pk not in linked}
    templates = _approved_with(unlinked)
    is_template = len(templates) >= A_TEMPLATE
    yield _of_bad(case, linked, _unexcused(bad, templates), unlinked if is_template else {})
    yield _of_unlinked(case, unlinked, is_long=len(own) >= LONG, is_template=is_template)


def runs_of(text: str) -> Runs:
    """The different runs of letters and digits in a text, at most ``MOST_COMPARED``; none where it is very short."""
    letters = "".join(map(_plain, text))[:MOST_COMPARED]
    return frozenset(letters[at : at + RUN] for at in range(len(letters) - RUN + 1))


@lru_cache(maxsize=1 << 15)
def _plain(character: str) -> str:
    """One by one, for putting marks in order takes a time that grows with the square of their number."""
    plain = normalize("NFKD", character).translate(LOOK_ALIKES).casefold()
    return plain if plain.isalnum() else "".join(filter(str.isalnum, plain))


def is_the_same(said: Runs, by: Runs) -> bool:
    """Whether each says nearly all that the other says."""
    return _is_most(said & by, max(said, by, key=len))


def is_taken_over(said: Runs, by: Runs) -> bool:
    """Whether ``by`` says nearly all that was said, and unless that was long, little else."""
    return _is_most(said & by, said) if len(said) >= LONG else is_the_same(said, by)


def _is_most(part: Runs, whole: Runs) -> bool:
    return len(part) * 100 >= len(whole) * NEARLY_THE_SAME


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


def _alike(own: Runs, compared: QuerySet[Case], is_alike: Callable[[Runs, Runs], bool]) -> dict[int, Case]:
    """Those of them that are alike, by number, in their order."""
    if len(own) < SHORTEST_COMPARED:
        return {}
    rows = compared.only("reference", "customer_id", "state", "why_direct")
    return {row.pk: row for row in rows if _is_alike(runs_of(row.why_direct), own, is_alike)}


def _is_alike(said: Runs, own: Runs, is_alike: Callable[[Runs, Runs], bool]) -> bool:
    return len(said) >= SHORTEST_COMPARED and is_alike(said, own)


def _approved_with(unlinked: Mapping[int, Case]) -> list[Runs]:
    """What was said by each customer who was approved with the case's words, at most ``MOST_TEMPLATES``."""
    by_customer = {each.customer_id: each for each in unlinked.values() if each.state == State.APPROVED}
    return [runs_of(each.why_direct) for each in list(by_customer.values())[:MOST_TEMPLATES]]


def _unexcused(bad: Mapping[int, Case], templates: Sequence[Runs]) -> dict[int, Case]:
    return {pk: each for pk, each in bad.items() if not _is_of_template(runs_of(each.why_direct), templates)}


def _is_of_template(said: Runs, templates: Sequence[Runs]) -> bool:
    return sum(is_taken_over(said, each) for each in templates) >= A_TEMPLATE


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


def _of_unlinked(case: Examined, unlinked: Mapping[int, Case], *, is_long: bool, is_template: bool) -> Signal:
    asking = len(_customers(unlinked, OPEN_STATES))
    is_flagged = asking >= A_WAVE and is_long and not is_template
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
        evidence={"cases": alike[:MOST_TOLD], "alike_from": f"{NEARLY_THE_SAME} of 100 runs of letters"},
    )


CHECK = Check(
    slug="words",
    title="Words",
    weights={"same_words": 15, "shared_words": 5},
    looks_at="Whether the justification says nearly the same as a linked customer's or as one that ended badly, however its "
    "letters are drawn and set apart, and also within a longer text; and whether several customers with nothing else in "
    "common, not of one partner, ask in nearly the same words now.",
    proves="That the words were taken over, from each other or from somewhere else.",
    proves_not="Who wrote them: honest customers share templates. So a pair with nothing else in common is not flagged, nor "
    "are words with which several customers were approved and kept it.",
    look=look,
    seconds=15,
)
