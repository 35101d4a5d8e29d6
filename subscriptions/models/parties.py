"""Customers, the partners they buy from, and who belongs to them."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Value

from subscriptions.words import words_of


class Role(models.TextChoices):
    """What a member may do for their customer or partner."""

    OWNER = "owner", "Owner"
    CONTRIBUTOR = "contributor", "Contributor"
    READER = "reader", "Reader"


MAY_ACT = frozenset({Role.OWNER, Role.CONTRIBUTOR})


class Party(models.Model):
    """What customers and partners share."""

    number = models.CharField("account number", max_length=64, unique=True)
    name = models.CharField(max_length=200)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Partner(Party):
    """A Cloud Solution Provider: it resells to customers and asks on their behalf."""


class Customer(Party):
    """Who owns subscriptions.

    ``facts`` is what billing and identity checks say, by name: ``value`` as text, ``source`` and
    ``as_of`` (ISO 8601). A fact that is not there is not known. Read it through ``billing``.
    """

    facts = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)

    class Meta:
        indexes = [GinIndex(words_of("number", "name"), name="customer_words")]


class Member(models.Model):
    """One person in one customer or partner."""

    role = models.CharField(max_length=12, choices=Role)

    class Meta:
        abstract = True


class CustomerMember(Member):
    """One person in one customer."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="customer_memberships",
        db_index=False,
    )
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="members")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "customer"], name="one_customer_membership")]

    def __str__(self) -> str:
        return f"{self.user} in {self.customer}"


class PartnerMember(Member):
    """One person in one partner."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="partner_memberships", db_index=False
    )
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="members")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "partner"], name="one_partner_membership")]

    def __str__(self) -> str:
        return f"{self.user} in {self.partner}"
