"""The sentences of an answer: how the facts were read, what is open, and what became of each rule."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime

from subscriptions.policy.allowed import Allowed, stated_families
from subscriptions.policy.conditions import WORDS, Amount
from subscriptions.policy.document import UNNAMED, Policy, Rule, Side
from subscriptions.policy.eligibility import Eligibility, TraceStep
from subscriptions.policy.facts import Facts
from subscriptions.policy.outcome import Outcome

FACT_WORDS = {"offer_id": "offer ID", "quota_id": "quotaId", "family": "family"}


def reading_of(allowed: Allowed, facts: Facts, policy: Policy) -> Iterator[str]:
    """How the facts were understood, a sentence for each."""
    stated = dict(stated_families(facts, policy))
    for fact, families in stated.items():
        value = _value(fact, facts)
        if families == {UNNAMED}:
            yield f"The policy names no family for the {value}."
        else:
            yield f"The {value} stands for {_names(families, policy)}."
    if not stated:
        yield "Neither the offer nor the quotaId is known: every family is possible."
    if allowed.at_odds:
        yield "These contradict each other: every family that one of them allows is possible."
    if policy.cut_off is not None:
        yield _creation(facts.created, allowed, in_words(policy.cut_off))


def question(answer: Eligibility, allowed: Allowed, facts: Facts) -> str:
    """What is open, for whoever decides and for the customer; empty where nothing is."""
    if answer.outcome != Outcome.CANNOT_TELL:
        return ""
    if not answer.missing:
        return "The policy does not name this kind of subscription."
    return " ".join(dict.fromkeys(_open_point(fact, allowed, facts) for fact in answer.missing))


def trace(answer: Eligibility, allowed: Allowed, facts: Facts, policy: Policy) -> Iterator[TraceStep]:
    """Each rule in the policy's order, and why it did or did not apply."""
    is_told = answer.outcome != Outcome.CANNOT_TELL
    for rule in policy.rules:
        if why_not := _why_not(rule, allowed, policy):
            yield TraceStep(rule.id, rule.clause, False, why_not)
        else:
            why = f"{_match(rule, allowed, policy)}.{_conditions(rule, facts)}"
            so = f" So the outcome is: {answer.outcome.label.lower()}." if is_told else ""
            yield TraceStep(rule.id, rule.clause, is_told, why + so)


def in_words(moment: date) -> str:
    """``20 Nov 2017, 14:30 UTC``; of a day, ``20 Nov 2017 (UTC)``; seconds only where there are any."""
    if not isinstance(moment, datetime):
        return f"{moment:%-d %b %Y} (UTC)"
    moment = moment.astimezone(UTC)
    clock = moment.time().isoformat("auto" if moment.second or moment.microsecond else "minutes")
    return f"{moment:%-d %b %Y}, {clock} UTC"


def _value(fact: str, facts: Facts) -> str:
    return f"{FACT_WORDS[fact]} {getattr(facts, fact)}"


def _names(families: Collection[str | None], policy: Policy) -> str:
    names = [policy.families[family] for family in policy.families if family in families]
    return _either([*names, "one that the policy does not name"] if UNNAMED in families else names)


def _either(words: Sequence[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _creation(created: date | None, allowed: Allowed, cut_off: str) -> str:
    if created is None:
        return f"It is not known when it was created: before {cut_off} or later."
    if len(allowed.sides) > 1:
        return f"It was created on {in_words(created)}: before {cut_off} or later that day."
    side = "before" if allowed.sides == (Side.BEFORE,) else "not before"
    return f"It was created on {in_words(created)}: {side} {cut_off}."


def _open_point(fact: str, allowed: Allowed, facts: Facts) -> str:
    if fact in allowed.at_odds:
        said = " and the ".join(_value(stated, facts) for stated in allowed.at_odds)
        return f"The {said} contradict each other."
    if fact == "offer_id":
        also = f", and the {_value('quota_id', facts)} stands for several" if facts.quota_id else ""
        return f"The offer ID is not known{also}."
    if fact == "created":
        when = "at what time of that day" if facts.created else "when"
        return f"It is not known {when} the subscription was created."
    return WORDS[fact].not_known


def _why_not(rule: Rule, allowed: Allowed, policy: Policy) -> str:
    if not set(rule.families) & set(allowed.families):
        return f"It is for {_names(rule.families, policy)}; {_found(allowed, policy)}."
    if not set(rule.sides) & set(allowed.sides):
        return f"It is for subscriptions created {_side(rule, policy)}; this one was not."
    return ""


def _found(allowed: Allowed, policy: Policy) -> str:
    if allowed.families == (UNNAMED,):
        return "this subscription is of a kind that the policy does not name"
    return f"this subscription {_is(allowed)} {_names(allowed.families, policy)}"


def _is(allowed: Allowed) -> str:
    return "is" if len(allowed.families) == 1 else "may be"


def _match(rule: Rule, allowed: Allowed, policy: Policy) -> str:
    common = [family for family in rule.families if family in allowed.families]
    kind = f"This subscription {_is(allowed)} {_names(common, policy)}"
    if rule.created == "any":
        return kind
    was = "was" if len(allowed.sides) == 1 else "may have been"
    return f"{kind} and {was} created {_side(rule, policy)}"


def _side(rule: Rule, policy: Policy) -> str:
    cut_off = in_words(policy.cut_off) if policy.cut_off else ""
    return f"before {cut_off}" if rule.created == "before" else f"at or after {cut_off}"


def _conditions(rule: Rule, facts: Facts) -> str:
    told = [
        f"{WORDS[condition].asked(needed)} ({_is_met(needed, getattr(facts, condition))})"
        for condition, needed in rule.conditions
    ]
    return f" It asks for {' and '.join(told)}." if told else ""


def _is_met(needed: Amount, actual: Amount | None) -> str:
    if actual is None:
        return "not known"
    return "met" if actual >= needed else "not met"
