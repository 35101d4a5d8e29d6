"""Customers, partners, subscriptions, policy versions."""

from subscriptions.models.parties import MAY_ACT, Customer, CustomerMember, Partner, PartnerMember, Role
from subscriptions.models.policy import PolicyVersion
from subscriptions.models.subscription import Address, OfferChange, Subscription, SubscriptionState

__all__ = [
    "MAY_ACT",
    "Address",
    "Customer",
    "CustomerMember",
    "OfferChange",
    "Partner",
    "PartnerMember",
    "PolicyVersion",
    "Role",
    "Subscription",
    "SubscriptionState",
]
