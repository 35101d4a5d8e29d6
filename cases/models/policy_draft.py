"""Drafts of policy versions: who drafted, who published, and what a replay over all subscriptions said."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cases.models.replayed import Replayed


class DraftState(models.TextChoices):
    """Where a draft stands; the last two are ends."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    DISCARDED = "discarded", "Discarded"


class PolicyDraft(Replayed):
    """A document on its way to become a policy version; its text never changes.

    The database holds that too (migration ``policy_drafts``), and that one person alone publishes
    nothing. ``replay`` is what ``policies.replay.Summary.as_json`` gives, once ``replayed_at``.
    """

    version_id = models.SlugField(max_length=64)
    title = models.CharField(max_length=200)
    document = models.TextField()
    effective_from = models.DateTimeField()
    state = models.CharField(max_length=12, choices=DraftState, default=DraftState.DRAFT)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version_id"], condition=~Q(state=DraftState.DISCARDED), name="one_draft_per_id"
            ),
            models.CheckConstraint(
                condition=~Q(state=DraftState.PUBLISHED)
                | (Q(published_by__isnull=False) & ~Q(made_by=F("published_by"))),
                name="published_takes_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return self.version_id

    @property
    def is_open(self) -> bool:
        """Whether it may still be published or discarded."""
        return self.state == DraftState.DRAFT


class DraftChange(models.Model):
    """A draft was made, published or discarded; append-only.

    ``without_replay`` says that it was published though no replay held it beside the version in force.
    """

    draft = models.ForeignKey(PolicyDraft, on_delete=models.PROTECT, related_name="changes")
    state = models.CharField(max_length=12, choices=DraftState)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    why = models.TextField(blank=True)
    without_replay = models.BooleanField(default=False, db_default=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.draft_id} {self.state}"
