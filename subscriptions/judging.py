"""A stored subscription held against the policy: its facts, with source and age, and its outcome."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from subscriptions.models import Customer, Subscription
from subscriptions.policy.document import Policy
from subscriptions.policy.evaluate import Eligibility, evaluate
from subscriptions.policy.facts import Facts

LABELS = {
    "account_age_days": "Account opened",
    "paid_invoices": "Paid invoices",
    "paid_total_usd": "Paid in all (USD)",
    "identity_verified": "Identity verified",
}


@dataclass(frozen=True, slots=True)
class StatedFact:
    """One fact as people read it; ``as_of`` is an ISO 8601 time in UTC, empty where unknown.

    ``condition`` is the policy's condition that a fact of the customer's account is for.
    """

    label: str
    value: str
    source: str
    as_of: str
    condition: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values, for storage with a case."""
        return asdict(self)


def judge(subscription: Subscription, policy: Policy, at: datetime) -> Eligibility:
    """The outcome of ``subscription`` under ``policy`` at the instant ``at``."""
    return evaluate(facts_of(subscription, at), policy, at)


def facts_of(subscription: Subscription, at: datetime) -> Facts:
    """What is known of the subscription and its customer; unknown facts are ``None``."""
    customer = subscription.customer
    return Facts(
        offer_id=subscription.offer_id or None,
        quota_id=subscription.quota_id or None,
        family=None,
        created=created_of(subscription),
        account_age_days=_age_in_days(customer.account_opened_on, at),
        paid_invoices=customer.paid_invoices,
        paid_total_usd=customer.paid_total_usd,
        identity_verified=customer.is_identity_verified,
    )


def created_of(subscription: Subscription) -> datetime | date | None:
    """The creation time, the day where only that is known, or ``None``."""
    created = subscription.created_at
    return created.date() if created and subscription.is_created_by_day else created


def stated_facts(subscription: Subscription) -> list[StatedFact]:
    """The facts that a case was judged by, for its page and its notices."""
    return subscription_facts(subscription) + _customer_facts(subscription.customer)


def subscription_facts(subscription: Subscription) -> list[StatedFact]:
    """What is of this subscription alone, and says nothing of its customer's account."""
    created = created_of(subscription)
    known = {
        "Offer": subscription.offer_id or "not known",
        "Quota ID": subscription.quota_id or "not known",
        "Created": _written(created) if created else "not known",
    }
    as_of = subscription.as_of.isoformat()
    return [StatedFact(label, value, subscription.source, as_of) for label, value in known.items()]


def _customer_facts(customer: Customer) -> list[StatedFact]:
    known = {
        "account_age_days": customer.account_opened_on and _written(customer.account_opened_on),
        "paid_invoices": customer.paid_invoices,
        "paid_total_usd": customer.paid_total_usd,
        "identity_verified": {True: "yes", False: "no"}.get(customer.is_identity_verified),  # type: ignore[arg-type]  # None means unknown
    }
    as_of = customer.facts_as_of.isoformat() if customer.facts_as_of else ""
    return [
        StatedFact(LABELS[condition], str(value), customer.facts_source, as_of, condition)
        for condition, value in known.items()
        if value is not None
    ]


def _written(moment: date) -> str:
    if isinstance(moment, datetime):
        return f"{moment:%-d %b %Y, %H:%M} UTC"
    return f"{moment:%-d %b %Y}"


def _age_in_days(opened: date | None, at: datetime) -> int | None:
    return (at.date() - opened).days if opened else None
