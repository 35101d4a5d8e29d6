"""``/requests/``: what waits for me, and where each of my subscriptions stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cases.actors import Actor
from cases.forms import ListForm
from cases.keyset import Order, Page, page_of
from cases.machine import verbs_of
from cases.models import Case
from cases.queries import (
    PAGE,
    customers_of,
    matching_words,
    subscriptions_for_customer,
    waiting_for_customer,
)
from cases.status import SubscriptionStatus, due_of, status_of
from cases.views.customer.steps import Step, next_step
from cases.views.room import customer_room
from subscriptions.models import Subscription
from subscriptions.policy.document import Policy
from subscriptions.policy.versions import active_policy, policy_versions
from subscriptions.policy.wording import why

BY_NAME = Order(("name", "id"))
MOST_WAITING = 10
SEARCHED_FROM = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One subscription of the list."""

    status: SubscriptionStatus
    offer: str
    why: str
    step: Step | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case whose question waits for an answer."""

    case: Case
    due_at: datetime | None
    may_answer: bool


@customer_room
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My subscriptions by name, a page at a time."""
    asked = ListForm(request.GET).asked()
    words = asked["q"] or ""
    found = subscriptions_for_customer(actor)
    if words:
        found = matching_words(found, words)
    page = page_of(found, BY_NAME, PAGE, after=asked["after"], before=asked["before"])
    policy = active_policy(timezone.now())
    waiting = _waiting(actor)
    context = {
        "customers": customers_of(actor),
        "rows": [_row(subscription, actor, policy) for subscription in page.rows],
        "waiting": waiting[:MOST_WAITING],
        "has_more_waiting": len(waiting) > MOST_WAITING,
        "words": words,
        "policy": policy,
        "is_many": bool(words or page.before or page.after) or len(page.rows) > SEARCHED_FROM,
        **_ways(page, words),
    }
    return render(request, "customer/home.html", context)


def _row(subscription: Subscription, actor: Actor, policy: Policy) -> Row:
    status = status_of(subscription, policy)
    offer = policy.offer(subscription.offer_id)
    return Row(
        status=status,
        offer=offer.name if offer else subscription.offer_id,
        why=why(status.eligibility, policy),
        step=next_step(status, actor, policy.service),
    )


def _waiting(actor: Actor) -> Sequence[Waiting]:
    cases = list(waiting_for_customer(actor)[: MOST_WAITING + 1])
    policies = policy_versions(case.policy_id for case in cases)
    return [
        Waiting(case, due_of(case, policies[case.policy_id]), "answer" in verbs_of(case, actor))
        for case in cases
    ]


def _ways(page: Page[Subscription], words: str) -> dict[str, Any]:
    """The addresses of the pages before and after this one."""
    kept = {"q": words} if words else {}
    return {
        "newer_url": f"?{urlencode({**kept, 'before': page.before})}" if page.before else "",
        "older_url": f"?{urlencode({**kept, 'after': page.after})}" if page.after else "",
    }
