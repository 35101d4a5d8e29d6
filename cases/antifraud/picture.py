"""A picture of what ties cases together, as places for lines and boxes. Pure; a template draws it as SVG."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import atan2, cos, pi, sin

from cases.antifraud.links import Seen
from cases.models import Case, CaseTrait, TraitKind

WIDTH, HEIGHT = 880, 560
CENTRE = (WIDTH / 2, HEIGHT / 2)
CASES_RING = (205, 145)  # half-axes
TRAITS_RING = (345, 245)
MOST_CASES, MOST_TRAITS = 12, 8
LONGEST_LABEL = 20


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
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class TraitBox:
    """A shared trait and where its middle is."""

    shared: Shared
    x: float
    y: float


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
    """The middle is the trait that is looked at. What had no room is counted."""

    cases: Sequence[CaseBox]
    traits: Sequence[TraitBox]
    lines: Sequence[Line]
    cases_left_out: int
    traits_left_out: int
    width: int = WIDTH
    height: int = HEIGHT
    centre_x: float = CENTRE[0]
    centre_y: float = CENTRE[1]


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
    """The cases around the middle, and around them what they share, each near the cases that have it."""
    drawn = cases[:MOST_CASES]
    case_boxes = [CaseBox(case, *_place(number, len(drawn), CASES_RING)) for number, case in enumerate(drawn)]
    by_reference = {box.case.reference: box for box in case_boxes}
    trait_boxes = _trait_boxes(shared[:MOST_TRAITS], by_reference)
    return Picture(
        cases=case_boxes,
        traits=trait_boxes,
        lines=[*_lines(case_boxes), *_shared_lines(trait_boxes, by_reference)],
        cases_left_out=seen.total - len(drawn),
        traits_left_out=max(0, len(shared) - MOST_TRAITS),
    )


def shortened(text: str, longest: int = LONGEST_LABEL) -> str:
    """The text, cut in its middle where it is too long for a box: both ends tell it apart."""
    if len(text) <= longest:
        return text
    tail = longest // 3
    return f"{text[: longest - tail - 1]}…{text[-tail:]}"


def _place(number: int, of: int, ring: tuple[int, int]) -> tuple[float, float]:
    """A point of the ring; the first one stands on top."""
    angle = 2 * pi * number / of - pi / 2
    return round(CENTRE[0] + ring[0] * cos(angle), 1), round(CENTRE[1] + ring[1] * sin(angle), 1)


def _trait_boxes(shared: Sequence[Shared], cases: Mapping[str, CaseBox]) -> list[TraitBox]:
    in_order = sorted(shared, key=lambda each: _angle_of(each, cases))
    return [
        TraitBox(each, *_place(number, len(in_order), TRAITS_RING)) for number, each in enumerate(in_order)
    ]


def _angle_of(shared: Shared, cases: Mapping[str, CaseBox]) -> float:
    """The mean direction of the cases that have it, clockwise from the top."""
    boxes = [cases[reference] for reference in shared.references if reference in cases]
    across = sum(box.x - CENTRE[0] for box in boxes)
    down = sum(box.y - CENTRE[1] for box in boxes)
    return (atan2(down, across) + pi / 2) % (2 * pi)


def _lines(cases: Sequence[CaseBox]) -> list[Line]:
    return [Line(*CENTRE, box.x, box.y) for box in cases]


def _shared_lines(traits: Sequence[TraitBox], cases: Mapping[str, CaseBox]) -> list[Line]:
    return [
        Line(trait.x, trait.y, cases[reference].x, cases[reference].y, is_shared=True)
        for trait in traits
        for reference in trait.shared.references
        if reference in cases
    ]
