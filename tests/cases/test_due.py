"""By when we answer: over weekends, and with the clock stopped while somebody else has the ball."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from cases.actions.customer import answer
from cases.actions.reviewer import ask
from cases.due import after_working_days, after_working_time, restart_clock, stop_clock, working_time
from cases.models import Case
from tests.world import World

# 2026-11-23 is a Monday.
MON, TUE, WED, THU, FRI, SAT, SUN, NEXT_MON = (f"2026-11-{day}" for day in range(23, 31))
NEXT_TUE, NEXT_WED, NEXT_FRI = "2026-12-01", "2026-12-02", "2026-12-04"


def at(text: str) -> datetime:
    """A time such as ``2026-11-23 09:00``, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (f"{MON} 09:30", 2, f"{WED} 09:30"),
        (f"{WED} 23:59", 2, f"{FRI} 23:59"),
        (f"{THU} 09:30", 2, f"{NEXT_MON} 09:30"),
        (f"{FRI} 00:00", 1, f"{NEXT_MON} 00:00"),
        (f"{FRI} 17:00", 2, f"{NEXT_TUE} 17:00"),
        (f"{SAT} 00:00", 1, f"{NEXT_TUE} 00:00"),
        (f"{SAT} 10:00", 2, f"{NEXT_WED} 00:00"),
        (f"{SUN} 23:59", 2, f"{NEXT_WED} 00:00"),
        (f"{FRI} 17:00", 5, f"{NEXT_FRI} 17:00"),
        (f"{MON} 09:30", 0, f"{MON} 09:30"),
        (f"{SUN} 12:00", 0, f"{NEXT_MON} 00:00"),
    ],
)
def test_working_days(start: str, days: int, due: str) -> None:
    assert after_working_days(at(start), days) == at(due)


def test_the_day_is_that_of_utc() -> None:
    sydney = datetime.fromisoformat(f"{SAT}T08:00:00+11:00")  # Friday, 21:00 UTC
    assert after_working_days(sydney, 1) == at(f"{NEXT_MON} 21:00")


@pytest.mark.parametrize(
    ("due", "stopped", "restarted", "due_then"),
    [
        (f"{WED} 09:00", f"{MON} 09:00", f"{TUE} 09:00", f"{THU} 09:00"),
        # Two working days were left, and two are left, though a weekend lies between.
        (f"{WED} 12:00", f"{MON} 12:00", f"{FRI} 12:00", f"{NEXT_TUE} 12:00"),
        # The weekend that was counted before is not given away twice.
        (f"{NEXT_TUE} 12:00", f"{FRI} 12:00", f"{NEXT_MON} 12:00", f"{NEXT_WED} 12:00"),
        # Answered on a Saturday: it runs on from Monday.
        (f"{FRI} 12:00", f"{FRI} 06:00", f"{SAT} 15:00", f"{NEXT_MON} 06:00"),
        # Late already: nothing is left.
        (f"{MON} 12:00", f"{TUE} 12:00", f"{THU} 12:00", f"{THU} 12:00"),
    ],
)
def test_the_clock_stands_still(due: str, stopped: str, restarted: str, due_then: str) -> None:
    case = Case(due_at=at(due))
    stop_clock(case, at(stopped))
    assert not case.due_at
    restart_clock(case, at(restarted))
    assert case.due_at == at(due_then)
    assert case.due_left is None


moments = st.datetimes(datetime(2017, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
spans = st.timedeltas(timedelta(0), timedelta(days=40))


@given(moments, spans, spans)
def test_time_passes_the_same_in_one_go_or_in_two(start: datetime, one: timedelta, two: timedelta) -> None:
    due = after_working_time(start, one)
    assert due.weekday() < 5
    assert working_time(start, due) == one
    assert after_working_time(due, two) == after_working_time(start, one + two)


@given(moments, spans, spans, spans)
def test_waiting_for_others_costs_us_nothing_and_gains_us_nothing(
    start: datetime, promised: timedelta, until_question: timedelta, until_answer: timedelta
) -> None:
    case = Case(due_at=after_working_time(start, promised))
    asked = start + until_question
    stop_clock(case, asked)
    restart_clock(case, asked + until_answer)
    assert case.due_at is not None
    left = max(promised - working_time(start, asked), timedelta(0))
    assert working_time(asked + until_answer, case.due_at) == left
    assert case.due_at.weekday() < 5


def test_a_question_stops_the_promise_and_the_answer_lets_it_run_on(world: World) -> None:
    olive, rita = world.actor("olive"), world.actor("rita")
    with time_machine.travel(at(f"{THU} 10:00"), tick=False):
        case = world.submitted()
    assert case.due_at == at(f"{NEXT_MON} 10:00")
    with time_machine.travel(at(f"{FRI} 10:00"), tick=False):
        asked = ask(case.reference, by=rita, text="To whom?")
    assert (asked.due_at, asked.due_left) == (None, timedelta(days=1))
    with time_machine.travel(at(f"{SUN} 10:00"), tick=False):
        answered = answer(case.reference, by=olive, text="To our customers.")
    assert (answered.due_at, answered.due_left) == (at(f"{NEXT_TUE} 00:00"), None)
