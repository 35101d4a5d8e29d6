"""Querysets of rules, for their pages."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from cases.antifraud.rules.replay import Kind
from cases.antifraud.rules.words import KIND_WORDS
from cases.models import AutoRule, Case, RuleTrial
from cases.refusals import existing
from statements.asked import Asked, Built
from subscriptions.policy.versions import active_policy

MOST_COUNTED, MOST_REASONS = 1000, 8


@dataclass(frozen=True, slots=True)
class ReplayedCase:
    """A case that a replay found, in the ``state`` that it had then; ``round`` is which would have decided it."""

    case: Case
    family: str
    state: str
    round: int | None


@dataclass(frozen=True, slots=True)
class ReplayedKind:
    """What a replay found of one kind, in ``words``; ``left_out`` of ``count`` are not listed."""

    words: str
    count: int
    listed: list[ReplayedCase]

    @property
    def left_out(self) -> int:
        """How many have no row."""
        return self.count - len(self.listed)


def replay_shown(kept: dict[str, Any]) -> Iterator[ReplayedKind]:
    """A replay as it was kept, each case with what it asks. Two queries, however many they are."""
    kinds = kept.get("kinds", [])
    cases = _cases_by_reference(row["reference"] for kind in kinds for row in kind["listed"])
    families = active_policy().families if cases else {}
    for kind in kinds:
        rows = [(cases[row["reference"]], row) for row in kind["listed"] if row["reference"] in cases]
        listed = [
            ReplayedCase(case, families.get(case.family, case.family), row["state"], row.get("round"))
            for case, row in rows
        ]
        yield ReplayedKind(KIND_WORDS[Kind(kind["kind"])], kind["count"], listed)


def _cases_by_reference(references: Iterable[str]) -> dict[str, Case]:
    named = set(references)
    cases = Case.objects.filter(reference__in=named).select_related("subscription", "customer")
    return {case.reference: case for case in cases} if named else {}


def rules_with_counts() -> QuerySet[AutoRule]:
    """Every rule with how often it was ``tried``, ``fitted`` and ``acted``."""
    return AutoRule.objects.annotate(
        tried=Count("trials"),
        fitted=Count("trials", filter=Q(trials__fits=True)),
        acted=Count("trials", filter=Q(trials__acted=True)),
    ).order_by("id")


def rule_with_counts(rule_id: str) -> AutoRule:
    """One of them, with who proposed and confirmed it. Raises ``NotThere``."""
    rules = rules_with_counts().select_related("proposed_by", "confirmed_by")
    return existing(rules.filter(pk=rule_id).first(), "rule")


def trials_of_rule(rule: AutoRule) -> QuerySet[RuleTrial]:
    """What it said, for a page."""
    return rule.trials.select_related("round__case")


def trials_of_round(round_id: int) -> list[RuleTrial]:
    """What each rule said as a round ended: those that fit first."""
    return _OF_ROUND.ask(round=round_id)


_OF_ROUND = Built(
    lambda: RuleTrial.objects.filter(round=Asked("round")).select_related("rule").order_by("-fits", "rule_id")
)


def common_misfits(rule: AutoRule) -> list[tuple[str, int]]:
    """Why it did not fit, with how often, the most frequent first; among the newest ``MOST_COUNTED`` trials."""
    newest = rule.trials.filter(fits=False).order_by("-id").values_list("why_not", flat=True)
    reasons = Counter(reason for why_not in newest[:MOST_COUNTED] for reason in why_not.split("; "))
    return reasons.most_common(MOST_REASONS)
