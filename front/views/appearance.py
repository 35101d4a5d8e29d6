"""Light, dark, or as the reader's system has it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

THEMES = ("light", "dark")
A_YEAR = 365 * 24 * 3600  # seconds


def appearance(request: HttpRequest) -> HttpResponse:
    """Keep the theme in a cookie (none: the system's) and go back to the page ``next``."""
    response = redirect(_page_before(request))
    theme = request.GET.get("theme", "")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=A_YEAR, samesite="Lax")
    else:
        response.delete_cookie("theme")
    return response


def _page_before(request: HttpRequest) -> str:
    page = request.GET.get("next", "")
    return page if page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None) else "/"
