"""Rules at the end of a round: each is tried, and one that is on and fits decides.

Whatever goes wrong with a rule, nothing is decided: the case stays with people, and the trial
says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.utils import timezone

from cases.actions.reviewer import Verdict, grant, refuse
from cases.actions.rules import VERBS
from cases.actors import SYSTEM
from cases.antifraud.rules.document import Rule, misfits
from cases.antifraud.rules.looked import findings_of, look_at
from cases.antifraud.rules.stored import rule_of
from cases.machine import locked, move
from cases.models import DECIDABLE_BY_RULE, AutoRule, Case, CheckRound, RuleMode, RuleTrial, Verb
from cases.refusals import Conflict, Refusal
from cases.standing import lock_subscription, policy_by_now
from subscriptions.judging import judge
from subscriptions.policy.versions import policy_version

log = structlog.get_logger(__name__)

# Shared, so that rounds do not wait for each other; who switches a rule waits for all of them.
NOT_OFF = "SELECT * FROM cases_autorule WHERE mode <> 'off' ORDER BY id FOR SHARE"


@dataclass(slots=True)
class Tried:
    """A rule held against a case; ``then`` is what it would do, empty where it cannot be read."""

    row: AutoRule
    then: str
    why_not: str
    fits: bool
    acted: bool = False


def try_rules(case: Case, check_round: CheckRound) -> None:
    """Try every rule that is not off at the end of the locked case's round, in its transaction."""
    check_round.case = case
    tried = [_try(row, check_round) for row in AutoRule.objects.raw(NOT_OFF)]
    _let_decide([each for each in tried if each.fits and each.row.mode == RuleMode.ON], case.reference)
    RuleTrial.objects.bulk_create(
        RuleTrial(
            rule=each.row,
            round=check_round,
            mode=each.row.mode,
            fits=each.fits,
            why_not=each.why_not,
            acted=each.acted,
            at=timezone.now(),
        )
        for each in tried
    )


def _try(row: AutoRule, check_round: CheckRound) -> Tried:
    try:
        rule = rule_of(row)
        findings = findings_of([check_round], rule.when.clear)[check_round.pk]
        reasons = misfits(rule, look_at(check_round, check_round.case.state, findings))
    except Exception as error:  # noqa: BLE001  # whatever a rule meets, the round ends
        log.warning("rule.failed", rule=row.pk, round=check_round.pk, error=repr(error))
        return Tried(row, "", f"the rule failed: {error}", fits=False)
    return Tried(row, rule.then, "; ".join(reasons), fits=not reasons)


def _let_decide(ready: Sequence[Tried], reference: str) -> None:
    """One decides for all that agree; where they do not, nobody does."""
    if len({each.then for each in ready}) > 1:
        for each in ready:
            others = ", ".join(other.row.pk for other in ready if other is not each)
            each.why_not = f"the rules that fit do not agree: {others}"
        return
    for first in ready[:1]:
        first.why_not = _decide(first, reference)
        first.acted = not first.why_not
        for each in ready[1:]:
            each.why_not = f"{first.row.pk} came first"


def _decide(tried: Tried, reference: str) -> str:
    """Why the rule did not decide; nothing where it did. What failed leaves no row."""
    try:
        _decide_by(rule_of(tried.row), reference)
    except Refusal as refusal:
        return refusal.message
    except Exception as error:  # noqa: BLE001  # whatever a rule meets, the case stays with people
        log.warning("rule.failed", rule=tried.row.pk, case=reference, error=repr(error))
        return f"the rule failed: {error}"
    return ""


def _decide_by(rule: Rule, reference: str) -> None:
    """Approve or deny as reviewers do, in a savepoint of the round's transaction."""
    verdict = Verdict(rule.reasons, private_note=f"Decided by the rule {rule.id}: {rule.title}.")
    with locked(reference, by=SYSTEM) as case:
        move(case, f"{rule.then}_by_rule", by=SYSTEM)
        _refuse_unless_plain_today(case)
        settle = grant if VERBS[rule.then] == Verb.APPROVE else refuse
        settle(case, verdict, by=SYSTEM, rule=rule.id)


def _refuse_unless_plain_today(case: Case) -> None:
    """By the facts as they are now, both the case's own policy and the one in force have to let it."""
    now = timezone.now()
    subscription = lock_subscription(case.subscription_id, by=SYSTEM)
    for policy in (policy_version(case.policy_id), policy_by_now(subscription)):
        outcome = judge(subscription, policy, now).outcome
        if outcome not in DECIDABLE_BY_RULE:
            message = f"By today's facts {policy.id} says {outcome.label.lower()}, which no rule decides."
            raise Conflict(message, case.reference)
