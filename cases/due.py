"""By when we answer: working days, standing still while somebody else has the ball.

Working time is every hour from Monday to Friday (UTC). So a day that is promised is a whole one,
and nothing is ever due on a weekend.
"""

from datetime import UTC, datetime, timedelta

from cases.models import Case

WEEK = timedelta(days=7)
WORKING_WEEK = timedelta(days=5)
A_MONDAY = datetime(2001, 1, 1, tzinfo=UTC)


def after_working_days(start: datetime, days: int) -> datetime:
    """The same time of day, ``days`` working days after ``start``; a weekend counts as its Monday's midnight."""
    return after_working_time(start, timedelta(days=days))


def after_working_time(start: datetime, time: timedelta) -> datetime:
    """When so much working time will have passed."""
    weeks, rest = divmod(_worked_until(start) + time, WORKING_WEEK)
    return A_MONDAY + weeks * WEEK + rest


def working_time(start: datetime, end: datetime) -> timedelta:
    """How much working time passes from ``start`` to ``end``; nothing where the end comes first."""
    return max(_worked_until(end) - _worked_until(start), timedelta(0))


def stop_clock(case: Case, at: datetime) -> None:
    """The other side has the ball: keep what is left of the working time."""
    case.due_left = working_time(at, case.due_at) if case.due_at else None
    case.due_at = None


def restart_clock(case: Case, at: datetime) -> None:
    """The ball is back with us, with the working time that was left."""
    case.due_at = after_working_time(at, case.due_left or timedelta(0))
    case.due_left = None


def end_clock(case: Case) -> None:
    """Nobody is awaited any more."""
    case.due_at = case.due_left = None


def _worked_until(moment: datetime) -> timedelta:
    """Working time since a Monday of long ago: it stands still over weekends."""
    weeks, rest = divmod(moment - A_MONDAY, WEEK)
    return weeks * WORKING_WEEK + min(rest, WORKING_WEEK)
