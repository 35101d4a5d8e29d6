"""A case as its partner follows it: vouching, declining, answering, writing, withdrawing."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cases.actions import customer as asking_side
from cases.actions import partner as actions
from cases.actions.conversation import send_message
from cases.actors import Actor, Side
from cases.details import Checked
from cases.forms import AttestationForm, DeclineForm
from cases.machine import require
from cases.models import Case
from cases.notices.statement import Statement
from cases.permissions import may_write
from cases.refusals import NotPermitted
from cases.views.room import partner_room
from cases.views.status_page import (
    SentText,
    canonical,
    case_of_room,
    sent_context,
    status_context,
    take_text,
)

INVALID = 422


@partner_room
def case(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Whose turn it is, what the customer wrote, what the partner can do, what happened."""
    if canonical(reference) != reference:
        return redirect("partner:case", canonical(reference))
    return _page(request, actor, reference)


@partner_room
def sent(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """What a partner reads right after sending: the reference, and what happens next."""
    if canonical(reference) != reference:
        return redirect("partner:sent", canonical(reference))
    found = case_of_room(actor, Side.PARTNER, reference)
    return render(request, "partner/sent.html", sent_context(found, actor, Side.PARTNER))


@partner_room
def vouch(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Stand by the customer's request."""
    reference = canonical(reference)
    if request.method != "POST":
        return redirect("partner:case", reference)
    _require(actor, reference, "vouch")
    form = AttestationForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, reference, vouch_form=form)
    found = actions.vouch(reference, form.attested(), by=actor)
    said = f"You vouched for {found.customer.name}. The request is with the review team now."
    messages.success(request, said, extra_tags=f"vouch-{reference}")
    return redirect("partner:case", reference)


@partner_room
def decline(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Do not pass the request on: first the notice as the customer will get it, then the step itself."""
    reference = canonical(reference)
    if request.method != "POST":
        return redirect("partner:case", reference)
    found = _require(actor, reference, "decline")
    form = _decline_form(found, request.POST)
    step = request.POST.get("step")
    if step == "change" or not form.is_valid():
        return _page(request, actor, reference, decline_form=form)
    if step != "send":
        return _preview(request, actor, found, form)
    actions.decline(reference, form.details(), by=actor)
    said = f"You declined, and {found.customer.name} was told why."
    messages.success(request, said, extra_tags=f"decline-{reference}")
    return redirect("partner:case", reference)


@partner_room
def answer(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Answer the question that a case of the partner's own waits on."""
    reference = canonical(reference)
    if request.method == "POST":
        _require(actor, reference, "answer")
    text = SentText("answer", partial(asking_side.answer, by=actor), partial(_page, request, actor))
    return take_text(request, Side.PARTNER, reference, text)


@partner_room
def message(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Write to everybody in the case."""
    reference = canonical(reference)
    if not may_write(case_of_room(actor, Side.PARTNER, reference), actor):
        raise NotPermitted("You can read this case, not write in it.")
    text = SentText("message", partial(send_message, by=actor), partial(_page, request, actor))
    return take_text(request, Side.PARTNER, reference, text)


@partner_room
def withdraw(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Take back a request that the partner submitted."""
    reference = canonical(reference)
    if request.method == "POST":
        _require(actor, reference, "withdraw")
        found = asking_side.withdraw(reference, by=actor)
        messages.success(request, f"The request for {found.subscription.name} is withdrawn.")
    return redirect("partner:case", reference)


def _require(actor: Actor, reference: str, verb: str) -> Case:
    """The case, if it is the room's own and the step can be taken now."""
    found = case_of_room(actor, Side.PARTNER, reference)
    require(found, verb, by=actor)
    return found


def _page(request: HttpRequest, actor: Actor, reference: str, **forms: Form) -> HttpResponse:
    """The case's page; the forms given are shown as they were sent."""
    before = request.GET.get("before", "")
    found = case_of_room(actor, Side.PARTNER, reference, before=before)
    context = status_context(found, actor, Side.PARTNER, is_back=bool(before))
    context |= {"vouch_form": AttestationForm(), "decline_form": _decline_form(found), **forms}
    context["word"] = _word(found, actor)
    wrong = next((form for form in forms.values() if form.errors), None)
    context["wrong_form"] = wrong
    return render(request, "partner/case.html", context, status=INVALID if wrong else 200)


def _word(found: Case, actor: Actor) -> dict[str, Any] | None:
    """What the partner attested in this case, by whom and when."""
    given = found.attestations.filter(partner__in=list(actor.partners)).select_related("author").first()
    if given is None:
        return None
    return {"given": given, "points": [Checked(point).label for point in given.checked]}


def _preview(request: HttpRequest, actor: Actor, found: Case, form: DeclineForm) -> HttpResponse:
    decision = actions.draft_decline(found, form.details(), by=actor, at=timezone.now())
    context = {"case": found, "form": form, "notice": Statement.from_json(decision.notice)}
    return render(request, "partner/decline.html", context)


def _decline_form(found: Case, data: Any = None) -> DeclineForm:
    return DeclineForm(data, customer=found.customer.name, prefix="decline")
