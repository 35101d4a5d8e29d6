"""``evaluate`` beside a slow reference of its own making, on random facts.

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
from subscriptions.policy.evaluate import evaluate
from subscriptions.policy.facts import Facts
from subscriptions.policy.versions import SHIPPED
from tests.subscriptions.policy.documents import AZURE, CORNERS, corners, shipped

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
ANY_AGE, ANY_INVOICES, ANY_TOTAL = (0, 30, 90), (0, 1, 3), (0, 1000)
World = tuple[str, datetime, int, int, int | Decimal, bool]


class Reference:
    """The rules as the document has them, and nothing else."""

    def __init__(self, text: str) -> None:
        document = yaml.safe_load(text)
        self.families = [*document["families"], "unnamed"]
        self.offers = document["offers"]
        self.rules = document["rules"]
        self.cut_off: datetime = document["cut_off"].astimezone(UTC)

    def outcome(self, facts: Facts) -> str:
        outcomes = {self._in_world(world) for world in self._worlds(facts)}
        return outcomes.pop() if len(outcomes) == 1 else "cannot_tell"

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

    def _in_world(self, world: World) -> str:
        family, created, age, invoices, total, verified = world
        side = "before" if created < self.cut_off else "from"
        for rule in self.rules:
            if family in rule["families"] and rule.get("created", "any") in (side, "any"):
                asked = rule.get("requires", {})
                fails = (
                    age < asked.get("account_age_days", 0)
                    or invoices < asked.get("paid_invoices", 0)
                    or total < asked.get("paid_total_usd", 0)
                    or (asked.get("identity_verified", False) and not verified)
                )
                return str(rule.get("otherwise", "not_yet") if fails else rule["outcome"])
        return "cannot_tell"


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


@pytest.mark.parametrize("name", [AZURE, "corners"])
def test_an_independent_reference_agrees_on_random_facts(name: str) -> None:
    text = CORNERS if name == "corners" else (SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")
    policy: Policy = corners() if name == "corners" else shipped(name)
    dice, reference = random.Random(25), Reference(text)
    told: dict[str, int] = {}
    for _ in range(50_000):
        facts = random_facts(dice, reference)
        answer = evaluate(facts, policy, NOW)
        assert answer.outcome == reference.outcome(facts), facts
        told[answer.outcome] = told.get(answer.outcome, 0) + 1
    assert len(told) == 5 + (name == "corners"), told
