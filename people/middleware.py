"""What a request brings of its reader: the time zone, and whether the answer is for them alone."""

from collections.abc import Callable
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control


class KeptByNobody:
    """Answers of a session are stored nowhere: no proxy, no browser shows them to who comes after.

    A request that brings a session or is given one counts, without asking whether it still lives: that
    would cost the public pages a query. Has to stand around Django's own middleware of sessions.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Say so to the browser, whatever is answered: refusals and errors, too.

        A view that says itself how private its answer is is believed.
        """
        response = self.get_response(request)
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES.keys() | response.cookies.keys()
        if has_session and "private" not in response.get("Cache-Control", ""):
            patch_cache_control(response, no_store=True, private=True)
        return response


class ReaderTimeZone:
    """The zone that the reader's browser says in a cookie: times are shown in it.

    Activates the zone of the cookie ``tz``; UTC where there is none, or none of that name.
    """

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
