"""``/eligibility/``: what applies to a subscription, from its offer and its creation."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from front.checker import conditions_of, facts_from
from front.policy_table import offers_by_family
from front.ways_on import ADD_THE_DAY, DAY_IS_MISSING, WAYS_ON, promise
from subscriptions.policy.document import Policy
from subscriptions.policy.evaluate import evaluate
from subscriptions.policy.facts import FactError, Facts
from subscriptions.policy.outcome import Outcome
from subscriptions.policy.versions import NoPolicy, active_policy, policy_version
from subscriptions.policy.wording import why, words_for

LABELS = {"pasted": "Offer ID or quotaId", "created": "Created"}


def eligibility(request: HttpRequest) -> HttpResponse:
    """The checker, and above it the answer to what was sent with it."""
    policy = _policy(request.GET.get("policy", ""))
    context = checker_context(policy) | {
        "answers": request.GET,
        "is_active": "policy" not in request.GET,
    }
    if any(value.strip() for key, value in request.GET.dict().items() if key != "policy"):
        context |= _answered(request, policy)
    return render(
        request,
        "front/eligibility.html",
        context,
        status=400 if "errors" in context else 200,
    )


def checker_context(policy: Policy) -> dict[str, Any]:
    """What the checker's form is made from."""
    return {
        "policy": policy,
        "groups": offers_by_family(policy),
        "conditions": conditions_of(policy),
    }


def _policy(version_id: str) -> Policy:
    if not version_id:
        return active_policy()
    try:
        return policy_version(version_id)
    except NoPolicy as error:
        raise Http404(str(error)) from None


def _answered(request: HttpRequest, policy: Policy) -> dict[str, Any]:
    try:
        return _answer(facts_from(request.GET.dict(), policy), policy)
    except FactError as error:
        label = LABELS.get(error.field) or error.field.replace("_", " ").capitalize()
        return {
            "errors": {f"id_{error.field}": f"{label}: {error.reason}"},
            "wrong": {error.field: error.reason},
        }


def _answer(facts: Facts, policy: Policy) -> dict[str, Any]:
    answer = evaluate(facts, policy, timezone.now())
    lacks_day = answer.missing == ("created",) and facts.created is None
    way_on = DAY_IS_MISSING if lacks_day else WAYS_ON[answer.outcome]
    words, clause = words_for(answer.outcome), policy.clause(answer.clause) if answer.clause else None
    return {
        "answer": answer,
        "facts": facts,
        "offer": policy.offer(facts.offer_id) if facts.offer_id else None,
        "clause": clause,
        "lacks_day": lacks_day,
        "card": {
            "meaning": words.meaning,
            "headline": words.headline,
            "way_on": ADD_THE_DAY if lacks_day else words.way_on,
            "why": why(answer, policy),
            "clause": clause,
            **asdict(way_on),
            "action_note": promise(way_on, policy.service),
        },
        "is_open": answer.outcome == Outcome.NOT_BLOCKED,
    }
