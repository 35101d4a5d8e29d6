"""``evaluate`` beside a slow reference of its own making, on every combination and on random facts.

The reference reads the document with another loader, spells out every world that the facts
allow, and looks each up by walking the rules. It shares no code with what it is held against.
"""

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import yaml

from subscriptions.policy.document import Policy
from subscriptions.policy.eligibility import Eligibility
from subscriptions.policy.evaluate import evaluate
from subscriptions.policy.facts import Facts
from subscriptions.policy.versions import SHIPPED
from tests.subscriptions.policy.documents import AZURE, CORNERS, SHIPPED_IDS, corners, shipped

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
ANY_AGE, ANY_INVOICES, ANY_TOTAL = (0, 30, 90), (0, 1, 3), (0, 1000)
TURNING_POINT = datetime(2020, 1, 1, tzinfo=UTC)  # where a policy has no cut-off of its own
World = tuple[str, datetime, int, int, int | Decimal, bool]
Told = tuple[str, str | None, str | None]
"""Outcome, rule, family."""


class Reference:
    """The rules as the document has them, and nothing else."""

    def __init__(self, text: str) -> None:
        document = yaml.safe_load(text)
        self.families = [*document["families"], "unnamed"]
        self.offers = document["offers"]
        self.rules = document["rules"]
        self.cut_off: datetime = document.get("cut_off", TURNING_POINT).astimezone(UTC)

    def told(self, facts: Facts) -> Told:
        """One outcome where all worlds come to it, by the first of the rules that they meet."""
        met = [self._in_world(world) for world in self._worlds(facts)]
        families = self._families(facts)
        family = families[0] if len(families) == 1 and families != ["unnamed"] else None
        if len({outcome for outcome, _ in met}) > 1 or met[0][0] == "cannot_tell":
            return "cannot_tell", None, family
        return met[0][0], self.rules[min(place for _, place in met)]["id"], family

    def _worlds(self, facts: Facts) -> Iterator[World]:
        return itertools.product(
            self._families(facts),
            self._moments(facts.created),
            ANY_AGE if facts.account_age_days is None else [facts.account_age_days],
            ANY_INVOICES if facts.paid_invoices is None else [facts.paid_invoices],
            ANY_TOTAL if facts.paid_total_usd is None else [facts.paid_total_usd],
            (False, True) if facts.identity_verified is None else [facts.identity_verified],
        )

    def _families(self, facts: Facts) -> list[str]:
        stated = []
        if facts.offer_id:
            same = [offer for offer in self.offers if offer["id"].lower() == facts.offer_id.lower()]
            stated.append([offer.get("family") or "unnamed" for offer in same] or ["unnamed"])
        if facts.quota_id:
            same = [offer for offer in self.offers if offer["quota_id"].lower() == facts.quota_id.lower()]
            stated.append([offer.get("family") or "unnamed" for offer in same] or ["unnamed"])
        if facts.family:
            stated.append([facts.family.lower() if facts.family.lower() in self.families else "unnamed"])
        fitting = [family for family in self.families if all(family in names for names in stated)]
        return fitting or sorted({family for names in stated for family in names})

    def _moments(self, created: datetime | date | None) -> list[datetime]:
        if created is None:
            return [self.cut_off - timedelta(days=900), self.cut_off + timedelta(days=900)]
        if isinstance(created, datetime):
            return [created]
        return [datetime(created.year, created.month, created.day, hour, 59, tzinfo=UTC) for hour in (0, 23)]

    def _in_world(self, world: World) -> tuple[str, int]:
        family, created, age, invoices, total, verified = world
        side = "before" if created < self.cut_off else "from"
        for place, rule in enumerate(self.rules):
            if family in rule["families"] and rule.get("created", "any") in (side, "any"):
                asked = rule.get("requires", {})
                fails = (
                    age < asked.get("account_age_days", 0)
                    or invoices < asked.get("paid_invoices", 0)
                    or total < asked.get("paid_total_usd", 0)
                    or (asked.get("identity_verified", False) and not verified)
                )
                return str(rule.get("otherwise", "not_yet") if fails else rule["outcome"]), place
        return "cannot_tell", -1


def random_facts(dice: random.Random, reference: Reference) -> Facts:
    """Facts that are often missing, often at odds, and often just at the cut-off."""
    offers = [offer["id"] for offer in reference.offers]
    quotas = [offer["quota_id"] for offer in reference.offers]
    return Facts(
        offer_id=dice.choice([None, None, "MS-AZR-0000P", dice.choice(offers), dice.choice(offers).lower()]),
        quota_id=dice.choice(
            [None, None, "Other_2020-01-01", dice.choice(quotas), dice.choice(quotas).upper()]
        ),
        family=dice.choice([None, None, None, "mainframe", dice.choice(reference.families).title()]),
        created=random_creation(dice, reference.cut_off),
        account_age_days=dice.choice([None, 0, 29, 30, 89, 90, 400]),
        paid_invoices=dice.choice([None, 0, 1, 2, 3, 40]),
        paid_total_usd=dice.choice([None, Decimal(0), Decimal("999.99"), Decimal(1000), Decimal(5000)]),
        identity_verified=dice.choice([None, True, False]),
    )


