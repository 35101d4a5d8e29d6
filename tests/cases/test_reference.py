"""References: made to be read out on the phone and written down by hand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reference import ALPHABET, check_character, new_reference, parse_reference

bodies = st.text(ALPHABET, min_size=7, max_size=7)


def written(body: str, check: str = "") -> str:
    """As it stands on a page."""
    plain = body + (check or check_character(body))
    return f"UB-{plain[:4]}-{plain[4:]}"


def test_the_alphabet_has_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)
    assert ALPHABET.isupper()


def test_new_ones_differ_and_verify() -> None:
    made = {new_reference() for _ in range(2000)}
    assert len(made) == 2000
    for reference in made:
        assert re.fullmatch(r"UB-[0-9A-Z]{4}-[0-9A-Z]{4}", reference)
        assert parse_reference(reference) == reference
    assert {character for reference in made for character in reference[3:]} == {*ALPHABET, "-"}


@given(bodies, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(body: str, place: int, wrong: str) -> None:
    plain = body + check_character(body)
    changed = plain[:place] + wrong + plain[place + 1 :]
    assert (parse_reference(changed) is not None) == (changed == plain)


def test_nearly_every_swap_of_neighbours_is_found() -> None:
    """Of all pairs in all places beside a fixed rest, fewer than one in fifty comes through."""
    found = missed = 0
    for place in range(6):
        for one in ALPHABET:
            for other in ALPHABET:
                if one == other:
                    continue
                body = "7K3M92Q"
                body = body[:place] + one + other + body[place + 2 :]
                swapped = body[:place] + other + one + body[place + 2 :]
                if check_character(body) == check_character(swapped):
                    missed += 1
                else:
                    found += 1
    assert missed / (found + missed) < 0.02


@given(bodies)
def test_one_check_character_fits_and_no_other(body: str) -> None:
    fitting = [check for check in ALPHABET if parse_reference(written(body, check))]
    assert fitting == [check_character(body)]


@given(
    bodies,
    st.sampled_from([str.lower, str.upper, str.title]),
    st.sampled_from(["-", " ", "", ".", "\u2013", "_"]),
)
def test_it_is_read_however_it_is_written(body: str, case: object, between: str) -> None:
    reference = written(body)
    typed = reference.replace("-", between)
    assert parse_reference(case(typed)) == reference  # type: ignore[operator]  # one of str's own
    assert parse_reference(f"  {typed[2:]}\n") == reference


@given(bodies)
def test_look_alikes_are_read_as_what_they_look_like(body: str) -> None:
    typed = written(body)[3:].replace("0", "O").replace("1", "l").replace("V", "u")
    assert parse_reference(f"ub {typed}") == written(body)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "UB",
        "UB-7K3M-92Q",
        "UB-7K3M-92QXX",
        "XX-7K3M-92QX",
        "UB-7K3M-92Q!",
        "UB-\N{ARABIC-INDIC DIGIT SEVEN}K3M-92QX",
        "ub-7k3m-92q\N{LATIN SMALL LETTER LONG S}",
    ],
)
def test_what_is_none_is_none(typed: str) -> None:
    assert parse_reference(typed) is None


@given(st.text())
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    """Never an error; what comes out is a reference, and stays itself when it is read again."""
    reference = parse_reference(typed)
    assert reference is None or parse_reference(reference) == reference
