"""One run for each person, few in all, and a turn is given back however it ends."""

import pytest

from lookups.turns import NotYourTurn, Turns


def test_a_person_has_one_run_and_all_together_few() -> None:
    turns = Turns(2)
    with turns.turn("olive"), turns.turn("petra"):
        with pytest.raises(NotYourTurn, match="Your last check still runs"), turns.turn("olive"):
            pass
        with pytest.raises(NotYourTurn, match="Others look"), turns.turn("mallory"):
            pass
    with turns.turn("mallory"):
        pass


def test_a_run_that_fails_gives_its_turn_back() -> None:
    turns = Turns(1)
    with pytest.raises(OSError, match="no way"), turns.turn("olive"):
        raise OSError("no way")
    with turns.turn("olive"):
        pass
