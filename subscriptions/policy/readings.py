"""The ways to complete what is known, and which missing facts make a difference."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from subscriptions.policy.allowed import Allowed
from subscriptions.policy.conditions import Amount
from subscriptions.policy.document import CONDITIONS, UNNAMED, Policy, Rule, Side
from subscriptions.policy.facts import Facts
from subscriptions.policy.outcome import Outcome

DATA = ("family", "created", *CONDITIONS)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to complete the facts; ``amounts`` are those of ``CONDITIONS``, in their order."""

    family: str | None
    side: Side
    amounts: tuple[Amount, ...]

    @property
    def values(self) -> tuple[object, ...]:
        """One for each of ``DATA``."""
        return (self.family, self.side, *self.amounts)


def readings(allowed: Allowed, facts: Facts, rules: Sequence[Rule]) -> Iterator[Reading]:
    """Every reading of the facts that could make a difference to ``rules``."""
    amounts = product(*(_amounts(condition, facts, rules) for condition in CONDITIONS))
    for family, side, found in product(allowed.families, allowed.sides, list(amounts)):
        yield Reading(family, side, found)


def outcome_of(reading: Reading, policy: Policy) -> Outcome:
    """What the policy says where everything is known."""
    if reading.family is UNNAMED:
        return Outcome.CANNOT_TELL
    rule = policy.rule_for(reading.family, reading.side)
    found = dict(zip(CONDITIONS, reading.amounts, strict=True))
    is_met = all(found[condition] >= needed for condition, needed in rule.conditions)
    return rule.outcome if is_met else rule.otherwise


def deciding(answers: Mapping[Reading, Outcome]) -> Iterator[str]:
    """Those of ``DATA`` that alone can change an answer."""
    known = [(reading.values, outcome) for reading, outcome in answers.items()]
    for place, name in enumerate(DATA):
        outcomes: dict[object, set[Outcome]] = defaultdict(set)
        for values, outcome in known:
            outcomes[values[:place] + values[place + 1 :]].add(outcome)
        if any(len(found) > 1 for found in outcomes.values()):
            yield name


def _amounts(condition: str, facts: Facts, rules: Sequence[Rule]) -> list[Amount]:
    """What is known; else an amount below all that rules ask for, and each that one asks for."""
    if (known := getattr(facts, condition)) is not None:
        return [known]
    asked = {needed for rule in rules for asked_for, needed in rule.conditions if asked_for == condition}
    # False, where yes is asked for: an amount of nothing in the condition's own type.
    return [type(next(iter(asked)))(0), *sorted(asked)] if asked else [0]
