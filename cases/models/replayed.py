"""What rules and drafts have alike: a replay over all history that a task makes and the row keeps."""

from django.db import models


class Replayed(models.Model):
    """``replay`` is what the last one came to, in plain values, as of ``replayed_at``."""

    replay_asked_at = models.DateTimeField(null=True, blank=True)
    replayed_at = models.DateTimeField(null=True, blank=True)
    replay = models.JSONField(default=dict, db_default={}, blank=True)

    class Meta:
        abstract = True

    @property
    def is_replaying(self) -> bool:
        """Whether a replay was asked for that has not ended."""
        return self.replay_asked_at is not None and self.replayed_at is None