def random_creation(dice: random.Random, cut_off: datetime) -> datetime | date | None:
    steps = [
        timedelta(0),
        timedelta(microseconds=1),
        timedelta(hours=13),
        timedelta(days=1),
        timedelta(days=700),
    ]
    zone = timezone(timedelta(minutes=dice.randrange(-14 * 60, 14 * 60)))
    moment = (cut_off + dice.choice([-1, 1]) * dice.choice(steps)).astimezone(zone)
    kinds: list[Any] = [None, moment, moment, moment.astimezone(UTC).date()]
    return dice.choice(kinds)  # type: ignore[no-any-return]  # one of the three


def read(name: str) -> tuple[Policy, Reference]:
    """The policy as we read it, and as the reference does."""
    if name == "corners":
        return corners(), Reference(CORNERS)
    return shipped(name), Reference((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8"))


def told_by(answer: Eligibility) -> Told:
    return answer.outcome.value, answer.rule, answer.family


@pytest.mark.parametrize(
    ("name", "times", "outcomes"),
    [
        (AZURE, 40_000, {"not_blocked", "may_request", "via_partner", "never", "cannot_tell"}),
        ("example-first-invoice", 15_000, {"may_request", "not_yet", "cannot_tell"}),
        (
            "example-paid-1000",
            15_000,
            {"not_blocked", "may_request", "not_yet", "via_partner", "never", "cannot_tell"},
        ),
        ("example-qualified", 15_000, {"not_blocked", "never", "cannot_tell"}),
        (
            "corners",
            15_000,
            {"not_blocked", "may_request", "not_yet", "via_partner", "never", "cannot_tell"},
        ),
    ],
)
def test_an_independent_reference_agrees_on_random_facts(name: str, times: int, outcomes: set[str]) -> None:
    policy, reference = read(name)
    dice = random.Random(25)
    told = set()
    for _ in range(times):
        facts = random_facts(dice, reference)
        answer = evaluate(facts, policy, NOW)
        assert told_by(answer) == reference.told(facts), facts
        told.add(answer.outcome.value)
    assert told == outcomes


def boundaries(cut_off: datetime) -> list[datetime | date | None]:
    """The cut-off, one microsecond and one day to either side, in other time zones, by the day; not known."""
    steps = [timedelta(microseconds=1), timedelta(days=1)]
    instants = [cut_off, *(cut_off + step for step in steps), *(cut_off - step for step in steps)]
    zones = [UTC, *(timezone(timedelta(minutes=minutes)) for minutes in (-11 * 60, 5 * 60 + 45, 14 * 60))]
    days = [cut_off.date() + timedelta(days=days) for days in (-1, 0, 1)]
    return [None, *days, *(instant.astimezone(zone) for instant in instants for zone in zones)]


def statements(reference: Reference) -> list[dict[str, str]]:
    """Every family stated in every way: by each datum alone, and by each two, which agree or are at odds."""
    by_family = {offer.get("family", "unnamed"): offer for offer in reference.offers}
    datums = {
        "offer_id": [*(offer["id"] for offer in by_family.values()), "MS-AZR-0000P"],
        "quota_id": [*sorted({offer["quota_id"] for offer in reference.offers}), "Other_2020-01-01"],
        "family": reference.families,
    }
    alone = [{name: value} for name, values in datums.items() for value in values]
    twice = [
        {**one, **other} for one, other in itertools.combinations(alone, 2) if one.keys() != other.keys()
    ]
    return [{}, *alone, *twice]


def amounts(reference: Reference) -> list[dict[str, Any]]:
    """Each amount that a rule asks for: not known, one below it, just it."""
    asked = [pair for rule in reference.rules for pair in rule.get("requires", {}).items()]
    known: dict[str, list[Any]] = {name: [None] for name, _ in asked}
    for name, needed in asked:
        known[name] += [not needed, needed] if isinstance(needed, bool) else [needed - 1, needed]
    return [dict(zip(known, values, strict=True)) for values in itertools.product(*known.values())]


@pytest.mark.parametrize("name", SHIPPED_IDS)
def test_every_combination_has_the_one_outcome_that_the_reference_tells(name: str) -> None:
    """Family, boundary instant, and what is missing or at odds: all with all."""
    policy, reference = read(name)
    at_boundary = boundaries(reference.cut_off) if policy.cut_off else [None, reference.cut_off]
    for stated, created, known in itertools.product(statements(reference), at_boundary, amounts(reference)):
        facts = Facts(**stated, created=created, **known)
        assert told_by(evaluate(facts, policy, NOW)) == reference.told(facts), facts
