"""The reader's time zone: their browser says it in a cookie, and times are shown in it."""

from collections.abc import Callable
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone


class ReaderTimeZone:
    """Activates the zone of the cookie ``tz``; UTC where there is none, or none of that name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Show times in the zone of this request."""
        with timezone.override(_zone(request.COOKIES.get("tz", "UTC"))):
            return self.get_response(request)


@lru_cache(maxsize=600)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name.replace("%2F", "/"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
