"""Refusals and errors as pages: what happened, what was kept, what to do next."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cases.refusals import NotPermitted, Refusal, WrongRoom
from subscriptions.policy.versions import NoPolicy

RETRY_AFTER = "5"  # seconds
ROOMS = ("customer", "partner", "review")


@dataclass(frozen=True, slots=True)
class Words:
    """What an error page says."""

    title: str
    what: str
    next_step: str


WORDS = {
    400: Words(
        "We could not read that",
        "The request was not complete, so nothing was changed.",
        "Go back, look at what you sent, and send it again.",
    ),
    403: Words(
        "You may not do that",
        "You can see this page, but this step is for somebody else. Nothing was changed.",
        "If you think that it is yours, ask whoever runs this desk to change your role.",
    ),
    404: Words(
        "There is nothing here",
        "The page does not exist, or it is not yours to see.",
        "Check the address, or start from your own pages.",
    ),
    409: Words(
        "Somebody was first",
        "The case has moved on since you opened the page, so nothing was changed.",
        "Open the case again to see where it stands now.",
    ),
    422: Words(
        "Something is missing",
        "The form could not be used as it is, so nothing was changed.",
        "Go back: your browser keeps what you wrote. Correct what is named here and send it again.",
    ),
    500: Words(
        "Something broke on our side",
        "Nothing that was confirmed to you is lost. The fault has been noted.",
        "Try again in a moment.",
    ),
    503: Words(
        "We are away for a moment",
        "The database does not answer. Nothing that was confirmed to you is lost.",
        "The page works again by itself; try again in a few seconds.",
    ),
}


WRONG_ROOM = Words(
    "These pages are for others",
    "They are for people of another side.",
    "Your own pages are one click away. Should you be let in here as well, ask whoever runs this desk.",
)
NOT_ALLOWED_IN = {
    **dict.fromkeys(
        ("customer", "partner"),
        Words(
            "You may not do that",
            WORDS[403].what,
            "Owners and contributors of your organisation can. Should you be one, ask whoever runs this desk to "
            "change your role.",
        ),
    ),
    "review": Words(
        "You may not do that",
        WORDS[403].what,
        "Somebody else of the review team can. Should it be you, ask whoever runs this desk to change your role.",
    ),
}
"""By the room that it was refused in."""

NOT_SET_UP = Words(
    "This desk is not set up yet",
    "No policy is in force, so no subscription can be judged. Nothing was changed.",
    "Who runs it loads one with: manage.py load_shipped",
)
EXPIRED = Words(
    "This form was open for too long",
    "It could not be used any more, or your browser keeps no cookies. Nothing was changed.",
    "Go back: your browser keeps what you wrote. Reload the page and send it again.",
)

TOO_MUCH = Words(
    "That was more than a form may hold",
    "A form may hold 2.5 megabytes, in up to 1,000 fields. Nothing was changed.",
    "Go back: your browser keeps what you wrote. Shorten it and send it again.",
)
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


class RefusalsAsPages:
    """Turns what actions refuse into pages, and what a desk cannot do without into 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Called by Django when a view raises."""
        if isinstance(error, Refusal):
            reference = getattr(error, "reference", "")
            return page(request, error.status, error.message, reference, _words_of(request, error))
        if isinstance(error, (InterfaceError, OperationalError)):
            return _away(request)
        if isinstance(error, NoPolicy):
            return _away(request, NOT_SET_UP)
        return None


def _words_of(request: HttpRequest, error: Refusal) -> Words | None:
    """What was refused says who could do it; ``None`` where its status says enough."""
    if isinstance(error, WrongRoom):
        return WRONG_ROOM
    return NOT_ALLOWED_IN.get(_room_of(request)) if isinstance(error, NotPermitted) else None


def _away(request: HttpRequest, words: Words | None = None) -> HttpResponse:
    response = page(request, 503, words=words)
    response["Retry-After"] = RETRY_AFTER
    return response


def page(
    request: HttpRequest, status: int, message: str = "", reference: str = "", words: Words | None = None
) -> HttpResponse:
    """The error page of ``status``; ``message`` is the action's own, ``reference`` a case to open."""
    context = {
        "words": words or WORDS[status],
        "status": status,
        "message": message,
        "reference": reference,
        "case_url": _case_url(request, reference),
        "is_post": request.method == "POST",
    }
    template = "error_plain.html" if status >= 500 else "error.html"
    return render(request, template, context, status=status)


def _case_url(request: HttpRequest, reference: str) -> str:
    """Where the case stands in the room that the reader is in; empty outside of the rooms."""
    room = _room_of(request)
    return reverse(f"{room}:case", args=[reference]) if reference and room in ROOMS else ""


def _room_of(request: HttpRequest) -> str:
    return request.resolver_match.namespace if request.resolver_match else ""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for more than is read."""
    return page(request, 413, words=TOO_MUCH) if isinstance(exception, TOO_LARGE) else page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: stands alone, since what broke may be anything."""
    return page(request, 500)


def expired_form(request: HttpRequest, reason: str = "", **kwargs: Any) -> HttpResponse:
    """403 for a form whose token does not fit: most often one that stood open for long."""
    return page(request, 403, words=EXPIRED)
