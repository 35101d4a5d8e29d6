"""Asking on a customer's behalf: the form, then the answers to be checked, then the case."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control

from cases.actions.partner import submit_for_customer
from cases.actors import Actor
from cases.details import Checked
from cases.forms import OnBehalfForm
from cases.models import CLASSIFICATION
from cases.queries import held_addresses, subscription_of_partner
from cases.refusals import Conflict, Invalid, NotPermitted
from cases.status import status_of
from cases.views.answers import Answer, answers_of, drafts_of
from cases.views.room import partner_room
from cases.views.status_page import INVALID
from subscriptions.models import Subscription
from subscriptions.policy.versions import active_policy


# The way back, from a refusal or from the confirmation, leads here: what was typed must still stand.
@cache_control(private=True, no_cache=True)
@partner_room
def ask(request: HttpRequest, actor: Actor, subscription_id: UUID) -> HttpResponse:
    """The form; with it sent, the answers to check; with these sent, the case."""
    subscription = subscription_of_partner(actor, subscription_id)
    if not actor.may_act_for_partner(subscription.partner_id):
        raise NotPermitted(
            "You can read here. Owners and contributors of your organisation ask for customers."
        )
    inventory = held_addresses(subscription)
    if request.method != "POST":
        return _start(request, subscription, OnBehalfForm(inventory=inventory))
    form = OnBehalfForm(request.POST, inventory=inventory)
    step = request.POST.get("step")
    if not form.is_valid():
        return _form(request, subscription, form, INVALID)
    if step == "change":
        return _form(request, subscription, form)
    return (
        _send(request, actor, subscription, form) if step == "send" else _check(request, subscription, form)
    )


def _start(request: HttpRequest, subscription: Subscription, form: OnBehalfForm) -> HttpResponse:
    """The empty form, unless there is nothing to ask for."""
    status = status_of(subscription, active_policy())
    if status.open_case is not None:
        messages.info(request, "A request is open already. This is it.")
        return redirect("partner:case", status.open_case.reference)
    if not status.may_ask:
        return redirect("partner:subscription", subscription.pk)
    return _form(request, subscription, form)


def _form(
    request: HttpRequest, subscription: Subscription, form: OnBehalfForm, status: int = 200
) -> HttpResponse:
    return render(request, "partner/ask.html", _context(subscription, form), status=status)


def _check(
    request: HttpRequest, subscription: Subscription, form: OnBehalfForm, conflict: Conflict | None = None
) -> HttpResponse:
    """What will be sent, as it will be kept; with ``conflict``, why it was not."""
    answers = [*answers_of(form), *_word_of(form)]
    context = _context(subscription, form) | {"answers": answers, "conflict": conflict}
    status = conflict.status if conflict else 200
    return render(request, "partner/ask_check.html", context, status=status)


def _word_of(form: OnBehalfForm) -> Iterator[Answer]:
    """The partner's own lines among the answers."""
    attested = form.attested()
    yield Answer("checked_0", "What you checked", [Checked(point).label for point in attested.checked])
    yield Answer("attestation", "Beside that", [attested.text or "Nothing"])


def _send(request: HttpRequest, actor: Actor, subscription: Subscription, form: OnBehalfForm) -> HttpResponse:
    """Submit; sent again, or from another tab, it leads to the same case."""
    key = form.cleaned_data["idempotency_key"]
    try:
        case = submit_for_customer(
            subscription.pk, form.details(), form.attested(), by=actor, idempotency_key=key
        )
    except Conflict as conflict:
        return _check(request, subscription, form, conflict)
    except Invalid as refusal:
        form.refuse(refusal.errors)
        return _form(request, subscription, form, INVALID)
    return redirect("partner:sent", case.reference)


def _context(subscription: Subscription, form: OnBehalfForm) -> dict[str, Any]:
    return {
        "subscription": subscription,
        "form": form,
        "drafts": drafts_of(form, f"ask-{subscription.pk}"),
        "classification": CLASSIFICATION.split(" → "),
        "policy": active_policy(),
    }
