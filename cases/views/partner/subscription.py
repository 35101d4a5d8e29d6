"""A customer's subscription as its partner reads it: the answer first, then why, then what was asked before."""

from dataclasses import asdict
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cases.actors import Actor, Side
from cases.models import State
from cases.queries import recent_cases_of_partner, subscription_of_partner
from cases.status import Port, Standing, SubscriptionStatus, status_of
from cases.views.card import card_of
from cases.views.room import partner_room
from subscriptions.judging import subscription_facts
from subscriptions.policy.document import Service
from subscriptions.policy.outcome import Outcome
from subscriptions.policy.versions import active_policy

MOST_EARLIER = 20

WAYS_ON = {
    Outcome.NOT_BLOCKED: "{customer} can send directly now. There is nothing to ask for.",
    Outcome.MAY_REQUEST: "{customer} can ask for the block to be lifted, and you can on their behalf.",
    Outcome.VIA_PARTNER: "If a secure relay cannot be used, you can ask on behalf of {customer}.",
    Outcome.NOT_YET: "{customer} can ask for the block to be lifted later, once the conditions below are met.",
    Outcome.NEVER: "The block is not lifted for this offer. Help {customer} to send through an authenticated relay.",
    Outcome.CANNOT_TELL: "What is known does not settle it. Ask, and a person decides; nobody guesses.",
}
"""What the policy's outcome means for the partner."""

EXEMPT = "For every virtual machine in it, and for no other subscription of {customer}."
SUSPENDED = "The case says why. Write to the review team there; a new request is no way round it."
WITH_PARTNER = "{customer} has asked, and waits for you to vouch or to decline."
QUESTION = "You have asked, and the review team waits for the answer to a question."
OPEN = "A request is open already: {reference}."


@partner_room
def answer(request: HttpRequest, actor: Actor, subscription_id: UUID) -> HttpResponse:
    """Whether port 25 is open for it, why, and what the partner can do."""
    subscription = subscription_of_partner(actor, subscription_id)
    policy = active_policy()
    status = status_of(subscription, policy)
    may_act = actor.may_act_for_partner(subscription.partner_id)
    cases = list(recent_cases_of_partner(actor).filter(subscription=subscription)[: MOST_EARLIER + 1])
    context = {
        "subscription": subscription,
        "offer": policy.offer(subscription.offer_id),
        "status": status,
        "policy": policy,
        "answer": status.eligibility,
        "card": asdict(card_of(status, policy, _way_on(status))) | _button(status, policy.service, may_act),
        "facts": subscription_facts(subscription),
        "may_act": may_act,
        "cases": cases[:MOST_EARLIER],
        "has_more_cases": len(cases) > MOST_EARLIER,
    }
    return render(request, "partner/subscription.html", context)


def _way_on(status: SubscriptionStatus) -> str:
    if status.port == Port.SUSPENDED:
        words = SUSPENDED
    elif status.port == Port.EXEMPT:
        words = EXEMPT
    elif status.open_case is not None:
        words = _while_open(status.open_case)
    else:
        words = WAYS_ON[status.eligibility.outcome]
    reference = status.open_case.reference if status.open_case else ""
    return words.format(customer=status.subscription.customer.name, reference=reference)


def _while_open(case: Standing) -> str:
    if case.state == State.WITH_PARTNER:
        return WITH_PARTNER
    return QUESTION if case.waits_for(Side.PARTNER) else OPEN


def _button(status: SubscriptionStatus, service: Service, may_act: bool) -> dict[str, str]:
    """The one thing that the partner can do next, and the relay beside it where the port is blocked."""
    relay = {"second_url": reverse("relay"), "second_label": "Set up a relay"} if status.is_blocked else {}
    case = status.open_case or status.exempt_case
    if case is not None:
        return relay | _to_case(case, may_act)
    if not status.may_ask or not may_act:
        return relay
    return relay | {
        "action_url": reverse("partner:ask", args=[status.subscription.pk]),
        "action_label": f"Ask on behalf of {status.subscription.customer.name}",
        "action_note": f"Decided within {service.decision_within_working_days} working days.",
    }


def _to_case(case: Standing, may_act: bool) -> dict[str, str]:
    url = reverse("partner:case", args=[case.reference])
    if not may_act or not case.waits_for(Side.PARTNER):
        return {"second_url": url, "second_label": "See the case"}
    label = "Vouch or decline" if case.state == State.WITH_PARTNER else "Answer the question"
    return {"action_url": f"{url}#yours", "action_label": label}
