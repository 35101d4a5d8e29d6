"""A clock that the demo loader sets: what happens under it happened weeks ago."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo

from django.utils import timezone


class Clock:
    """Stands where ``django.utils.timezone`` looks for ``datetime``, and says when now is.

    Actions, defaults of models and templates all ask that module, whichever way they got hold of
    its functions; no other module's clock is touched.
    """

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self, tz: tzinfo | None = None) -> datetime:
        """The moment that was set, in the zone ``tz``."""
        return self.moment.astimezone(tz)

    def __instancecheck__(self, value: object) -> bool:
        return isinstance(value, datetime)


@contextmanager
def clock_at(moment: datetime) -> Iterator[Clock]:
    """Within, ``timezone.now()`` is what the clock's ``moment`` says. For one thread at a time."""
    real = timezone.datetime  # type: ignore[attr-defined]  # imported there, not meant to be exported
    clock = Clock(moment)
    timezone.datetime = clock  # type: ignore[attr-defined, assignment]  # see Clock
    try:
        yield clock
    finally:
        timezone.datetime = real  # type: ignore[attr-defined]
