"""The answer page of a subscription: what applies to it, why, and the way on, with nothing to type."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from cases.actors import Actor
from cases.forms import RecordForm
from cases.queries import cases_of_subscription, subscription_of_customer
from cases.status import Port, SubscriptionStatus, status_of
from cases.views.customer.steps import Step, may_submit, next_step
from cases.views.room import customer_room
from cases.views.status_page import INVALID
from subscriptions.judging import stated_facts
from subscriptions.policy.document import Clause, Policy
from subscriptions.policy.versions import active_policy
from subscriptions.policy.wording import why, words_for

MOST_EARLIER = 20


@dataclass(frozen=True, slots=True)
class Card:
    """What ``components/outcome_card.html`` takes."""

    meaning: str
    headline: str
    way_on: str
    why: str = ""
    clause: Clause | None = None
    since: datetime | None = None
    stub: str = ""
    port25: str = ""


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
    context = {
        "subscription": subscription,
        "offer": policy.offer(subscription.offer_id),
        "status": status,
        "policy": policy,
        "answer": status.eligibility,
        "card": asdict(_card(status, policy)) | _button(step),
        "facts": stated_facts(subscription),
        "may_act": may_act,
        "record_form": (form or RecordForm()) if may_act and status.may_have_it_recorded else None,
        "record_draft": f"record-{subscription.pk}",
        "cases": cases[:MOST_EARLIER],
        "has_more_cases": len(cases) > MOST_EARLIER,
    }
    return render(request, "customer/subscription.html", context, status=INVALID if form else 200)


def _card(status: SubscriptionStatus, policy: Policy) -> Card:
    if status.exempt_case is not None:
        return _exempt(status) if status.port == Port.EXEMPT else _suspended(status)
    words, answer = words_for(status.eligibility.outcome), status.eligibility
    way_on = words.way_on
    if status.open_case is not None:
        way_on = f"You have asked already: the request is {status.open_case.reference}."
    return Card(
        meaning=words.meaning,
        headline=words.headline,
        way_on=way_on,
        why=why(answer, policy),
        clause=policy.clause(answer.clause) if answer.clause else None,
    )


def _exempt(status: SubscriptionStatus) -> Card:
    return Card(
        meaning="open",
        headline="Outbound port 25 is open for this subscription",
        way_on="It is exempt from the block. There is nothing to do.",
        since=status.exempt_since,
    )


def _suspended(status: SubscriptionStatus) -> Card:
    return Card(
        meaning="held",
        headline="Outbound port 25 is blocked: the exemption is suspended",
        way_on="The case says why. Write to us there; a new request is no way round it.",
        stub="Suspended",
        port25="blocked",
    )


def _button(step: Step | None) -> dict[str, Any]:
    """The next step as the card's button, and beside a quiet one none that is louder."""
    if step is None:
        return {}
    if step.is_quiet:
        return {"second_url": step.url, "second_label": step.label}
    relay = {"second_url": reverse("relay"), "second_label": "Set up a relay"} if step.note else {}
    return {"action_url": step.url, "action_label": step.label, "action_note": step.note, **relay}
