"""The picture of links: whatever is drawn, no box lies over another, and none runs out of the frame."""

from itertools import combinations

import pytest

from cases.antifraud.links import Seen
from cases.antifraud.picture import (
    CASE_HALF,
    MOST_CASES,
    MOST_TRAITS,
    THIS_HALF,
    TRAIT_HALF,
    Picture,
    Shared,
    draw,
)
from cases.models import Case, TraitKind
from subscriptions.models import Customer

BOX = 42  # pixels high


def picture_of(cases: int, traits: int) -> Picture:
    """Cases of three customers in turn; the first trait is shared by all, the others by two each."""
    customers = [Customer(pk=number, name=f"Customer {number}") for number in range(3)]
    made = [Case(reference=f"UB-{number}", customer=customers[number % 3]) for number in range(cases)]
    named = [case.reference for case in made]
    shared = [Shared(TraitKind.PAYMENT, "fp", tuple(named))]
    shared += [Shared(TraitKind.DOMAIN, f"d{n}", (named[n % cases], named[-1])) for n in range(traits - 1)]
    return draw(made, shared, Seen({"in_review": cases}, None, None))


def boxes_of(picture: Picture) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of every box."""
    middles = [(picture.this_x, picture.this_y, THIS_HALF)]
    middles += [(box.x, box.y, CASE_HALF) for box in picture.cases]
    middles += [(box.x, box.y, TRAIT_HALF) for box in picture.traits]
    return [(x - half, y - BOX / 2, x + half, y + BOX / 2) for x, y, half in middles]


@pytest.mark.parametrize(("cases", "traits"), [(1, 1), (3, 2), (12, 8), (40, 40)])
def test_no_box_lies_over_another_or_out_of_the_frame(cases: int, traits: int) -> None:
    picture = picture_of(cases, traits)
    boxes = boxes_of(picture)
    assert len(boxes) == 1 + min(cases, MOST_CASES) + min(traits, MOST_TRAITS)
    for left, top, right, bottom in boxes:
        assert left >= 0 <= top
        assert right <= picture.width
        assert bottom <= picture.height
    for (left, top, right, bottom), (other_left, other_top, other_right, other_bottom) in combinations(
        boxes, 2
    ):
        assert right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top
    assert picture.cases_left_out == max(0, cases - MOST_CASES)


def test_what_all_share_is_said_and_not_drawn_to_each() -> None:
    picture = picture_of(6, 3)
    assert [box.shared.value for box in picture.traits if box.is_of_all] == ["fp"]
    assert sum(line.is_shared for line in picture.lines) == 2 * 2


def test_the_cases_of_a_customer_stand_beside_each_other() -> None:
    customers = [box.case.customer_id for box in picture_of(9, 1).cases]
    assert customers == [0, 0, 0, 1, 1, 1, 2, 2, 2]
