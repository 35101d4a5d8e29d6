"""``/eligibility/``: what applies to a subscription, from its offer and its creation."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from front.checker import CheckerForm
from front.ways_on import ADD_THE_DAY, DAY_IS_MISSING, WAYS_ON, promise
from subscriptions.policy.document import Policy
from subscriptions.policy.evaluate import evaluate
from subscriptions.policy.facts import Facts
from subscriptions.policy.outcome import Outcome
from subscriptions.policy.versions import NoPolicy, active_policy, policy_version
from subscriptions.policy.wording import why, words_for


def eligibility(request: HttpRequest) -> HttpResponse:
    """The checker, and above it the answer to what was sent with it."""
    version = request.GET.get("policy", "")
    policy = _policy(version)
    is_asked = any(value.strip() for key, value in request.GET.dict().items() if key != "policy")
    form = CheckerForm(request.GET if is_asked else None, policy=policy)
    context = {"policy": policy, "version": version, "form": form}
    if form.is_valid():
        context |= _answer(form.facts, policy)
    return render(request, "front/eligibility.html", context, status=400 if form.errors else 200)


def _policy(version_id: str) -> Policy:
    if not version_id:
        return active_policy()
    try:
        return policy_version(version_id)
    except NoPolicy as error:
        raise Http404(str(error)) from None


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
