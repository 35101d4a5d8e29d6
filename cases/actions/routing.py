"""What follows at once from a case's outcome: closed, rejected, with the partner, or in review."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cases import digests
from cases.actors import SYSTEM, Side
from cases.decisions import draft
from cases.due import after_working_days, end_clock
from cases.machine import move
from cases.models import Case, Decision, EventKind, Flag, Verb
from subscriptions.judging import judge, stated_facts
from subscriptions.policy.document import Policy
from subscriptions.policy.outcome import Outcome

JUDGED = ("outcome", "family", "eligibility", "facts", "policy", "partner")


@dataclass(frozen=True, slots=True)
class Step:
    """A step that the system took: the event to record, and the decision to keep, if it is one."""

    kind: EventKind
    data: Mapping[str, Any] = field(default_factory=dict)
    decision: Decision | None = None


def judge_case(case: Case, policy: Policy, at: datetime) -> None:
    """Set ``JUDGED``: the case's outcome and what it rests on, from the subscription as it is now."""
    eligibility = judge(case.subscription, policy, at)
    case.outcome = eligibility.outcome
    case.family = eligibility.family or ""
    case.eligibility = eligibility.as_json()
    case.facts = [fact.as_json() for fact in stated_facts(case.subscription)]
    case.policy_id = policy.id
    if case.submitted_side == Side.CUSTOMER:  # a partner that asked stays the one that did
        case.partner = case.subscription.partner


def follow_route(case: Case, policy: Policy, at: datetime, *, exempt_by: str | None) -> Step:
    """Move a submitted case on by its outcome; ``exempt_by`` is the case that made it exempt already."""
    step = _next_step(case, policy, at, exempt_by)
    return replace(step, data={**step.data, **digests.of_judgement(case), **digests.of_clock(case)})


def _next_step(case: Case, policy: Policy, at: datetime, exempt_by: str | None) -> Step:
    if exempt_by is not None or case.outcome == Outcome.NOT_BLOCKED:
        return _close(case, policy, at, exempt_by)
    if case.outcome in (Outcome.NEVER, Outcome.NOT_YET):
        return _reject(case, policy, at)
    if case.outcome == Outcome.VIA_PARTNER and _is_asked_by_customer(case):
        return _route_to_partner(case, policy, at)
    return _start_review(case, policy, at)


def start_review_clock(case: Case, policy: Policy, at: datetime) -> None:
    """The time that the policy promises for a decision."""
    case.due_at = after_working_days(at, policy.service.decision_within_working_days)


def _is_asked_by_customer(case: Case) -> bool:
    """A partner that asks has no need to be asked; where no partner is known, a person decides."""
    return case.submitted_side == Side.CUSTOMER and case.partner_id is not None


def _close(case: Case, policy: Policy, at: datetime, exempt_by: str | None) -> Step:
    move(case, "close_as_not_needed", by=SYSTEM)
    return _decided(case, Verb.CLOSE, EventKind.NOT_NEEDED, policy, at, exempt_by=exempt_by)


def _reject(case: Case, policy: Policy, at: datetime) -> Step:
    move(case, "reject", by=SYSTEM)
    if case.data_claim:
        case.flag = Flag.DATA_DISPUTED
    return _decided(case, Verb.REJECT, EventKind.REJECTED, policy, at)


def _decided(
    case: Case, verb: Verb, kind: EventKind, policy: Policy, at: datetime, exempt_by: str | None = None
) -> Step:
    end_clock(case)
    decision = draft(case, verb, by=SYSTEM, policy=policy, at=at, exempt_by=exempt_by)
    return Step(kind, digests.of_decision(decision), decision)


def _route_to_partner(case: Case, policy: Policy, at: datetime) -> Step:
    move(case, "route_to_partner", by=SYSTEM)
    case.due_at = after_working_days(at, policy.service.partner_within_working_days)
    return Step(EventKind.ROUTED)


def _start_review(case: Case, policy: Policy, at: datetime) -> Step:
    move(case, "start_review", by=SYSTEM)
    start_review_clock(case, policy, at)
    return Step(EventKind.REVIEW_STARTED)
