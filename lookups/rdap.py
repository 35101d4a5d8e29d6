"""When a domain was registered, from RDAP (RFC 9083) through the configured service."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
from django.conf import settings

from lookups import guarded


@dataclass(frozen=True, slots=True)
class Registration:
    """``registered_at`` is ``None`` where it is not known; ``why`` says why, ``source`` who was asked.

    ``is_passing`` where asking again soon may help.
    """

    domain: str
    registered_at: datetime | None
    source: str
    why: str = ""
    is_passing: bool = False


def registration(domain: str) -> Registration:
    """What RDAP says of a registrable domain; a service that does not answer leaves it unknown."""
    url = f"{settings.RDAP_URL.rstrip('/')}/domain/{quote(domain, safe='')}"
    try:
        response = guarded.get(url, accept="application/rdap+json")
        if response.status_code == httpx.codes.NOT_FOUND:
            return Registration(domain, None, url, "the registry knows no such domain")
        response.raise_for_status()
        registered_at = _registered_at(response.json(), domain)
    except (httpx.HTTPError, OSError, ValueError, RecursionError) as error:
        why = f"RDAP did not answer ({type(error).__name__})"
        return Registration(domain, None, url, why, is_passing=_may_pass(error))
    why = "" if registered_at else "the answer names no registration"
    return Registration(domain, registered_at, url, why)


def _may_pass(error: Exception) -> bool:
    """A time-out, a connection that did not come about or broke, 429 and 5xx: the failures of a moment."""
    if isinstance(error, httpx.HTTPStatusError):
        status = error.response.status_code
        return status == httpx.codes.TOO_MANY_REQUESTS or httpx.codes.is_server_error(status)
    return isinstance(error, httpx.TimeoutException | httpx.NetworkError | guarded.TooSlow)


def _registered_at(answer: Any, domain: str) -> datetime | None:
    """The event of action "registration" (section 4.5).

    Raises ``ValueError`` for what is no RDAP, or tells of another domain.
    """
    if isinstance(answer, dict) and not _is_of(answer, domain):
        raise ValueError("the answer is of another domain")
    events = answer.get("events", []) if isinstance(answer, dict) else None
    if not isinstance(events, list):
        raise ValueError("this is no RDAP answer")
    dates = [event.get("eventDate") for event in events if _is_registration(event)]
    moments = [datetime.fromisoformat(date) for date in dates if isinstance(date, str)]
    return next((moment for moment in moments if moment.tzinfo is not None), None)


def _is_of(answer: dict[str, Any], domain: str) -> bool:
    """By its name in LDH form (section 3), where it names one."""
    name = answer.get("ldhName", domain)
    return isinstance(name, str) and name.rstrip(".").lower() == domain.rstrip(".").lower()


def _is_registration(event: Any) -> bool:
    return isinstance(event, dict) and event.get("eventAction") == "registration"
