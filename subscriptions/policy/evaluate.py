"""``evaluate(facts, policy, at)``: what applies to a subscription, by which rule, and why.

Pure. Facts may be incomplete or at odds: then every reading of them is judged. Where all come to
one outcome, that is the outcome; where they differ, it cannot be told (docs/policy.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from subscriptions.policy.allowed import Allowed, allowed_by, rules_in_play
from subscriptions.policy.conditions import Unmet, unmet
from subscriptions.policy.document import Policy, Rule
from subscriptions.policy.eligibility import Eligibility
from subscriptions.policy.explain import question, reading_of, trace
from subscriptions.policy.facts import Facts
from subscriptions.policy.outcome import Outcome
from subscriptions.policy.readings import Reading, deciding, outcome_of, readings


def evaluate(facts: Facts, policy: Policy, at: datetime) -> Eligibility:
    """What ``policy`` says of ``facts`` at the instant ``at``; raises ``ValueError`` for a naive one."""
    allowed = allowed_by(facts, policy)
    answer = judge(allowed, facts, policy, at)
    return replace(
        answer,
        question=question(answer, allowed, facts),
        reading=tuple(reading_of(allowed, facts, policy)),
        trace=tuple(trace(answer, allowed, facts, policy)),
    )


def judge(allowed: Allowed, facts: Facts, policy: Policy, at: datetime) -> Eligibility:
    """The answer without its explanation; of ``facts`` it looks at the conditions alone."""
    if at.utcoffset() is None:
        raise ValueError(f"at: {at.isoformat()} has no offset from UTC")
    rules = rules_in_play(allowed, policy)
    answers = {reading: outcome_of(reading, policy) for reading in readings(allowed, facts, rules)}
    outcomes = set(answers.values())
    if outcomes != {Outcome.CANNOT_TELL} and len(outcomes) == 1:
        return _told(outcomes.pop(), rules, allowed, facts, policy.id, at)
    return Eligibility(
        outcome=Outcome.CANNOT_TELL,
        policy=policy.id,
        family=allowed.family,
        clause=policy.key_clauses.undecided,
        missing=tuple(_missing(answers, allowed)),
    )


def _told(
    outcome: Outcome, rules: Sequence[Rule], allowed: Allowed, facts: Facts, policy_id: str, at: datetime
) -> Eligibility:
    conditions = _unmet(rules, facts)
    return Eligibility(
        outcome=outcome,
        policy=policy_id,
        family=allowed.family,
        rule=rules[0].id,
        clause=rules[0].clause,
        unmet=conditions,
        ask_again_from=_ask_again_from(conditions, at) if outcome == Outcome.NOT_YET else None,
    )


def _unmet(rules: Sequence[Rule], facts: Facts) -> tuple[Unmet, ...]:
    """What is known not to be met; nothing where one of the rules does not turn on conditions."""
    found = [list(_unmet_of(rule, facts)) for rule in rules]
    return tuple(dict.fromkeys(unmet for each in found for unmet in each)) if all(found) else ()


def _unmet_of(rule: Rule, facts: Facts) -> Iterator[Unmet]:
    for condition, needed in rule.conditions:
        actual = getattr(facts, condition)
        if actual is not None and actual < needed:
            yield unmet(condition, needed, actual)


def _ask_again_from(conditions: Sequence[Unmet], at: datetime) -> date | None:
    """Known where only days have to pass; whoever waits for an invoice too cannot know."""
    if any(unmet.condition != "account_age_days" for unmet in conditions):
        return None
    days = max(int(unmet.needed) - int(unmet.actual) for unmet in conditions)
    return at.astimezone(UTC).date() + timedelta(days=days)


def _missing(answers: Mapping[Reading, Outcome], allowed: Allowed) -> Iterator[str]:
    for name in deciding(answers):
        if name == "family":
            yield from allowed.at_odds or ("offer_id",)
        else:
            yield name
