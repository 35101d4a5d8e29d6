"""Asking: the form, check your answers, send; and having a rejection on record."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from cases.actions.customer import ask_to_lift
from cases.actors import Actor
from cases.details import RequestDetails
from cases.forms import RecordForm, RequestForm, details_of
from cases.models import CLASSIFICATION
from cases.queries import held_addresses, subscription_of_customer
from cases.refusals import Invalid, NotPermitted
from cases.standing import refuse_unless_free
from cases.status import status_of
from cases.views.answers import answers_of, drafts_of
from cases.views.customer.steps import may_submit
from cases.views.customer.subscription import answer_page
from cases.views.room import customer_room
from cases.views.status_page import INVALID
from subscriptions.models import Subscription
from subscriptions.policy.outcome import Outcome
from subscriptions.policy.versions import active_policy
from subscriptions.policy.wording import why


# The way back, from a refusal or from the confirmation, leads here: what was typed must still stand.
@cache_control(private=True, no_cache=True)
@customer_room
def ask(request: HttpRequest, actor: Actor, subscription_id: UUID) -> HttpResponse:
    """The form; then the answers to be checked; then the case."""
    if request.POST.get("step") == "send" and (sent := _sent_at_once(request, actor, subscription_id)):
        return sent
    subscription = _subscription(actor, subscription_id)
    inventory = held_addresses(subscription)
    if request.method != "POST":
        return _start(request, subscription, RequestForm(inventory=inventory))
    form = RequestForm(request.POST, inventory=inventory)
    step = request.POST.get("step")
    if not form.is_valid():
        return _form(request, subscription, form, INVALID)
    if step == "change":
        return _form(request, subscription, form)
    if step == "send":
        return _send(request, actor, subscription, form)
    refuse_unless_free(subscription)
    context = _context(subscription, form) | {"answers": answers_of(form)}
    return render(request, "customer/check.html", context)


@customer_room
def record(request: HttpRequest, actor: Actor, subscription_id: UUID) -> HttpResponse:
    """Where the policy says never or not yet: have that on record, or say that the data is wrong."""
    subscription = _subscription(actor, subscription_id)
    if request.method != "POST" or status_of(subscription, active_policy(timezone.now())).may_ask:
        return redirect("customer:subscription", subscription.pk)
    form = RecordForm(request.POST, is_on_record="claim" in request.POST)
    if form.is_valid():
        try:
            return _done(subscription.pk, form.details(), form.cleaned_data["idempotency_key"], actor)
        except Invalid as refusal:
            form.add_error("data_claim", refusal.message)
    return answer_page(request, actor, subscription_id, form)


def draft_of(subscription_id: UUID) -> str:
    """The name under which a browser keeps what is typed; each field's own stands behind it."""
    return f"ask-{subscription_id}"


def _subscription(actor: Actor, subscription_id: UUID) -> Subscription:
    subscription = subscription_of_customer(actor, subscription_id)
    if not may_submit(subscription, actor):
        raise NotPermitted(f"You can read what is of {subscription.customer.name}, not ask in its name.")
    return subscription


def _start(request: HttpRequest, subscription: Subscription, form: RequestForm) -> HttpResponse:
    """The empty form, unless there is nothing to ask for."""
    status = status_of(subscription, active_policy(timezone.now()))
    if status.open_case is not None:
        messages.info(request, "You have asked already. This is the request that is open.")
        return redirect("customer:case", status.open_case.reference)
    if not status.may_ask:
        return redirect("customer:subscription", subscription.pk)
    return _form(request, subscription, form)


def _form(
    request: HttpRequest, subscription: Subscription, form: RequestForm, status: int = 200
) -> HttpResponse:
    return render(request, "customer/ask.html", _context(subscription, form), status=status)


def _sent_at_once(request: HttpRequest, actor: Actor, subscription_id: UUID) -> HttpResponse | None:
    """What is complete and right becomes a case without a look beforehand: the action looks itself.

    ``None`` where something has to be shown again, with words that need the subscription.
    """
    if answers := RequestForm.read(request.POST):
        with suppress(Invalid, NotPermitted):
            return _done(subscription_id, details_of(answers), answers["idempotency_key"], actor)
    return None


def _send(request: HttpRequest, actor: Actor, subscription: Subscription, form: RequestForm) -> HttpResponse:
    try:
        return _done(subscription.pk, form.details(), form.cleaned_data["idempotency_key"], actor)
    except Invalid as refusal:
        form.refuse(refusal.errors)
        return _form(request, subscription, form, INVALID)


def _done(subscription_id: UUID, details: RequestDetails, key: str, actor: Actor) -> HttpResponse:
    """Make the case, and lead to the page that confirms it."""
    case = ask_to_lift(subscription_id, details, by=actor, idempotency_key=key)
    return redirect("customer:sent", case.reference)


def _context(subscription: Subscription, form: RequestForm) -> dict[str, Any]:
    policy = active_policy(timezone.now())
    answer = status_of(subscription, policy).eligibility
    return {
        "subscription": subscription,
        "form": form,
        "drafts": drafts_of(form, draft_of(subscription.pk)),
        "classification": CLASSIFICATION.split(" → "),
        "policy": policy,
        "answer": answer,
        "why": why(answer, policy),
        "is_via_partner": answer.outcome == Outcome.VIA_PARTNER and subscription.partner is not None,
        "is_open_question": answer.outcome == Outcome.CANNOT_TELL,
    }
