"""The picture of links: whatever is drawn, no box lies over another, and none runs out of the frame."""

from collections.abc import Iterable
from itertools import combinations

import pytest

from cases.antifraud.links import Seen
from cases.antifraud.picture import (
    BRACKET_X,
    MOST_CASES,
    MOST_TRAITS,
    Line,
    Picture,
    Shared,
    draw,
)
from cases.antifraud.picture_narrow import narrowed
from cases.models import Case, TraitKind
from subscriptions.models import Customer, Subscription

BOX = 42  # pixels high


def picture_of(cases: int, traits: int) -> Picture:
    """Cases of three customers in turn; the first trait is shared by all, the others by two each."""
    customers = [Customer(pk=number, name=f"Customer {number}") for number in range(3)]
    made = [
        Case(
            reference=f"UB-{number}",
            customer=customers[number % 3],
            subscription=Subscription(name=f"Shop {number}"),
        )
        for number in range(cases)
    ]
    named = [case.reference for case in made]
    shared = [Shared(TraitKind.PAYMENT, "fp", tuple(named))]
    shared += [Shared(TraitKind.DOMAIN, f"d{n}", (named[n % cases], named[-1])) for n in range(traits - 1)]
    return draw(made, shared, Seen({"in_review": cases}, None, None))


def boxes_of(picture: Picture) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of every box."""
    middles = [(picture.this_x, picture.this_y, picture.this_wide.half)]
    middles += [(box.x, box.y, picture.case_wide.half) for box in picture.cases]
    middles += [(box.x, box.y, picture.trait_wide.half) for box in picture.traits]
    return [(x - half, y - BOX / 2, x + half, y + BOX / 2) for x, y, half in middles]


@pytest.mark.parametrize("is_narrow", [False, True])
@pytest.mark.parametrize(("cases", "traits"), [(1, 1), (3, 2), (12, 8), (40, 40)])
def test_no_box_lies_over_another_or_out_of_the_frame(cases: int, traits: int, *, is_narrow: bool) -> None:
    picture = narrowed(picture_of(cases, traits)) if is_narrow else picture_of(cases, traits)
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
    assert all(0 <= x <= picture.width for line in picture.lines for x in (line.x1, line.x2))
    assert picture.cases_left_out == max(0, cases - MOST_CASES)


def ends_at(lines: Iterable[Line], x: float, y: float) -> int:
    """How many lines lead to that place."""
    return sum((line.x2, line.y2) == (x, y) for line in lines)


def test_what_all_share_has_one_line_from_a_bracket_around_them() -> None:
    picture = picture_of(6, 3)
    of_all, *others = sorted(picture.traits, key=lambda box: not box.is_of_all)
    edge = of_all.x - picture.trait_wide.half
    assert of_all.shared.value == "fp"
    assert ends_at(picture.lines, edge, of_all.y) == 1
    assert [ends_at(picture.lines, edge, box.y) for box in others] == [2, 2]
    assert all(ends_at(picture.lines, BRACKET_X, box.y) for box in picture.cases)


def test_on_narrow_screens_each_trait_meets_the_cases_that_have_it() -> None:
    picture = narrowed(picture_of(6, 3))
    met = {x: [y for dot, y in picture.dots if dot == x] for x, _ in picture.dots}
    assert sorted(len(cases) for cases in met.values()) == [2, 2, 6]
    assert len(met) == len(picture.traits)


def test_cases_of_one_customer_go_by_their_subscriptions() -> None:
    assert [box.name for box in picture_of(1, 1).cases] == ["Shop 0"]
    assert [box.name for box in picture_of(2, 1).cases] == ["Customer 0", "Customer 1"]


def test_the_cases_of_a_customer_stand_beside_each_other() -> None:
    customers = [box.case.customer_id for box in picture_of(9, 1).cases]
    assert customers == [0, 0, 0, 1, 1, 1, 2, 2, 2]
