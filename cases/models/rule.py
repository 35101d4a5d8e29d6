"""Rules for automatic decisions: their documents, who switched them, and what they did or would have done."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.check import CheckRound
from cases.models.replayed import Replayed


class RuleMode(models.TextChoices):
    """What a rule does. It is born off."""

    OFF = "off", "Off"
    SHADOW = "shadow", "In the shadow"
    PROPOSED = "proposed", "Proposed, still in the shadow"
    ON = "on", "On"


class AutoRule(Replayed):
    """One rule; its document never changes. A changed rule is a new one with an id of its own.

    The database holds that too (migration ``antifraud_rules``), and that one person alone
    switches nothing on. ``replay`` is what ``rules.replay.Replayed.as_json`` gives.
    """

    id = models.SlugField(primary_key=True, max_length=64)
    title = models.CharField(max_length=200)
    document = models.TextField()
    mode = models.CharField(max_length=8, choices=RuleMode, default=RuleMode.OFF)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(mode=RuleMode.ON)
                | (
                    Q(proposed_by__isnull=False, confirmed_by__isnull=False)
                    & ~Q(proposed_by=F("confirmed_by"))
                ),
                name="on_takes_two_persons",
            )
        ]

    def __str__(self) -> str:
        return self.title


class RuleChange(models.Model):
    """A rule was loaded (``by`` nobody) or switched; append-only."""

    # The index below leads with it.
    rule = models.ForeignKey(AutoRule, on_delete=models.PROTECT, related_name="changes", db_index=False)
    mode = models.CharField(max_length=8, choices=RuleMode)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    why = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["rule", "id"], name="rules_changes")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.mode}"


class RuleTrial(models.Model):
    """What a rule said at the end of a round; append-only.

    ``fits`` says that it would decide; ``acted`` that it did. ``why_not`` says why it would not, or,
    where it fits and is on, why it did not.
    """

    # The index and the constraint below lead with them.
    rule = models.ForeignKey(AutoRule, on_delete=models.PROTECT, related_name="trials", db_index=False)
    round = models.ForeignKey(CheckRound, on_delete=models.PROTECT, related_name="trials", db_index=False)
    mode = models.CharField(max_length=8, choices=RuleMode)
    fits = models.BooleanField()
    why_not = models.TextField(blank=True)
    acted = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "rule"], name="one_trial_per_round")]
        indexes = [models.Index(fields=["rule", "fits", "id"], name="rules_trials")]

    def __str__(self) -> str:
        return f"{self.rule_id} of {self.round_id}"
