"""The checks of a case: as its page shows them, refreshed while they run, and started again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cases.actions.checks import start_checks
from cases.actors import Actor
from cases.dossier import case_of_desk
from cases.refusals import Conflict, existing
from cases.views.reviewer.page import Sent, show
from cases.views.reviewer.rounds import checks_of
from cases.views.room import desk_room

CONFLICT = 409


@desk_room
def checks(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Posted: run the checks again. Read by htmx: the part of the page that shows them."""
    if request.method == "POST":
        return _start(request, actor, reference)
    if not request.htmx:  # type: ignore[attr-defined]  # by django_htmx
        return redirect("review:case", reference)
    case = case_of_desk(actor, reference)
    return render(request, "reviewer/checks.html", {"case": case, "is_part": True, **checks_of(case, actor)})


@desk_room
def checks_round(request: HttpRequest, actor: Actor, reference: str, number: int) -> HttpResponse:
    """One of the rounds that the case's page lists, with every signal. Raises ``NotThere``."""
    case = case_of_desk(actor, reference)
    rounds = checks_of(case, actor)["rounds"]
    found = existing(next((each for each in rounds if each.round.number == number), None), "round of checks")
    return render(request, "reviewer/round.html", {"case": case, "round": found})


def _start(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    try:
        start_checks(reference, by=actor)
    except Conflict as refused:
        return show(request, actor, reference, Sent("checks", conflict=refused, status=CONFLICT))
    messages.success(request, "The checks run again. What they see comes in below.")
    return redirect("review:case", reference)
