"""A stored subscription held against the policy: its facts, with source and age, and its outcome."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from subscriptions.billing import CONDITION_OF, KINDS, Fact, Value, facts_of_customer
from subscriptions.models import Customer, Subscription
from subscriptions.policy.document import Policy
from subscriptions.policy.eligibility import Eligibility
from subscriptions.policy.evaluate import evaluate
from subscriptions.policy.facts import Facts


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
        return {
            "label": self.label,
            "value": self.value,
            "source": self.source,
            "as_of": self.as_of,
            "condition": self.condition,
        }


def judge(subscription: Subscription, policy: Policy, at: datetime) -> Eligibility:
    """The outcome of ``subscription`` under ``policy`` at the instant ``at``."""
    return evaluate(facts_of(subscription, at), policy, at)


def facts_of(subscription: Subscription, at: datetime) -> Facts:
    """What is known of the subscription and its customer; unknown facts are ``None``."""
    known: dict[str, Any] = {n: fact.value for n, fact in _weighed(subscription.customer).items()}
    return Facts(
        offer_id=subscription.offer_id or None,
        quota_id=subscription.quota_id or None,
        family=None,
        created=created_of(subscription),
        account_age_days=_age_in_days(known.get("account_opened_on"), at),
        paid_invoices=known.get("paid_invoices"),
        paid_total_usd=known.get("paid_total_usd"),
        identity_verified=known.get("identity_verified"),
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
        "quotaId": subscription.quota_id or "not known",
        "Created": _written(created) if created else "not known",
    }
    as_of = subscription.as_of.isoformat()
    return [StatedFact(label, value, subscription.source, as_of) for label, value in known.items()]


def _customer_facts(customer: Customer) -> list[StatedFact]:
    return [
        StatedFact(
            KINDS[name].label, shown(fact.value), fact.source, fact.as_of.isoformat(), CONDITION_OF[name]
        )
        for name, fact in _weighed(customer).items()
    ]


def _weighed(customer: Customer) -> dict[str, Fact]:
    """What a policy may turn on: a customer's other facts need not be read for that."""
    return facts_of_customer(customer, CONDITION_OF)


def shown(value: Value) -> str:
    """A customer's fact as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, Decimal)):
        return f"{value:,}"
    return _written(value) if isinstance(value, date) else value


def _written(moment: date) -> str:
    if isinstance(moment, datetime):
        return f"{moment:%-d %b %Y, %H:%M} UTC"
    return f"{moment:%-d %b %Y}"


def _age_in_days(opened: date | None, at: datetime) -> int | None:
    return (at.date() - opened).days if opened else None
