"""Querysets of rules, for their pages."""

from django.db.models import Count, Q, QuerySet

from cases.models import AutoRule, RuleTrial
from cases.refusals import NotThere


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
    rule = rules.filter(pk=rule_id).first()
    if rule is None:
        raise NotThere("There is no such rule.")
    return rule


def trials_of_rule(rule: AutoRule) -> QuerySet[RuleTrial]:
    """What it said, the newest first."""
    return rule.trials.select_related("round__case").order_by("-id")
