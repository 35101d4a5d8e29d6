"""``/eligibility/``: what applies to a subscription, from its offer and its creation."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from public.checker import conditions_of, facts_from, offers_by_family
from subscriptions.policy.document import Policy
from subscriptions.policy.evaluate import evaluate
from subscriptions.policy.facts import FactError
from subscriptions.policy.versions import NoPolicy, active_policy, policy_version
from subscriptions.policy.wording import words_for

LABELS = {"offer": "Offer", "pasted": "Pasted ID", "created": "Created"}


def eligibility(request: HttpRequest) -> HttpResponse:
    """The form, and below it the answer to what was sent with it."""
    policy = _policy(request.GET.get("policy", ""))
    context: dict[str, Any] = {
        "policy": policy,
        "groups": offers_by_family(policy),
        "conditions": conditions_of(policy),
        "answers": request.GET,
    }
    is_asked = any(value for key, value in request.GET.items() if key != "policy")
    if is_asked:
        context |= _answer(request, policy)
    return render(request, "public/eligibility.html", context, status=400 if "errors" in context else 200)


def _policy(version_id: str) -> Policy:
    try:
        return policy_version(version_id) if version_id else active_policy()
    except NoPolicy as error:
        raise Http404(str(error)) from None


def _answer(request: HttpRequest, policy: Policy) -> dict[str, Any]:
    try:
        facts = facts_from(request.GET, policy)
    except FactError as error:
        sentence = f"{LABELS.get(error.field, error.field)}: {error.reason}"
        return {"errors": {f"id_{error.field}": sentence}, "wrong": error.field, "reason": error.reason}
    answer = evaluate(facts, policy, timezone.now())
    return {
        "answer": answer,
        "facts": facts,
        "offer": policy.offer(facts.offer_id or ""),
        "words": words_for(answer.outcome),
        "clause": policy.clause(answer.clause) if answer.clause else None,
    }
