"""What reviewers do: ask, decide, suspend, resume, revoke, reopen, clear a flag.

``seen`` is the version of the case that the reviewer looked at: where something has happened
since, the action refuses with ``Conflict``. ``None`` says that nobody looked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from cases import digests
from cases.actions.conversation import checked_text, optional_text, say
from cases.actions.routing import JUDGED, follow_route, judge_case
from cases.actors import SYSTEM, Actor
from cases.decisions import draft, reasons_of
from cases.due import end_clock, stop_clock
from cases.ledger import record
from cases.machine import locked, move, refuse_if_changed
from cases.models import APPROVABLE, Case, CaseEvent, Decision, EventKind, Exemption, Flag, MessageKind, Verb
from cases.permissions import may_decide
from cases.refusals import Conflict, NotPermitted
from cases.standing import lock_subscription, locked_exempt_by, policy_by_now, refuse_deleted
from cases.verdicts import refuse_untrue, refuse_without_why
from subscriptions.judging import judge
from subscriptions.policy.outcome import Outcome
from subscriptions.policy.versions import policy_version


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reviewer decides with: reason codes, words for the customer, a note for the desk."""

    reasons: Sequence[str]
    text: str = ""
    private_note: str = ""


def ask(reference: str, *, by: Actor, text: str, seen: int | None = None) -> Case:
    """Ask whoever submitted; the due time stands still until they answer."""
    with locked(reference, by=by) as case:
        move(case, "ask", by=by, seen=seen)
        now = timezone.now()
        message = say(case, MessageKind.QUESTION, by=by, text=text, at=now)
        stop_clock(case, now)
        told = {**digests.of_message(message), **digests.of_clock(case)}
        record(case, EventKind.ASKED, by=by, data=told)
    return case


def approve(reference: str, verdict: Verdict, *, by: Actor, seen: int | None = None) -> Case:
    """Approve: from now on the one subscription is exempt (notice: "VMs in that subscription only")."""
    with locked(reference, by=by) as case:
        move(case, "approve", by=by, seen=seen)
        grant(case, verdict, by=by)
    return case


def deny(reference: str, verdict: Verdict, *, by: Actor, seen: int | None = None) -> Case:
    """Deny: the block stays."""
    with locked(reference, by=by) as case:
        move(case, "deny", by=by, seen=seen)
        refuse(case, verdict, by=by)
    return case


def suspend(reference: str, verdict: Verdict, *, by: Actor, seen: int | None = None) -> Case:
    """End the exemption for now."""
    with locked(reference, by=by) as case:
        move(case, "suspend", by=by, seen=seen)
        suspended = _decide(case, Verb.SUSPEND, EventKind.SUSPENDED, verdict, by=by)
        _end_exemption(case, suspended.at)
    return case


def resume(reference: str, verdict: Verdict, *, by: Actor, seen: int | None = None) -> Case:
    """Let a suspended exemption count again."""
    with locked(reference, by=by) as case:
        move(case, "resume", by=by, seen=seen)
        _refuse_if_facts_forbid(case)
        resumed = _decide(case, Verb.RESUME, EventKind.RESUMED, verdict, by=by)
        _start_exemption(case, resumed.at)
    return case


def revoke(reference: str, verdict: Verdict, *, by: Actor, seen: int | None = None) -> Case:
    """End the exemption for good (notice: "reserves the right to revoke this exemption")."""
    with locked(reference, by=by) as case:
        move(case, "revoke", by=by, seen=seen)
        case.flag = ""
        revoked = _decide(case, Verb.REVOKE, EventKind.REVOKED, verdict, by=by)
        _end_exemption(case, revoked.at)
    return case


def reopen(reference: str, *, by: Actor, text: str, seen: int | None = None) -> Case:
    """Judge a rejected case again, by the data as it is now and the policy in force."""
    with locked(reference, by=by) as case:
        move(case, "reopen", by=by, seen=seen)
        exempt_by = locked_exempt_by(case)
        record(case, EventKind.REOPENED, by=by, data={"why": checked_text(text)})
        now = timezone.now()
        policy = policy_by_now(case.subscription)
        judge_case(case, policy, now)
        step = follow_route(case, policy, now, exempt_by=exempt_by)
        case.flag = ""  # somebody has looked, even where the policy rejects it again
        if step.decision is not None:
            step.decision.save(force_insert=True)
        record(case, step.kind, by=SYSTEM, data=step.data, also_changed=JUDGED)
    return case


