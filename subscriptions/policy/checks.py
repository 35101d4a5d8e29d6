"""What must hold across the parts of a policy, beyond the form of each."""

from collections.abc import Iterable, Iterator, Sequence

from subscriptions.policy.document import Policy, Rule, Side
from subscriptions.policy.outcome import Outcome
from subscriptions.policy.source import Fault

SIDE_WORDS = {Side.BEFORE: "created before the cut-off", Side.FROM: "created from the cut-off on"}


def faults_across(policy: Policy) -> Iterator[Fault]:
    """Everything that does not fit together; nothing where the policy can be used."""
    yield from _repeated("clauses", "number", [clause.number for clause in policy.clauses])
    yield from _repeated("offers", "id", [offer.id.casefold() for offer in policy.offers])
    yield from _repeated("rules", "id", [rule.id for rule in policy.rules])
    yield from _offers_without_family(policy)
    yield from _clauses_not_there(policy)
    for number, rule in enumerate(policy.rules):
        for key, reason in _faults_of_rule(rule, policy):
            yield ("rules", number, *key), reason
    yield from _gaps_and_overlaps(policy)


def _repeated(part: str, key: str, values: Sequence[str]) -> Iterator[Fault]:
    for number, value in enumerate(values):
        if value in values[:number]:
            yield (part, number, key), f"{value} is there twice; it has to be unique"


def _offers_without_family(policy: Policy) -> Iterator[Fault]:
    for number, offer in enumerate(policy.offers):
        if offer.family is not None and offer.family not in policy.families:
            yield ("offers", number, "family"), _not_one_of(offer.family, policy.families)


def _clauses_not_there(policy: Policy) -> Iterator[Fault]:
    numbers = [clause.number for clause in policy.clauses]
    cited = [(("rules", number, "clause"), rule.clause) for number, rule in enumerate(policy.rules)]
    for path, clause in [*cited, *((("key_clauses", key), value) for key, value in policy.key_clauses)]:
        if clause not in numbers:
            yield path, _not_one_of(clause, numbers)


def _faults_of_rule(rule: Rule, policy: Policy) -> Iterator[Fault]:
    for number, family in enumerate(rule.families):
        if family not in policy.families:
            yield ("families", number), _not_one_of(family, policy.families)
    if policy.cut_off is None and rule.created != "any":
        yield ("created",), "the policy has no cut_off; add one, or make this any"
    if rule.requires is None and "otherwise" in rule.model_fields_set:
        yield ("otherwise",), "makes sense only with requires; remove it, or add conditions"
    if rule.requires is not None and not rule.conditions:
        yield ("requires",), "asks for nothing; remove it, or add conditions"
    if rule.requires is not None and rule.outcome == Outcome.NEVER:
        yield ("outcome",), "cannot be never with requires: meeting conditions would lead nowhere"


def _gaps_and_overlaps(policy: Policy) -> Iterator[Fault]:
    """Each family has exactly one rule on each side of the cut-off."""
    for family in policy.families:
        for side in Side:
            ruling = [rule.id for rule in policy.rules if family in rule.families and side in rule.sides]
            if not ruling:
                yield ("families", family), f"no rule is for it when {SIDE_WORDS[side]}; it needs exactly one"
            if len(ruling) > 1:
                both = " and ".join(ruling)
                yield ("families", family), f"more than one rule is for it when {SIDE_WORDS[side]}: {both}"


def _not_one_of(value: str, allowed: Iterable[str]) -> str:
    return f"{value} is not there; allowed are: {', '.join(allowed)}"
