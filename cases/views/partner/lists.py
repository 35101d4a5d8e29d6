"""The partner's lists: what waits, what it resells, its cases."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from cases.actors import Actor
from cases.keyset import Order, page_of
from cases.models import OPEN_STATES
from cases.queries import (
    PAGE,
    other_cases_of_partner,
    recent_cases_of_partner,
    subscriptions_for_partner,
    waiting_for_partner,
)
from cases.reference import parse_reference
from cases.views.partner.rows import resold, waiting_rows
from cases.views.partner.search import SubscriptionSearch
from cases.views.room import partner_room
from subscriptions.models import Partner
from subscriptions.policy.versions import active_policy

MARKS = ("after", "before")
MOST_WAITING = 50
FIRST_FEW = 8
TABS = (("", "All"), ("open", "Open"), ("ended", "Decided or ended"))
BY_NAME = Order(("name", "pk"))
NEWEST_FIRST = Order(("pk",), is_newest_first=True, named_by="reference")


@partner_room
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What waits for the partner first; then the start of its other lists."""
    policy = active_policy()
    waiting = waiting_for_partner(actor, timedelta(days=policy.service.answer_within_days))
    few = list(subscriptions_for_partner(actor)[: FIRST_FEW + 1])
    context = {
        "partners": Partner.objects.filter(pk__in=list(actor.partners)).order_by("name"),
        "waiting": list(waiting_rows(waiting[:MOST_WAITING], actor)),
        "waiting_count": waiting.count(),
        "rows": [resold(subscription, policy, actor) for subscription in few[:FIRST_FEW]],
        "has_more_rows": len(few) > FIRST_FEW,
        "search": SubscriptionSearch(None, actor),
        "cases": other_cases_of_partner(actor)[:FIRST_FEW],
    }
    return render(request, "partner/home.html", context)


@partner_room
def subscriptions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What the partner resells, by name, a page at a time; a case's reference opens the case."""
    search = SubscriptionSearch(request.GET, actor)
    if not search.is_valid():
        return render(request, "partner/subscriptions.html", {"search": search}, status=400)
    if (case := search.case()) is not None:
        return _to(request, reverse("partner:case", args=[case.reference]))
    found = search.among(subscriptions_for_partner(actor))
    page = page_of(found, BY_NAME, PAGE, **{name: search.cleaned_data[name] for name in MARKS})
    policy = active_policy()
    context = {
        "search": search,
        "rows": [resold(subscription, policy, actor) for subscription in page.rows],
        "page": page,
    }
    return render(request, "partner/subscriptions.html", context)


@partner_room
def cases(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The partner's cases, the newest first, a page at a time."""
    rows = recent_cases_of_partner(actor)
    shown = request.GET.get("show", "")
    if shown == "open":
        rows = rows.filter(state__in=OPEN_STATES)
    elif shown == "ended":
        rows = rows.exclude(state__in=OPEN_STATES)
    marks = {name: parse_reference(request.GET.get(name, "")) for name in MARKS}
    page = page_of(rows, NEWEST_FIRST, PAGE, **marks)
    context = {"cases": page.rows, "shown": shown, "tabs": TABS, "page": page}
    return render(request, "partner/cases.html", context)


def _to(request: HttpRequest, url: str) -> HttpResponse:
    """Another page as a whole, also where only the list was asked for."""
    is_part = "HX-Request" in request.headers
    return HttpResponseClientRedirect(url) if is_part else redirect(url)
