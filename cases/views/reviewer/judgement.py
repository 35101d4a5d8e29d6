"""What a case was judged by, beside what is known and what the policy says today."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from cases.models import APPROVABLE, Case
from subscriptions.judging import judge, stated_facts
from subscriptions.policy.document import Policy
from subscriptions.policy.eligibility import Eligibility
from subscriptions.policy.outcome import Outcome
from subscriptions.policy.versions import active_policy, policy_version
from subscriptions.policy.wording import why


@dataclass(frozen=True, slots=True)
class FactBeside:
    """A fact as the case was judged by, and as it is now where that differs."""

    label: str
    value: str
    source: str
    as_of: str
    condition: str = ""
    now: str = ""

    @property
    def origin(self) -> tuple[str, str]:
        """From where and when it is known: what facts are shown together by."""
        return (self.source, self.as_of)


@dataclass(frozen=True, slots=True)
class JudgedNow:
    """What a policy says of the subscription as it is today; ``forbids`` names what is refused by it."""

    policy: Policy
    answer: Eligibility
    why: str
    forbids: str
    is_other_policy: bool


def facts_beside(case: Case) -> list[FactBeside]:
    """The facts that the case was judged by, each with its present value where it has changed."""
    now = {fact.label: fact.value for fact in stated_facts(case.subscription)}
    known = [
        FactBeside(**fact, now=_changed(fact["value"], now.pop(fact["label"], "not known")))
        for fact in case.facts
    ]
    return known + [FactBeside(label, "not known", "", "", now=value) for label, value in now.items()]


def judged_now(case: Case) -> dict[str, Any]:
    """The stored answer with its policy, and today's where it differs: by that policy, and by the one in force."""
    active = active_policy()
    policy = active if active.id == case.policy_id else policy_version(case.policy_id)
    answer = Eligibility.from_json(case.eligibility)
    policies = [policy] if active is policy else [policy, active]
    return {
        "answer": answer,
        "policy": policy,
        "why": why(answer, policy),
        "clause": policy.clause(answer.clause) if answer.clause else None,
        "family": policy.families.get(case.family, case.family),
        "now": [now for each in policies if (now := _now(case, each)).answer.outcome != case.outcome],
        "active": active,
    }


def _now(case: Case, policy: Policy) -> JudgedNow:
    answer = judge(case.subscription, policy, timezone.now())
    is_other = policy.id != case.policy_id
    forbids = "" if is_other else _forbidden(answer.outcome)
    return JudgedNow(policy, answer, why(answer, policy), forbids, is_other)


def _forbidden(outcome: Outcome) -> str:
    if outcome == Outcome.NOT_BLOCKED:
        return "Nobody is denied what they have."
    return "" if outcome in APPROVABLE else "It cannot be approved as it stands."


def _changed(before: str, now: str) -> str:
    return now if now != before else ""
