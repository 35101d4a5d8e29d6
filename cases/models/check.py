"""Rounds of anti-fraud checks, their runs, and the signals that they found; traits that link cases."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cases.models.case import Case


class Finding(models.TextChoices):
    """What a check found. A time-out or a crash is unknown, never clear."""

    CLEAR = "clear", "Clear"
    FLAGGED = "flagged", "Flagged"
    UNKNOWN = "unknown", "Unknown"

    @property
    def rank(self) -> int:
        """Its place where the worst comes first."""
        return (Finding.FLAGGED, Finding.UNKNOWN, Finding.CLEAR).index(self)


class Band(models.TextChoices):
    """How much a case asks for a second look, from its signals; explained part by part."""

    LOW = "low", "Low"
    ELEVATED = "elevated", "Elevated"
    HIGH = "high", "High"
    INCOMPLETE = "incomplete", "Incomplete"


class TraitKind(models.TextChoices):
    """What can tie one case to another. A customer is no trait that is written: cases name theirs."""

    DOMAIN = "domain", "Domain"
    ADDRESS = "address", "Address"
    CONTACT = "contact", "Contact"
    PHONE = "phone", "Phone"
    PAYMENT = "payment", "Payment fingerprint"
    NETWORK = "network", "Sign-up network"
    PARTNER = "partner", "Partner"
    CUSTOMER = "customer", "Customer"


class CheckRound(models.Model):
    """All checks of a case, once. A later round leaves the earlier ones as they were.

    While ``ended_at`` is ``None`` the case cannot be approved. At ``deadline_at`` what has not
    answered is unknown, and the round ends. ``parts`` explains the band: each signal that counts.
    """

    # The unique constraint leads with it; Django's own index beside that would only cost.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rounds", db_index=False)
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    deadline_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    band = models.CharField(max_length=12, choices=Band, blank=True)
    parts = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_round_per_number"),
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="one_round_at_a_time"),
        ]
        indexes = [models.Index(fields=["deadline_at"], name="rounds_to_end", condition=Q(ended_at=None))]

    def __str__(self) -> str:
        return f"{self.case_id} round {self.number}"


class CheckRun(models.Model):
    """One check in one round; ``ended_at`` is set once, by whoever ends it first.

    At ``awaited_until`` its next look is due: a failure of the moment was met, or its task is
    lost, or the worker that had it in hand. ``error`` is why it gave no answer. While it is open,
    ``still_asked`` names the parts of which something is asked still.
    """

    # The unique constraint leads with it, as above.
    round = models.ForeignKey(CheckRound, on_delete=models.CASCADE, related_name="runs", db_index=False)
    check_slug = models.CharField(max_length=40)
    awaited_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    still_asked = ArrayField(models.CharField(max_length=40), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "check_slug"], name="one_run_per_check")]

    def __str__(self) -> str:
        return f"{self.check_slug} of {self.round_id}"


class SignalRow(models.Model):
    """A stored ``cases.antifraud.signals.Signal``, with the weight that its flag had."""

    run = models.ForeignKey(CheckRun, on_delete=models.CASCADE, related_name="signals")
    part = models.CharField(max_length=40)
    finding = models.CharField(max_length=8, choices=Finding)
    weight = models.PositiveIntegerField(default=0)
    sentence = models.TextField()
    subject_kind = models.CharField(max_length=8, choices=TraitKind, blank=True)
    subject = models.CharField(max_length=320, blank=True)
    evidence = models.JSONField(default=dict)
    source = models.CharField(max_length=200)
    as_of = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject"], name="signals_of_a_subject")]

    def __str__(self) -> str:
        return f"{self.part}: {self.finding}"


class CaseTrait(models.Model):
    """Something by which a case can be tied to another, written when it is submitted."""

    # The unique constraint leads with it, as above.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="traits", db_index=False)
    kind = models.CharField(max_length=8, choices=TraitKind)
    value = models.CharField(max_length=320)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind", "value"], name="one_trait_once")]
        indexes = [models.Index(fields=["kind", "value", "case"], name="cases_by_trait")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
