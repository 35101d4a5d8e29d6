"""What the facts allow: the families a subscription may be in, and the sides of the cut-off."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from subscriptions.policy.document import UNNAMED, Policy, Rule, Side
from subscriptions.policy.facts import Facts

Families = frozenset[str | None]


@dataclass(frozen=True, slots=True)
class Allowed:
    """``families`` are in the policy's order, ``UNNAMED`` last; ``at_odds`` names what contradicts."""

    families: tuple[str | None, ...]
    sides: tuple[Side, ...]
    at_odds: tuple[str, ...] = ()

    @property
    def family(self) -> str | None:
        """The family, where the facts leave one."""
        return self.families[0] if len(self.families) == 1 else None


def allowed_by(facts: Facts, policy: Policy) -> Allowed:
    """Everything that ``facts`` leave possible.

    What is stated is taken together. Where no family fits all of it, each statement may be the
    right one; where nothing is stated, each family may be, and one that the policy does not name.
    """
    stated = dict(stated_families(facts, policy))
    every: Families = frozenset({*policy.families, UNNAMED})
    common = every.intersection(*stated.values())
    possible = common or frozenset().union(*stated.values())
    families = tuple(family for family in (*policy.families, UNNAMED) if family in possible)
    return Allowed(families, allowed_sides(facts.created, policy), () if common else tuple(stated))


def stated_families(facts: Facts, policy: Policy) -> Iterator[tuple[str, Families]]:
    """Each fact that tells of the family, with the families that it allows."""
    if facts.offer_id is not None:
        yield "offer_id", frozenset({policy.family_of_offer(facts.offer_id)})
    if facts.quota_id is not None:
        yield "quota_id", policy.families_of_quota(facts.quota_id)
    if facts.family is not None:
        yield "family", frozenset({policy.family_named(facts.family)})


def allowed_sides(created: datetime | date | None, policy: Policy) -> tuple[Side, ...]:
    """The sides of the cut-off; both where the time is not known, or a day holds the cut-off.

    "Before" is strictly before (clause 1.2 of the shipped policy). Without a cut-off every time
    is after it.
    """
    if policy.cut_off is None:
        return (Side.FROM,)
    if created is None:
        return tuple(Side)
    if isinstance(created, datetime):
        return (Side.BEFORE,) if created < policy.cut_off else (Side.FROM,)
    return _sides_of_day(created, policy.cut_off.astimezone(UTC))


def _sides_of_day(day: date, cut_off: datetime) -> tuple[Side, ...]:
    if day != cut_off.date():
        return (Side.BEFORE,) if day < cut_off.date() else (Side.FROM,)
    midnight = datetime.combine(day, datetime.min.time(), UTC)
    return (Side.FROM,) if cut_off == midnight else tuple(Side)


def rules_in_play(allowed: Allowed, policy: Policy) -> tuple[Rule, ...]:
    """The rules for the families and sides that are possible, in the policy's order."""
    named = [family for family in allowed.families if family is not UNNAMED]
    found = {policy.rule_for(family, side).id for family in named for side in allowed.sides}
    return tuple(rule for rule in policy.rules if rule.id in found)
