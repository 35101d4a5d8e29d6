"""What people write: messages that both sides read, notes that only the desk does, attestations."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from cases.actors import Side
from cases.details import Checked
from cases.models.case import Case
from subscriptions.models import Partner


class MessageKind(models.TextChoices):
    """What a message is for."""

    QUESTION = "question", "Question"
    ANSWER = "answer", "Answer"
    MESSAGE = "message", "Message"


class CaseMessage(models.Model):
    """A message that the customer, the partner and the desk all read.

    ``idempotency_hash`` is of the key that its form had: one form makes one message.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages", db_index=False)
    kind = models.CharField(max_length=8, choices=MessageKind)
    side = models.CharField(max_length=8, choices=[(s, s.title()) for s in Side])
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    idempotency_hash = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001  # unique where given

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "author", "idempotency_hash"], name="one_case_message_per_key"
            )
        ]
        indexes = [models.Index(fields=["case", "id"], name="cases_messages")]

    def __str__(self) -> str:
        return f"{self.kind} {self.case_id}"


class PrivateNote(models.Model):
    """A note of the desk's own: in no page, mail or answer that a customer or partner gets."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="cases_notes")]

    def __str__(self) -> str:
        return f"note {self.case_id}"


class Attestation(models.Model):
    """What a partner says it checked before it stood by a request."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attestations")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked = ArrayField(models.CharField(max_length=12, choices=Checked))
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"attestation {self.case_id}"
