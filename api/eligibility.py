"""``GET /api/v1/eligibility``: what the policy says of a subscription, without signing in."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from subscriptions.policy.document import Policy
from subscriptions.policy.evaluate import evaluate
from subscriptions.policy.facts import SHORT_NAMES, FactError, facts_named
from subscriptions.policy.versions import NoPolicy, active_policy, policy_version

router = Router(tags=["policy"])


class Asked(Schema):
    """The facts of one subscription, as text; blank ones are not known."""

    offer: str = Field("", description="Offer ID, such as MS-AZR-0003P.")
    quota: str = Field("", description="The quotaId that the subscription reports.")
    family: str = Field("", description="The family, as the policy calls it.")
    created: str = Field(
        "",
        description="When it was created: 2017-11-20T14:30:00Z, or a day in UTC: 2017-11-20. "
        "The + of an offset is written %2B.",
    )
    account_age_days: str = Field("", description="How old the customer's account is.")
    paid_invoices: str = Field("", description="How many invoices were paid.")
    paid_total_usd: str = Field("", description="What the paid invoices come to, in US dollars.")
    identity_verified: str = Field("", description="Whether the customer's identity is verified: yes or no.")
    policy: str = Field("", description="A policy version; if not given, the one in force.")


class Unmet(Schema):
    """A condition that is known not to be met."""

    condition: str
    needed: bool | int | str
    actual: bool | int | str
    sentence: str


class TraceStep(Schema):
    """What became of one rule."""

    rule: str
    clause: str
    applied: bool
    why: str


class Answer(Schema):
    """What ``manage.py eligibility --json`` prints."""

    outcome: str
    family: str | None
    rule: str | None
    clause: str | None
    unmet: list[Unmet]
    ask_again_from: str | None
    missing: list[str]
    question: str
    policy: str
    reading: list[str]
    trace: list[TraceStep]


class Fault(Schema):
    """Which parameter is wrong, and why."""

    field: str
    error: str


@router.get(
    "", summary="What the policy says of a subscription", auth=None, response={200: Answer, 400: Fault}
)
def eligibility(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Whether outbound port 25 is blocked, by which clause, and what can be done."""
    _refuse_strange_parameters(request)
    facts = facts_named(asked.model_dump(exclude={"policy"}), SHORT_NAMES)
    return evaluate(facts, _policy(asked.policy), timezone.now()).as_json()


def _policy(version: str) -> Policy:
    """The version asked for, or the one in force; raises ``FactError`` and ``NoPolicy``."""
    if not version:
        return active_policy()
    try:
        return policy_version(version)
    except NoPolicy as error:
        raise FactError("policy", str(error)) from None


def _refuse_strange_parameters(request: HttpRequest) -> None:
    for name, values in request.GET.lists():
        if name not in Asked.model_fields:
            raise FactError(name, f"is no parameter here; these are: {', '.join(Asked.model_fields)}")
        if len(values) > 1:
            raise FactError(name, "is given more than once; give it once")
