"""``/relay/``: sending through an authenticated relay, which is open to everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def relay(request: HttpRequest) -> HttpResponse:
    """Set-ups, one open at a time, and how to test them."""
    return render(request, "public/relay.html")
