"""Subscriptions, the addresses they hold, and changes of offer that somebody has to look at."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from subscriptions.models.parties import Customer, Partner
from subscriptions.words import words_of


class SubscriptionState(models.TextChoices):
    """Whether the subscription runs, as its source says."""

    ACTIVE = "active", "Active"
    DISABLED = "disabled", "Disabled"
    DELETED = "deleted", "Deleted"


class Subscription(models.Model):
    """What a block or an exemption is about: one subscription, never its whole customer.

    ``created_at`` is ``None`` where the source does not say; with ``is_created_by_day`` only the
    day (UTC) is known. ``family`` is derived from the offer by the active policy, blank where
    that names none. ``as_of`` and ``source`` say how old these facts are, and whose.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=200)
    offer_id = models.CharField(max_length=64, blank=True)
    quota_id = models.CharField(max_length=64, blank=True)
    family = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)
    is_created_by_day = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=SubscriptionState, default=SubscriptionState.ACTIVE)
    # No index of their own: the lists below begin with them, and an import writes a million rows.
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="subscriptions", db_index=False
    )
    partner = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        related_name="subscriptions",
        null=True,
        blank=True,
        db_index=False,
    )
    as_of = models.DateTimeField(default=timezone.now)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [
            # Lists of a customer's and of a partner's subscriptions, paged by (name, id).
            models.Index(fields=["customer", "name", "id"], name="customer_list"),
            models.Index(fields=["partner", "name", "id"], name="partner_list"),
            GinIndex(words_of("name"), name="subscription_words"),
        ]

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """An address while a subscription held it: addresses move between subscriptions."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="addresses")
    address = models.GenericIPAddressField()
    held_from = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["address"], condition=Q(held_until=None), name="one_holder_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(held_until=None) | Q(held_until__gt=F("held_from")), name="held_some_time"
            ),
        ]
        indexes = [models.Index(fields=["address", "held_from"], name="holder_at_a_time")]

    def __str__(self) -> str:
        return self.address


class OfferChange(models.Model):
    """An import changed what a subscription's outcome rests on; waits until a case takes note."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="offer_changes")
    before = models.JSONField()
    after = models.JSONField()
    source = models.CharField(max_length=120, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    noted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["id"], name="changes_to_note", condition=Q(noted_at=None))]

    def __str__(self) -> str:
        return f"{self.subscription_id}: {self.before} → {self.after}"
