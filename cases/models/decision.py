"""Decisions, the reasons they may cite, and the exemptions they make and end."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from cases.models.case import Case
from subscriptions.models import PolicyVersion, Subscription


class Verb(models.TextChoices):
    """What was decided."""

    REJECT = "reject", "Rejected"
    CLOSE = "close", "Closed as not needed"
    DECLINE = "decline", "Declined by the partner"
    APPROVE = "approve", "Approved"
    DENY = "deny", "Denied"
    SUSPEND = "suspend", "Suspended"
    RESUME = "resume", "Resumed"
    REVOKE = "revoke", "Revoked"


AGAINST = frozenset({Verb.DENY, Verb.SUSPEND, Verb.REVOKE})
"""Decisions against a customer: they need a way on, and each is a bad end to the anti-fraud checks."""


class ReasonCode(models.Model):
    """A reason that decisions may cite: shipped, and edited in the admin.

    A decision keeps the words as they were; editing one changes no notice that was sent.
    ``is_about_complaints`` tells the anti-fraud checks alone that somebody complained.
    """

    code = models.SlugField(primary_key=True, max_length=48)
    verbs = ArrayField(models.CharField(max_length=8, choices=Verb))
    title = models.CharField(max_length=120)
    text = models.TextField("what the customer reads")
    would_change = models.TextField("what would change it", blank=True)
    is_active = models.BooleanField(default=True)
    is_about_complaints = models.BooleanField(default=False, db_default=False)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Raise ``ValidationError`` where a reason against the customer names nothing that would change it."""
        # A form that was sent without one leaves ``verbs`` empty, and says so itself.
        if AGAINST.intersection(self.verbs or ()) and not self.would_change.strip():
            way_on = (
                "Say what would change it: a customer who is denied, suspended or revoked needs a way on."
            )
            raise ValidationError({"would_change": way_on})


class Decision(models.Model):
    """One decision; ``notice`` is the statement of reasons as the customer gets it. Never changed."""

    # An index of ours leads with it.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions", db_index=False)
    verb = models.CharField(max_length=8, choices=Verb)
    reasons = ArrayField(models.CharField(max_length=48), default=list)
    text = models.TextField(blank=True)
    private_note = models.TextField(blank=True)
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    is_automated = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    notice = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="cases_decisions")]

    def __str__(self) -> str:
        return f"{self.verb} {self.case_id}"


class Exemption(models.Model):
    """A time during which one subscription may open port 25. Suspension and revocation end it."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="exemptions")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exemptions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription"], condition=Q(ends_at=None), name="one_exemption_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["subscription", "starts_at"], name="exempt_at_a_time")]

    def __str__(self) -> str:
        return f"{self.subscription_id} from {self.starts_at}"
