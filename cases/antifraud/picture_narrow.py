"""The picture of links for narrow screens: one column, with lines along its two sides. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from cases.antifraud.picture import ROW, CaseBox, Line, Picture, TraitBox, Wide

WIDTH = 288
LEFT, RIGHT = 10, 234  # the edges of the boxes
MIDDLE, WIDE = (LEFT + RIGHT) // 2, Wide((RIGHT - LEFT) // 2)
TRUNK = 3  # along the left side, from what is looked at to its cases
LANE = 6  # between the lines along the right side, one for each shared trait


def narrowed(picture: Picture) -> Picture:
    """The same boxes one under the other: what is looked at, its cases, what they share."""
    places = [ROW / 2 + ROW * number for number in range(1 + len(picture.cases) + len(picture.traits))]
    ends = 1 + len(picture.cases)
    cases = [replace(box, x=MIDDLE, y=y) for box, y in zip(picture.cases, places[1:ends], strict=True)]
    traits = [replace(box, x=MIDDLE, y=y) for box, y in zip(picture.traits, places[ends:], strict=True)]
    lanes = [(RIGHT + LANE * number, trait) for number, trait in enumerate(traits, start=1)]
    return replace(
        picture,
        cases=cases,
        traits=traits,
        lines=[*_trunk(places[0], cases), *(line for x, trait in lanes for line in _lane(x, trait, cases))],
        dots=[(x, y) for x, trait in lanes for y in _having(trait, cases)],
        width=WIDTH,
        height=ROW * len(places),
        this_x=MIDDLE,
        this_y=places[0],
        this_wide=WIDE,
        case_wide=WIDE,
        trait_wide=WIDE,
    )


def _trunk(start: float, cases: Sequence[CaseBox]) -> Iterable[Line]:
    yield Line(TRUNK, start, TRUNK, cases[-1].y)
    for y in (start, *(box.y for box in cases)):
        yield Line(TRUNK, y, LEFT, y)


def _lane(x: float, trait: TraitBox, cases: Sequence[CaseBox]) -> Iterable[Line]:
    """From each case that has it to the side, down there, and to the trait."""
    having = _having(trait, cases)
    yield Line(x, min(having, default=trait.y), x, trait.y, is_shared=True)
    for y in (*having, trait.y):
        yield Line(RIGHT, y, x, y, is_shared=True)


def _having(trait: TraitBox, cases: Sequence[CaseBox]) -> list[float]:
    return [box.y for box in cases if box.case.reference in trait.shared.references]
