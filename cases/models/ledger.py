"""The ledger: one row for each thing that happened to a case, chained by hashes, never changed."""

from django.conf import settings
from django.db import models
from django.db.models import F

from cases.models.case import Case


class EventKind(models.TextChoices):
    """What happened. The values are stored and stable; the wording is chosen where it is shown."""

    SUBMITTED = "submitted", "Submitted"
    REJECTED = "rejected", "Rejected by the policy"
    NOT_NEEDED = "not_needed", "Closed as not needed"
    ROUTED = "routed", "Routed to the partner"
    REVIEW_STARTED = "review_started", "Review started"
    VOUCHED = "vouched", "Partner vouched"
    DECLINED = "declined", "Partner declined"
    ASKED = "asked", "Question asked"
    ANSWERED = "answered", "Question answered"
    MESSAGE = "message", "Message written"
    NOTE = "note", "Private note written"
    APPROVED = "approved", "Approved"
    DENIED = "denied", "Denied"
    SUSPENDED = "suspended", "Suspended"
    RESUMED = "resumed", "Resumed"
    REVOKED = "revoked", "Revoked"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REOPENED = "reopened", "Reopened"
    FLAGGED = "flagged", "Flagged for a reviewer"
    FLAG_CLEARED = "flag_cleared", "Flag cleared"
    CHECKS_STARTED = "checks_started", "Checks started"
    CHECKS_ENDED = "checks_ended", "Checks ended"


class CaseEvent(models.Model):
    """One event. The database refuses to change or delete it (migration ``cases_guard``).

    ``hash`` covers every other column and ``previous``, the hash of the event before.
    ``data`` holds text, whole numbers, booleans, lists and maps only: what JSON keeps exactly.
    """

    # The unique constraint leads with it; Django's own index beside that would only cost.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=EventKind)
    from_state = models.CharField(max_length=16)
    to_state = models.CharField(max_length=16)
    at = models.DateTimeField()
    side = models.CharField(max_length=8)
    # Nobody is deleted, and nobody asks for the events of one person.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    actor_name = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = [F("case_id").asc(), F("seq").asc()]
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="one_event_per_number")]

    def __str__(self) -> str:
        return f"{self.case_id} #{self.seq} {self.kind}"
