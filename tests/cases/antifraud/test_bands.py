"""Bands: by the sum of the flags, and incomplete where what is unknown could change them."""

from itertools import combinations_with_replacement

import pytest

from cases.antifraud.bands import Weighed, judge_signals
from cases.models import Finding
from subscriptions.policy.document import AntiFraud

BY = AntiFraud(elevated_from=20, high_from=50)
ORDER = ["low", "elevated", "high"]


def weighed(flags: tuple[int, ...] = (), unknowns: tuple[int, ...] = ()) -> list[Weighed]:
    findings = [(Finding.FLAGGED, weight) for weight in flags] + [(Finding.UNKNOWN, w) for w in unknowns]
    clear = Weighed("c", "clear", Finding.CLEAR, 100, "")
    parts = [Weighed("c", f"part {n}", finding, weight, "") for n, (finding, weight) in enumerate(findings)]
    return [clear, *parts]


def band(flags: tuple[int, ...] = (), unknowns: tuple[int, ...] = ()) -> str:
    return judge_signals(weighed(flags, unknowns), BY).band.value


TABLE = [
    ((), (), "low"),
    ((19,), (), "low"),
    ((20,), (), "elevated"),
    ((10, 10), (), "elevated"),
    ((49,), (), "elevated"),
    ((50,), (), "high"),
    ((50,), (40,), "high"),
    ((), (19,), "low"),
    ((), (20,), "incomplete"),
    ((10,), (10,), "incomplete"),
    ((20,), (29,), "elevated"),
    ((20,), (30,), "incomplete"),
    ((), (10, 10), "incomplete"),
    ((0,), (0,), "low"),
]


@pytest.mark.parametrize(("flags", "unknowns", "expected"), TABLE)
def test_bands(flags: tuple[int, ...], unknowns: tuple[int, ...], expected: str) -> None:
    assert band(flags, unknowns) == expected


WEIGHTS = [
    (flags, unknowns)
    for flags in combinations_with_replacement((5, 15, 25), 2)
    for count in range(3)
    for unknowns in combinations_with_replacement((5, 20, 40), count)
]


@pytest.mark.parametrize("more", [0, 5, 15, 30, 60])
def test_one_more_flag_never_lowers_a_band_and_never_makes_one_low(more: int) -> None:
    for flags, unknowns in WEIGHTS:
        before, after = band(flags, unknowns), band((*flags, more), unknowns)
        if before in ORDER and after in ORDER:
            assert ORDER.index(after) >= ORDER.index(before)
        assert before != "high" or after == "high"
        assert after != "low" or before == "low"


def test_unknown_never_counts_as_clear() -> None:
    """A band stands only where it would be the same, had every unknown been a flag."""
    for flags, unknowns in WEIGHTS:
        judged = band(flags, unknowns)
        if judged != "incomplete":
            assert judged == "high" or judged == band((*flags, *unknowns)) == band(flags)


def test_the_parts_are_what_counts_heaviest_first() -> None:
    parts = judge_signals(weighed((5, 30), (7, 0)), BY).parts
    assert [(part.finding, part.weight) for part in parts] == [
        ("flagged", 30),
        ("flagged", 5),
        ("unknown", 7),
    ]


def part(name: str, finding: Finding, sentence: str = "") -> Weighed:
    return Weighed("c", name, finding, 20, sentence)


def test_a_part_counts_once_however_many_subjects_it_is_flagged_for() -> None:
    """Ten domains without a record are one habit, not ten."""
    tenfold = [part("dmarc", Finding.FLAGGED, f"{number}.example has none") for number in range(10)]
    judged = judge_signals(tenfold, BY)
    assert (judged.band, judged.parts) == ("elevated", (tenfold[0],))
    assert judge_signals([*tenfold, part("spf", Finding.FLAGGED)], BY).band == "elevated"


def test_what_is_flagged_already_cannot_be_lifted_by_an_unknown_of_the_same_part() -> None:
    both = [part("dmarc", Finding.UNKNOWN), part("dmarc", Finding.FLAGGED), part("dmarc", Finding.UNKNOWN)]
    assert judge_signals(both, BY).band == "elevated"
    thrice = [part("dmarc", Finding.UNKNOWN)] * 3
    assert [each.weight for each in judge_signals(thrice, BY).parts] == [20]
