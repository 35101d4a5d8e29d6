"""Times as people read them: in the reader's zone, with the zone named, and relative to now."""

from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime

MINUTE, HOUR, DAY = 60, 3600, 86400
UNITS = ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"))
SHORT = {"day": "d", "hour": "h", "minute": "min"}
LONGEST_RELATIVE = 60 * DAY


def as_moment(value: datetime | str | None) -> datetime | None:
    """A time with its offset, from one or from ISO 8601 text; ``None`` for anything else."""
    moment = parse_datetime(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        return None
    return moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)


def written(moment: datetime) -> str:
    """Like ``Thu 26 Nov 2026, 14:00 CET``, in the reader's zone."""
    try:
        local = timezone.localtime(moment)
    except OverflowError:  # on the calendar's first or last day, which another zone may not have
        local = moment.astimezone(UTC)
    return f"{local:%a %-d %b %Y, %H:%M} {zone_name(local)}"


def zone_name(local: datetime) -> str:
    """The zone's letters, or its distance from UTC where it has none."""
    name = local.strftime("%Z")
    return f"UTC{name}" if name[:1] in "+-" else name


def relative(moment: datetime, now: datetime) -> str:
    """Like ``in 2 days`` or ``5 hours ago``; empty where that says little."""
    seconds = (moment - now).total_seconds()
    if abs(seconds) > LONGEST_RELATIVE:
        return ""
    if abs(seconds) < MINUTE:
        return "now"
    span = _span(abs(seconds))
    return f"in {span}" if seconds > 0 else f"{span} ago"


def _span(seconds: float) -> str:
    count, name = _counted(seconds)
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _counted(seconds: float) -> tuple[int, str]:
    """A span of a minute or more by its largest unit, rounded: the one way of counting, for every page."""
    unit, name = next(each for each in UNITS if seconds >= each[0] - each[0] / 48)
    return max(1, round(seconds / unit)), name


def written_day(day: date) -> str:
    """Like ``15 Nov 2017``."""
    return f"{day:%-d %b %Y}"


def age(moment: datetime, now: datetime) -> str:
    """How long something has been, for a narrow column: ``5 h``, ``3 d``."""
    seconds = max((now - moment), timedelta(0)).total_seconds()
    if seconds < MINUTE:
        return "now"
    count, name = _counted(seconds)
    return f"{count} {SHORT[name]}"
