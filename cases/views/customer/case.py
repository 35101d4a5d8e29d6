"""A case as its customer follows it: where it stands, answering, writing, withdrawing."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cases.actions import customer as actions
from cases.actions.conversation import send_message
from cases.actors import Actor, Side
from cases.forms import TextForm
from cases.views.room import customer_room
from cases.views.status_page import (
    INVALID,
    SentText,
    canonical,
    case_of_room,
    sent_context,
    status_context,
    take_text,
)


@customer_room
def case(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Whose turn it is, what was asked, what was said, what happened."""
    if canonical(reference) != reference:
        return redirect("customer:case", canonical(reference))
    return _page(request, actor, reference)


@customer_room
def sent(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """What a customer reads right after sending: the reference, and what happens next."""
    if canonical(reference) != reference:
        return redirect("customer:sent", canonical(reference))
    found = case_of_room(actor, Side.CUSTOMER, reference)
    return render(request, "customer/sent.html", sent_context(found, actor, Side.CUSTOMER))


@customer_room
def answer(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Answer the question that the case waits on."""
    text = SentText("answer", partial(actions.answer, by=actor), partial(_page, request, actor))
    return take_text(request, Side.CUSTOMER, canonical(reference), text)


@customer_room
def message(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Write to everybody in the case."""
    text = SentText("message", partial(send_message, by=actor), partial(_page, request, actor))
    return take_text(request, Side.CUSTOMER, canonical(reference), text)


@customer_room
def withdraw(request: HttpRequest, actor: Actor, reference: str) -> HttpResponse:
    """Take the request back."""
    reference = canonical(reference)
    if request.method == "POST":
        actions.withdraw(reference, by=actor)
        messages.success(request, "Your request is withdrawn. You can ask again at any time.")
    return redirect("customer:case", reference)


def _page(request: HttpRequest, actor: Actor, reference: str, **forms: TextForm) -> HttpResponse:
    before = request.GET.get("before", "")
    found = case_of_room(actor, Side.CUSTOMER, reference, before=before)
    context = status_context(found, actor, Side.CUSTOMER, is_back=bool(before), **forms)
    return render(request, "customer/case.html", context, status=INVALID if forms else 200)
