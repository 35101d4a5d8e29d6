"""Querysets of rules, for their pages."""

from collections import Counter

from django.db.models import Count, Q, QuerySet

from cases.models import AutoRule, RuleTrial
from cases.refusals import existing

MOST_COUNTED, MOST_REASONS = 1000, 8


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
    return list(RuleTrial.objects.filter(round=round_id).select_related("rule").order_by("-fits", "rule_id"))


def common_misfits(rule: AutoRule) -> list[tuple[str, int]]:
    """Why it did not fit, with how often, the most frequent first; among the newest ``MOST_COUNTED`` trials."""
    newest = rule.trials.filter(fits=False).order_by("-id").values_list("why_not", flat=True)
    reasons = Counter(reason for why_not in newest[:MOST_COUNTED] for reason in why_not.split("; "))
    return reasons.most_common(MOST_REASONS)
