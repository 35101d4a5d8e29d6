"""A picture of what ties cases together, as places for lines and boxes. Pure; a template draws it as SVG."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cases.antifraud.links import Seen
from cases.models import Case, CaseTrait, TraitKind

WIDTH, ROW = 880, 52
THIS_X, CASES_X, TRAITS_X = 94, 430, 774  # the middles of three columns
THIS_HALF, CASE_HALF, TRAIT_HALF = 90, 124, 102  # half the widths of their boxes
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
    """A case and where its middle is."""

    case: Case
    y: float
    x: int = CASES_X

    @property
    def customer(self) -> str:
        """Its customer's name as far as it fits."""
        return shortened(self.case.customer.name)


@dataclass(frozen=True, slots=True)
class TraitBox:
    """A shared trait and where its middle is; what all cases share is said, and not drawn to each."""

    shared: Shared
    y: float
    is_of_all: bool
    x: int = TRAITS_X


@dataclass(frozen=True, slots=True)
class Line:
    """From one middle to another; ``is_shared`` where it leads to a shared trait."""

    x1: float
    y1: float
    x2: float
    y2: float
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """Three columns: the trait that is looked at, its cases, what they share. What had no room is counted."""

    cases: Sequence[CaseBox]
    traits: Sequence[TraitBox]
    lines: Sequence[Line]
    cases_left_out: int
    traits_left_out: int
    height: int
    width: int = WIDTH
    this_x: int = THIS_X

    @property
    def this_y(self) -> float:
        """Where the middle of the first column is."""
        return self.height / 2


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
    boxes = [CaseBox(case, y) for case, y in zip(drawn, _spread(len(drawn), height), strict=True)]
    by_reference = {box.case.reference: box for box in boxes}
    trait_boxes = _trait_boxes(traits, by_reference, height)
    return Picture(
        cases=boxes,
        traits=trait_boxes,
        lines=[*_lines(boxes, height), *_shared_lines(trait_boxes, by_reference)],
        cases_left_out=seen.total - len(drawn),
        traits_left_out=max(0, len(shared) - MOST_TRAITS),
        height=height,
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
    return [Line(THIS_X + THIS_HALF, height / 2, CASES_X - CASE_HALF, box.y) for box in cases]


def _shared_lines(traits: Sequence[TraitBox], cases: Mapping[str, CaseBox]) -> list[Line]:
    return [
        Line(CASES_X + CASE_HALF, cases[reference].y, TRAITS_X - TRAIT_HALF, trait.y, is_shared=True)
        for trait in traits
        if not trait.is_of_all
        for reference in trait.shared.references
        if reference in cases
    ]
