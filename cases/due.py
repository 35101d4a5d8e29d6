"""By when we answer: working days, standing still while somebody else has the ball."""

from datetime import datetime, timedelta

from cases.models import Case, State

SATURDAY = 5


def after_working_days(start: datetime, days: int) -> datetime:
    """The same time of day, ``days`` working days (Monday to Friday, UTC) after ``start``.

    A start on a weekend counts from the Monday's midnight that ends it.
    """
    if start.weekday() >= SATURDAY:
        start = start.replace(hour=0, minute=0, second=0, microsecond=0)
        start = _next_working_day(start)
    for _ in range(days):
        start = _next_working_day(start)
    return start


def _next_working_day(day: datetime) -> datetime:
    day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day


def stop_clock(case: Case, at: datetime) -> None:
    """The other side has the ball: keep what is left of the time."""
    case.due_left = max(case.due_at - at, timedelta(0)) if case.due_at else None
    case.due_at = None


def restart_clock(case: Case, at: datetime) -> None:
    """The ball is back with us, with the time that was left."""
    case.due_at = at + (case.due_left or timedelta(0))
    case.due_left = None


def end_clock(case: Case) -> None:
    """Nobody is awaited any more."""
    case.due_at = case.due_left = None


def is_due_time_running(case: Case) -> bool:
    """Whether ``due_at`` is a promise that somebody has to keep now."""
    return case.due_at is not None and case.state in (State.WITH_PARTNER, State.IN_REVIEW)
