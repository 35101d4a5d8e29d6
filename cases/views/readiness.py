"""Are the records ready? Looked at in DNS as often as anybody of a customer or partner likes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cases.actors import Actor, Side
from cases.forms import ReadinessForm
from cases.refusals import NotThere
from cases.views.room import customer_room, partner_room
from cases.views.status_page import INVALID, canonical, case_of_room
from lookups.dns import Resolver, resolver
from lookups.readiness import Line, Status, readiness
from lookups.turns import NotYourTurn, Turns

SECONDS = 8.0  # for all questions of one page; what is open then could not be checked
AT_ONCE = 2  # in one process: half of its threads answer other pages while name servers are silent
TOO_MANY, RETRY_AFTER = 429, 5
TURNS = Turns(AT_ONCE)
ORDER = (Status.FAIL, Status.UNKNOWN, Status.PASS)


@customer_room
def of_customer(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The customer's page."""
    return _page(request, actor, Side.CUSTOMER)


@partner_room
def of_partner(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The partner's page."""
    return _page(request, actor, Side.PARTNER)


def _page(request: HttpRequest, actor: Actor, side: Side) -> HttpResponse:
    """Asks by GET: the answer can be reloaded once a record was mended. ``case`` fills the form."""
    reference = request.GET.get("case", "")
    if "domain" not in request.GET:
        return _render(request, side, ReadinessForm(initial=_of_case(actor, side, reference)), None)
    form = ReadinessForm(request.GET)
    if not form.is_valid():
        return _render(request, side, form, None, status=INVALID)
    try:
        with TURNS.turn(actor.user_id):
            lines = _look(form, resolver(seconds=SECONDS))
    except NotYourTurn as wait:
        response = _render(request, side, form, None, wait=str(wait), status=TOO_MANY)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    return _render(request, side, form, lines)


def _render(
    request: HttpRequest,
    side: Side,
    form: ReadinessForm,
    lines: list[Line] | None,
    *,
    wait: str = "",
    status: int = 200,
) -> HttpResponse:
    asked = [line for line in lines or () if line.is_asked]
    context = {
        "form": form,
        "lines": lines,
        "wait": wait,
        "is_ready": all(line.status == Status.PASS for line in asked),
        "is_whole": lines is not None and len(asked) == len(lines),
        "reference": request.GET.get("case", ""),
        "address": reverse(f"{side.value}:readiness"),
        "base": f"{side.value}/base.html",
    }
    return render(request, "case/readiness.html", context, status=status)


def _look(form: ReadinessForm, asks: Resolver) -> list[Line]:
    """What has to be mended first, then what could not be checked, what is ready, and what was not asked."""
    asked = form.cleaned_data
    found = readiness(
        asked["domain"], asked["addresses"], asks, selector=asked["selector"], helo=asked["helo"]
    )
    return sorted(found, key=lambda line: (not line.is_asked, ORDER.index(line.status)))


def _of_case(actor: Actor, side: Side, reference: str) -> dict[str, Any]:
    """What a case of theirs says, to begin with. Nothing for one that is not."""
    try:
        case = case_of_room(actor, side, canonical(reference)) if reference else None
    except NotThere:
        case = None
    if case is None:
        return {}
    return {
        "domain": next(iter(case.sending_domains), ""),
        "addresses": "\n".join(case.sending_addresses),
        "selector": case.dkim_selector,
        "helo": case.helo_name,
    }
