"""``/requests/``: what waits for me, and where each of my subscriptions stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cases.actors import Actor
from cases.attention import Need, counts_of, with_need, with_turned_down
from cases.forms import ListForm
from cases.keyset import Order, page_of
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

BY_NEED = Order(("need", "name", "id"))
MOST_WAITING = 10
SEARCHED_FROM = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One subscription of the list; ``turned_down`` is what ``with_turned_down`` gives, while it still counts."""

    status: SubscriptionStatus
    offer: str
    why: str
    step: Step | None
    turned_down: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Chip:
    """A part of the list to look at alone, and how many are in it."""

    name: str
    label: str
    count: int
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case whose question waits for an answer."""

    case: Case
    due_at: datetime | None
    may_answer: bool


@customer_room
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """My subscriptions, what needs something first, a page at a time."""
    now = timezone.now()
    policy = active_policy(now)
    asked = ListForm(request.GET).asked()
    words, shown = asked["q"] or "", _need_named(request.GET.get("show", ""))
    found = with_need(subscriptions_for_customer(actor), actor, policy, now)
    if words:
        found = matching_words(found, words)
    counts = counts_of(found)
    if shown is not None:
        found = found.filter(need=shown)
    page = page_of(with_turned_down(found), BY_NEED, PAGE, after=asked["after"], before=asked["before"])
    waiting = _waiting(actor)
    context = {
        "customers": customers_of(actor),
        "rows": [_row(subscription, actor, policy) for subscription in page.rows],
        "waiting": waiting[:MOST_WAITING],
        "has_more_waiting": len(waiting) > MOST_WAITING,
        "words": words,
        "chips": [
            Chip(need.name.lower(), need.label, count, need == shown) for need, count in counts.items()
        ],
        "shown": shown.name.lower() if shown is not None else "",
        "total": sum(counts.values()),
        "is_many": bool(words) or shown is not None or sum(counts.values()) > SEARCHED_FROM,
        "page": page,
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
        turned_down=None if status.open_case or status.exempt_case else subscription.turned_down,  # type: ignore[attr-defined]  # annotated
    )


def _need_named(name: str) -> Need | None:
    """By its name in an address; ``None`` for any other text."""
    return next((need for need in Need if need.name.lower() == name), None)


def _waiting(actor: Actor) -> Sequence[Waiting]:
    cases = list(waiting_for_customer(actor)[: MOST_WAITING + 1])
    policies = policy_versions(case.policy_id for case in cases)
    return [
        Waiting(case, due_of(case, policies[case.policy_id]), "answer" in verbs_of(case, actor))
        for case in cases
    ]