def clear_flag(reference: str, *, by: Actor, text: str, seen: int | None = None) -> Case:
    """Say that a flagged case may stay as it is, and why."""
    with locked(reference, by=by) as case:
        if not may_decide(case, by):
            raise NotPermitted("You may not do this to this case.")
        refuse_if_changed(case, seen)
        if not case.flag:
            raise Conflict("This case is not flagged any more.", case.reference)
        flag, case.flag = Flag(case.flag), ""
        record(case, EventKind.FLAG_CLEARED, by=by, data={"flag": flag, "why": checked_text(text)})
    return case


def draft_verdict(case: Case, verb: Verb, verdict: Verdict, *, by: Actor, at: datetime) -> Decision:
    """The decision that is saved, with the notice as the customer gets it. Raises ``Invalid``."""
    reasons = reasons_of(verdict.reasons, verb)
    refuse_untrue(case, verdict.reasons)
    refuse_without_why(case, verb, verdict.private_note)
    return draft(
        case,
        verb,
        by=by,
        policy=policy_version(case.policy_id),
        at=at,
        reasons=reasons,
        text=optional_text("text", verdict.text),
        private_note=optional_text("private_note", verdict.private_note),
    )


def grant(case: Case, verdict: Verdict, *, by: Actor, rule: str = "") -> None:
    """What approving means for a case that was moved; ``rule`` is the id of the rule that did it."""
    _refuse_if_facts_forbid(case)
    approved = _decide(case, Verb.APPROVE, EventKind.APPROVED, verdict, by=by, rule=rule)
    _start_exemption(case, approved.at)


def refuse(case: Case, verdict: Verdict, *, by: Actor, rule: str = "") -> None:
    """What denying means for a case that was moved; ``rule`` as above."""
    _refuse_if_not_blocked(case)
    _decide(case, Verb.DENY, EventKind.DENIED, verdict, by=by, rule=rule)


def _decide(
    case: Case, verb: Verb, kind: EventKind, verdict: Verdict, *, by: Actor, rule: str = ""
) -> CaseEvent:
    end_clock(case)
    decision = draft_verdict(case, verb, verdict, by=by, at=timezone.now())
    decision.save(force_insert=True)
    by_rule = {"rule": rule} if rule else {}
    return record(case, kind, by=by, data={**digests.of_decision(decision), **by_rule})


def _refuse_if_not_blocked(case: Case) -> None:
    """The subscription may have changed since it was judged: nobody is denied what they have."""
    if _outcome_today(case) == Outcome.NOT_BLOCKED:
        message = "The subscription's facts have changed: port 25 is not blocked for it, so this cannot be denied. Approve it to close it."
        raise Conflict(message, case.reference)


def _refuse_if_facts_forbid(case: Case) -> None:
    """The subscription may have changed since it was judged: look again before it counts."""
    outcome = _outcome_today(case)
    refuse_deleted(case.subscription)
    if case.subscription.customer_id != case.customer_id:
        message = "This subscription belongs to another customer now, who did not ask for this."
        raise Conflict(message, case.reference)
    if outcome not in APPROVABLE:
        message = f"The subscription's facts have changed: the policy now says {outcome.label.lower()}."
        raise Conflict(message, case.reference)


def _outcome_today(case: Case) -> Outcome:
    """By the subscription as it is now, locked, and the policy of the case."""
    case.subscription = lock_subscription(case.subscription_id, by=SYSTEM)
    return judge(case.subscription, policy_version(case.policy_id), timezone.now()).outcome


def _start_exemption(case: Case, at: datetime) -> None:
    """From the time of the event that decided it on; the database lets no other one in."""
    Exemption.objects.create(subscription_id=case.subscription_id, case=case, starts_at=at)


def _end_exemption(case: Case, at: datetime) -> None:
    Exemption.objects.filter(case=case, ends_at=None).update(ends_at=at)
