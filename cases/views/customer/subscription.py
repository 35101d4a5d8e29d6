"""The answer page of a subscription: what applies to it, why, and the way on, with nothing to type."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cases.actors import Actor, Side
from cases.forms import RecordForm
from cases.models import Case, State
from cases.queries import cases_of_subscription, subscription_of_customer
from cases.standing import rejection_on_record
from cases.status import Port, Standing, SubscriptionStatus, status_of
from cases.views.card import card_of
from cases.views.customer.steps import Step, may_submit, next_step
from cases.views.room import customer_room
from cases.views.status_page import INVALID
from subscriptions.judging import stated_facts
from subscriptions.policy.document import Policy
from subscriptions.policy.versions import active_policy
from subscriptions.policy.wording import words_for

MOST_EARLIER = 20


@customer_room
def answer(request: HttpRequest, actor: Actor, subscription_id: UUID) -> HttpResponse:
    """The answer first; under it everything that it rests on."""
    return answer_page(request, actor, subscription_id)


def answer_page(
    request: HttpRequest, actor: Actor, subscription_id: UUID, form: RecordForm | None = None
) -> HttpResponse:
    """The page; ``form`` is one that could not be used."""
    subscription = subscription_of_customer(actor, subscription_id)
    policy = active_policy(timezone.now())
    status = status_of(subscription, policy)
    step = next_step(status, actor, policy.service)
    may_act = may_submit(subscription, actor)
    cases = list(cases_of_subscription(subscription)[: MOST_EARLIER + 1])
    may_record = may_act and status.may_have_it_recorded
    rejected = _rejected_already(status, policy) if may_record else None
    context = {
        "subscription": subscription,
        "offer": policy.offer(subscription.offer_id),
        "status": status,
        "policy": policy,
        "answer": status.eligibility,
        "card": asdict(card_of(status, policy, _way_on(status))) | _button(step),
        "facts": stated_facts(subscription),
        "may_act": may_act,
        "rejected": rejected,
        "record_form": (form or RecordForm(is_on_record=rejected is not None)) if may_record else None,
        "record_draft": f"record-{subscription.pk}",
        "cases": cases[:MOST_EARLIER],
        "has_more_cases": len(cases) > MOST_EARLIER,
    }
    return render(request, "customer/subscription.html", context, status=INVALID if form else 200)


def _rejected_already(status: SubscriptionStatus, policy: Policy) -> Case | None:
    """The case by which the rejection is on record, where asking again would say the same."""
    facts = [fact.as_json() for fact in stated_facts(status.subscription)]
    return rejection_on_record(status.subscription, status.eligibility.outcome, policy.id, facts)


def _way_on(status: SubscriptionStatus) -> str:
    if status.port == Port.EXEMPT:
        return "It is exempt from the block. There is nothing to do."
    if status.port == Port.SUSPENDED:
        return "The case says why. Write to us there; a new request is no way round it."
    if status.open_case is not None:
        return _way_on_in(status.open_case)
    return words_for(status.eligibility.outcome).way_on


def _way_on_in(case: Standing) -> str:
    if case.waits_for(Side.CUSTOMER):
        return f"A request is open, and our review team has a question: {case.reference}."
    return f"A request is open: {case.reference}, {State(case.state).label.lower()}."


def _button(step: Step | None) -> dict[str, Any]:
    """The next step as the card's only button."""
    if step is None:
        return {}
    if step.is_quiet:
        return {"second_url": step.url, "second_label": step.label}
    return {"action_url": step.url, "action_label": step.label, "action_note": step.note}
