"""What holds of every answer, whatever the facts."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from subscriptions.policy.document import CONDITIONS, Policy
from subscriptions.policy.eligibility import Eligibility
from subscriptions.policy.evaluate import evaluate
from subscriptions.policy.facts import Facts
from subscriptions.policy.outcome import Outcome
from tests.subscriptions.policy.documents import AZURE, SHIPPED_IDS, corners, shipped

POLICIES = [*map(shipped, SHIPPED_IDS), corners()]
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
NEAR = st.sampled_from([timedelta(0), timedelta(microseconds=1), timedelta(days=1)])
AMOUNTS: dict[str, st.SearchStrategy[Any]] = {
    "account_age_days": st.integers(0, 120),
    "paid_invoices": st.integers(0, 5),
    "paid_total_usd": st.decimals(0, 2000, places=2),
    "identity_verified": st.booleans(),
}


def moments(policy: Policy) -> st.SearchStrategy[datetime]:
    """Instants, many at the cut-off or just beside it, in every time zone."""
    cut_off = policy.cut_off or datetime(2020, 1, 1, tzinfo=UTC)
    beside = st.tuples(NEAR, st.sampled_from([-1, 1])).map(lambda pair: cut_off + pair[0] * pair[1])
    anywhere = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
    return st.tuples(beside | anywhere, OFFSETS).map(lambda pair: pair[0].astimezone(pair[1]))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Policy, Facts, datetime]:
    """A policy, facts of which any may be missing, strange or at odds, and a moment to judge at."""
    policy = draw(st.sampled_from(POLICIES))
    strange = st.text(st.characters(categories=["L", "N"]), max_size=8)
    facts = Facts(
        offer_id=draw(st.none() | st.sampled_from([offer.id for offer in policy.offers]) | strange),
        quota_id=draw(st.none() | st.sampled_from([offer.quota_id for offer in policy.offers]) | strange),
        family=draw(st.none() | st.sampled_from(list(policy.families)) | strange),
        created=draw(st.none() | moments(policy) | moments(policy).map(lambda at: at.date())),
        **{name: draw(st.none() | amounts) for name, amounts in AMOUNTS.items()},
    )
    return policy, facts, draw(moments(policy))


@given(cases())
def test_there_is_exactly_one_answer_and_it_is_whole(case: tuple[Policy, Facts, datetime]) -> None:
    policy, facts, at = case
    answer = evaluate(facts, policy, at)
    is_open = answer.outcome == Outcome.CANNOT_TELL
    assert answer.clause is not None
    assert policy.clause(answer.clause).text
    assert (answer.rule is None) == is_open == bool(answer.question)
    assert not answer.missing or is_open
    assert [step.rule for step in answer.trace] == [rule.id for rule in policy.rules]
    assert any(step.applied for step in answer.trace) == (not is_open)
    assert bool(answer.unmet) or answer.outcome != Outcome.NOT_YET
    if answer.ask_again_from:
        assert answer.outcome == Outcome.NOT_YET
        assert answer.ask_again_from > at.astimezone(UTC).date()
    assert Eligibility.from_json(json.loads(json.dumps(answer.as_json()))) == answer


@given(cases(), OFFSETS)
def test_the_time_zone_it_is_written_in_changes_nothing(
    case: tuple[Policy, Facts, datetime], zone: timezone
) -> None:
    policy, facts, at = case
    if not isinstance(facts.created, datetime):
        return
    moved = replace(facts, created=facts.created.astimezone(zone))
    assert evaluate(moved, policy, at.astimezone(zone)) == evaluate(facts, policy, at)


@given(data=st.data())
def test_an_unrelated_fact_changes_nothing(data: st.DataObject) -> None:
    """None that only the rules of other families ask for, nor the creation where they turn on none."""
    policy, facts, at = data.draw(cases())
    answer = evaluate(facts, policy, at)
    rules = [rule for rule in policy.rules if answer.family in (None, *rule.families)]
    asked = {condition for rule in rules for condition, _ in rule.conditions}
    other: dict[str, Any] = {
        name: data.draw(st.none() | AMOUNTS[name]) for name in CONDITIONS if name not in asked
    }
    if all(rule.created == "any" for rule in rules):
        other["created"] = data.draw(st.none() | moments(policy))
    told = evaluate(replace(facts, **other), policy, at)
    assert replace(told, reading=(), trace=()) == replace(answer, reading=(), trace=())


@given(data=st.data())
def test_the_moment_of_judgement_changes_nothing_but_the_day_to_ask_again(data: st.DataObject) -> None:
    policy, facts, at = data.draw(cases())
    other = evaluate(facts, policy, data.draw(moments(policy)))
    assert replace(other, ask_again_from=None) == replace(evaluate(facts, policy, at), ask_again_from=None)


@given(data=st.data())
def test_what_was_told_stays_when_more_is_known(data: st.DataObject) -> None:
    """A fact that was not known, and was not named as missing, cannot change the outcome."""
    policy, facts, at = data.draw(cases())
    answer = evaluate(facts, policy, at)
    fillers: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
        "created": lambda: moments(policy),
        **{name: lambda name=name: AMOUNTS[name] for name in CONDITIONS},  # type: ignore[misc]  # bound early
    }
    unknown = [name for name in fillers if getattr(facts, name) is None and name not in answer.missing]
    filled = replace(facts, **{name: data.draw(fillers[name]()) for name in unknown})
    assert evaluate(filled, policy, at).outcome == answer.outcome


@given(data=st.data())
def test_what_is_missing_makes_the_difference(data: st.DataObject) -> None:
    """Once all that was named is known, and nothing is at odds, there is an answer."""
    policy, facts, at = data.draw(cases())
    answer = evaluate(facts, policy, at)
    assume(answer.missing)
    offers = [offer for offer in policy.offers if offer.family]
    known: dict[str, Any] = {name: data.draw(AMOUNTS[name]) for name in CONDITIONS if name in answer.missing}
    if {"offer_id", "quota_id", "family"} & set(answer.missing):
        offer = data.draw(st.sampled_from(offers))
        known |= {"offer_id": offer.id, "quota_id": offer.quota_id, "family": offer.family}
        known |= {name: data.draw(AMOUNTS[name]) for name in CONDITIONS if getattr(facts, name) is None}
    if "created" in answer.missing or "offer_id" in known:
        known["created"] = data.draw(moments(policy))
    told = evaluate(replace(facts, **known), policy, at)
    assert told.outcome != Outcome.CANNOT_TELL


@given(data=st.data())
def test_letters_case_and_blanks_change_nothing(data: st.DataObject) -> None:
    policy = shipped(AZURE)
    offer = data.draw(st.sampled_from(policy.offers))
    facts = Facts(offer_id=offer.id, quota_id=offer.quota_id, family=offer.family)
    loud = Facts(
        offer_id=f" {offer.id.lower()} ",
        quota_id=f"{offer.quota_id.upper()}\t" if offer.quota_id else None,
        family=f" {offer.family.title()}" if offer.family else None,
    )
    at = datetime(2026, 11, 24, tzinfo=UTC)
    told, told_loud = evaluate(facts, policy, at), evaluate(loud, policy, at)
    assert replace(told_loud, reading=(), question="") == replace(told, reading=(), question="")


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.sampled_from(POLICIES))
def test_a_day_is_every_moment_of_it(day: date, policy: Policy) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    last = start + timedelta(days=1) - timedelta(microseconds=1)
    for family in policy.families:
        known = {"paid_invoices": 9, "account_age_days": 999, "paid_total_usd": Decimal(9999)}
        facts = Facts(family=family, identity_verified=True, **known)  # type: ignore[arg-type]  # by name
        ends = {evaluate(replace(facts, created=end), policy, start).outcome for end in (start, last)}
        told = evaluate(replace(facts, created=day), policy, start).outcome
        assert told == (ends.pop() if len(ends) == 1 else Outcome.CANNOT_TELL)
