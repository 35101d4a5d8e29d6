"""A picture of what ties cases together, as places for lines and boxes. Pure; a template draws it as SVG."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cases.antifraud.links import Seen
from cases.models import Case, CaseTrait, TraitKind

WIDTH, ROW = 880, 52
THIS_X, CASES_X, TRAITS_X = 94, 430, 774  # the middles of three columns
BRACKET_X = CASES_X + 140  # beside the cases: what all of them have comes from there
MOST_CASES, MOST_TRAITS = 12, 8
LONGEST_LABEL = 22


@dataclass(frozen=True, slots=True)
class Shared:
    """A trait that some of the cases have in common, beside the one that is looked at."""

    kind: TraitKind
    value: str
    references: tuple[str, ...]

    @property
    def short(self) -> str:
        """The value as far as it fits."""
        return shortened(self.value)


@dataclass(frozen=True, slots=True)
class CaseBox:
    """A case and where its middle is; ``name`` tells it from the others, as far as that fits."""

    case: Case
    name: str
    y: float
    x: int = CASES_X


@dataclass(frozen=True, slots=True)
class TraitBox:
    """A shared trait and where its middle is."""

    shared: Shared
    y: float
    is_of_all: bool
    x: int = TRAITS_X


@dataclass(frozen=True, slots=True)
class Wide:
    """How wide the boxes of a column are."""

    half: int

    @property
    def whole(self) -> int:
        """From edge to edge."""
        return 2 * self.half


THIS_WIDE, CASE_WIDE, TRAIT_WIDE = Wide(90), Wide(124), Wide(102)


@dataclass(frozen=True, slots=True)
class Line:
    """From one place to another; ``is_shared`` where it leads to a shared trait."""

    x1: float
    y1: float
    x2: float
    y2: float
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """The trait that is looked at, its cases, what they share; in three columns if nothing else is said.

    What had no room is counted. ``dots`` are where lines meet that would else only seem to cross.
    """

    cases: Sequence[CaseBox]
    traits: Sequence[TraitBox]
    lines: Sequence[Line]
    cases_left_out: int
    traits_left_out: int
    height: int
    this_y: float
    width: int = WIDTH
    this_x: int = THIS_X
    this_wide: Wide = THIS_WIDE
    case_wide: Wide = CASE_WIDE
    trait_wide: Wide = TRAIT_WIDE
    dots: Sequence[tuple[float, float]] = ()


def shared_traits(rows: Iterable[CaseTrait], but: tuple[str, str]) -> list[Shared]:
    """The traits that two cases or more have, most shared first; ``but`` is the one that is looked at.

    ``rows`` as ``links.traits_of_cases`` gives them.
    """
    having: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        having.setdefault((row.kind, row.value), []).append(row.reference)  # type: ignore[attr-defined]  # annotated
    found = [
        Shared(TraitKind(kind), value, tuple(references))
        for (kind, value), references in having.items()
        if len(references) > 1 and (kind, value) != but
    ]
    return sorted(found, key=lambda shared: (-len(shared.references), shared.kind, shared.value))


def draw(cases: Sequence[Case], shared: Sequence[Shared], seen: Seen) -> Picture:
    """The cases of a customer beside each other, and what they share near the cases that have it."""
    drawn, traits = _by_customer(cases[:MOST_CASES]), shared[:MOST_TRAITS]
    height = ROW * max(len(drawn), len(traits), 2)
    places = zip(drawn, _names(drawn), _spread(len(drawn), height), strict=True)
    boxes = [CaseBox(case, name, y) for case, name, y in places]
    by_reference = {box.case.reference: box for box in boxes}
    trait_boxes = _trait_boxes(traits, by_reference, height)
    return Picture(
        cases=boxes,
        traits=trait_boxes,
        lines=[*_lines(boxes, height), *_shared_lines(trait_boxes, by_reference)],
        cases_left_out=seen.total - len(drawn),
        traits_left_out=max(0, len(shared) - MOST_TRAITS),
        height=height,
        this_y=height / 2,
    )


def shortened(text: str, longest: int = LONGEST_LABEL) -> str:
    """The text, cut in its middle where it is too long for a box: both ends tell it apart."""
    if len(text) <= longest:
        return text
    tail = longest // 3
    return f"{text[: longest - tail - 1]}…{text[-tail:]}"


def _by_customer(cases: Sequence[Case]) -> list[Case]:
    """The newest first, each followed by the others of its customer."""
    first = {case.customer_id: number for number, case in reversed(list(enumerate(cases)))}
    return sorted(cases, key=lambda case: first[case.customer_id])


def _names(cases: Sequence[Case]) -> list[str]:
    """Of whom each is; of which subscription, where all are of one customer."""
    is_of_one = len({case.customer_id for case in cases}) == 1
    return [shortened(case.subscription.name if is_of_one else case.customer.name) for case in cases]


def _spread(count: int, height: int) -> list[float]:
    """The middles of so many boxes in a column, one row apart."""
    top = (height - ROW * (count - 1)) / 2
    return [top + ROW * number for number in range(count)]


def _trait_boxes(shared: Sequence[Shared], cases: Mapping[str, CaseBox], height: int) -> list[TraitBox]:
    in_order = sorted(shared, key=lambda each: _height_of(each, cases))
    places = _spread(len(in_order), height)
    return [
        TraitBox(each, y, is_of_all=cases.keys() <= set(each.references))
        for each, y in zip(in_order, places, strict=True)
    ]


def _height_of(shared: Shared, cases: Mapping[str, CaseBox]) -> float:
    """The mean height of the cases that have it."""
    heights = [cases[reference].y for reference in shared.references if reference in cases]
    return sum(heights) / max(1, len(heights))


def _lines(cases: Sequence[CaseBox], height: int) -> list[Line]:
    start, end = THIS_X + THIS_WIDE.half, CASES_X - CASE_WIDE.half
    return [Line(start, height / 2, end, box.y) for box in cases]


def _shared_lines(traits: Sequence[TraitBox], cases: Mapping[str, CaseBox]) -> list[Line]:
    start, end = CASES_X + CASE_WIDE.half, TRAITS_X - TRAIT_WIDE.half
    to_each = [
        Line(start, cases[reference].y, end, trait.y, is_shared=True)
        for trait in traits
        if not trait.is_of_all
        for reference in trait.shared.references
        if reference in cases
    ]
    return to_each + _bracket(
        [trait.y for trait in traits if trait.is_of_all], [box.y for box in cases.values()]
    )


def _bracket(traits: Sequence[float], cases: Sequence[float]) -> list[Line]:
    """One bracket around the cases, and one line from it to what all of them have."""
    if not traits:
        return []
    top, bottom = min(cases), max(cases)
    start, end = CASES_X + CASE_WIDE.half, TRAITS_X - TRAIT_WIDE.half
    return [
        *(Line(start, y, BRACKET_X, y, is_shared=True) for y in cases),
        Line(BRACKET_X, top, BRACKET_X, bottom, is_shared=True),
        *(Line(BRACKET_X, min(max(y, top), bottom), end, y, is_shared=True) for y in traits),
    ]
