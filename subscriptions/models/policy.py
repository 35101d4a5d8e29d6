"""Policy versions as they were loaded; the database refuses to change them."""

from django.db import models
from django.utils import timezone


class PolicyVersion(models.Model):
    """One version of the policy: its document's text, word for word.

    ``effective_from`` is ``None`` for an example: it can be evaluated by name and is never active.
    A row is never changed or removed: the database refuses it (migration ``policy_guard``), so a
    changed policy is a new version with an id of its own.
    """

    id = models.SlugField(primary_key=True, max_length=64)
    title = models.CharField(max_length=200)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    effective_from = models.DateTimeField(null=True, blank=True)
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["effective_from"], name="one_policy_in_force")]

    def __str__(self) -> str:
        return self.id
