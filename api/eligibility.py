"""``GET /api/v1/eligibility``: what applies to a subscription, without signing in."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from subscriptions.policy.evaluate import evaluate
from subscriptions.policy.facts import FactError, Facts
from subscriptions.policy.versions import NoPolicy, active_policy, policy_version

router = Router(tags=["policy"])

FACTS = {
    "offer": "offer_id",
    "quota": "quota_id",
    "family": "family",
    "created": "created",
    "account_age_days": "account_age_days",
    "paid_invoices": "paid_invoices",
    "paid_total_usd": "paid_total_usd",
    "identity_verified": "identity_verified",
}
PUBLIC_NAMES = {fact: name for name, fact in FACTS.items()}


@router.get("", summary="What the policy says of a subscription", auth=None)
def eligibility(
    request: HttpRequest,
    offer: str = "",
    quota: str = "",
    family: str = "",
    created: str = "",
    account_age_days: str = "",
    paid_invoices: str = "",
    paid_total_usd: str = "",
    identity_verified: str = "",
    policy: str = "",
) -> dict[str, Any]:
    """The same answer as ``manage.py eligibility --json``; 400 names the field of bad input."""
    unknown = set(request.GET) - {*FACTS, "policy"}
    if unknown:
        raise FactError(sorted(unknown)[0], f"is unknown here; known are {', '.join(FACTS)} and policy.")
    try:
        facts = Facts.from_text({fact: request.GET.get(name, "") for name, fact in FACTS.items()})
        version = policy_version(policy) if policy else active_policy()
    except FactError as error:
        raise FactError(PUBLIC_NAMES.get(error.field, error.field), error.reason) from None
    except NoPolicy as error:
        raise FactError("policy", str(error)) from None
    return evaluate(facts, version, timezone.now()).as_json()
