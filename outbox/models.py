"""Messages that have to leave: written with what they tell of, sent later, once."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone


class Message(models.Model):
    """One message. It waits while neither ``sent_at`` nor ``parked_at`` is set.

    ``key`` is unique: a message that is put twice leaves once. Messages of one ``thread`` leave
    in the order of their ids. ``next_attempt_at`` is when to try; a claim pushes it into the
    future, so that a crashed relay's messages come back by themselves. A parked message is a dead
    letter: it steps out of its thread's way, and ``last_error`` says why. Times are the
    database's.
    """

    topic = models.CharField(max_length=32)
    key = models.CharField(max_length=200)
    thread = models.CharField(max_length=200)
    payload = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())
    next_attempt_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        # Not ``unique=True``, which adds an index for LIKE.
        constraints = [models.UniqueConstraint(fields=["key"], name="one_message_per_key")]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="messages_due",
                condition=Q(sent_at=None, parked_at=None),
            ),
            models.Index(
                fields=["thread", "id"],
                name="messages_in_order",
                condition=Q(sent_at=None, parked_at=None),
            ),
            models.Index(
                fields=["created_at"],
                name="oldest_unsent",
                condition=Q(sent_at=None, parked_at=None),
            ),
            models.Index(fields=["id"], name="dead_letters", condition=~Q(parked_at=None)),
            # Whether something of the thread left after a dead letter.
            models.Index(fields=["thread", "id"], name="messages_left", condition=~Q(sent_at=None)),
        ]

    def __str__(self) -> str:
        return self.key


class KeptMail(models.Model):
    """A mail of demo mode: kept here instead of being sent, and shown at ``/dev/mail/``."""

    to = models.TextField()
    subject = models.TextField()
    headers = models.JSONField()
    text = models.TextField()
    html = models.TextField(blank=True)
    kept_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.subject
