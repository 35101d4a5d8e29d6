"""What is examined: a case as plain values, as the checks take it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from cases.antifraud.signals import Subject
from cases.models import Case, TraitKind
from subscriptions.billing import Fact, facts_of_customer
from subscriptions.judging import shown


def cited(fact: Fact) -> str:
    """A fact as evidence: its value, who said so, and when it was so."""
    return f"{shown(fact.value)} ({fact.source}, {fact.as_of:%-d %b %Y})"


@dataclass(frozen=True, slots=True)
class Examined:
    """One request. ``facts`` are what billing and identity say of the customer, by name.

    ``inventory`` holds the addresses that the subscription holds now, as its source said last;
    ``at`` is the moment that ages are counted to.
    """

    case_id: int
    reference: str
    subscription_id: UUID
    customer_id: int
    partner_id: int | None
    submitted_by_id: int
    submitted_at: datetime
    why_direct: str
    daily_volume: int | None
    domains: tuple[str, ...]
    addresses: tuple[str, ...]
    inventory: frozenset[str]
    inventory_source: str
    inventory_as_of: datetime
    abuse_contact: str
    dkim_selector: str
    helo_name: str
    customer_name: str
    facts: dict[str, Fact]
    at: datetime

    @classmethod
    def of(cls, case: Case, at: datetime) -> Self:
        """The case as it stands at ``at``; two queries beside the case's own."""
        held = case.subscription.addresses.filter(held_until=None).values_list("address", flat=True)
        return cls(
            case_id=case.pk,
            reference=case.reference,
            subscription_id=case.subscription_id,
            customer_id=case.customer_id,
            partner_id=case.partner_id,
            submitted_by_id=case.submitted_by_id,
            submitted_at=case.submitted_at,
            why_direct=case.why_direct,
            daily_volume=case.daily_volume,
            domains=tuple(case.sending_domains),
            addresses=tuple(case.sending_addresses),
            inventory=frozenset(held),
            inventory_source=case.subscription.source,
            inventory_as_of=case.subscription.as_of,
            abuse_contact=case.abuse_contact,
            dkim_selector=case.dkim_selector,
            helo_name=case.helo_name,
            customer_name=case.customer.name,
            facts=facts_of_customer(case.customer),
            at=at,
        )

    @property
    def customer_subject(self) -> Subject:
        """The customer, as what a signal points at."""
        return Subject(TraitKind.CUSTOMER, str(self.customer_id))
