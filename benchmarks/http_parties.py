"""Who the worlds of the HTTP benchmarks consist of, and the subscriptions that may be asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from benchmarks.http_cast import (
    DOMAIN,
    FREE_EACH,
    OWNER,
    PASSWORD,
    REVIEWER,
    SUBMITTERS,
    free_subscription,
    submitter,
)
from benchmarks.http_copy import copy_rows
from cases.actors import Actor
from people.models import DeskRole, User
from subscriptions.billing import set_facts
from subscriptions.models import Customer, CustomerMember, Partner, Role, Subscription

CREATED = datetime(2021, 3, 4, 9, 12, tzinfo=UTC)
FACTS = {"account_opened_on": "2021-03-04", "paid_invoices": "30", "identity_verified": "yes"}
PAY_AS_YOU_GO = ("MS-AZR-0003P", "PayAsYouGo_2014-09-01", "pay-as-you-go")
FREE_TRIAL = ("MS-AZR-0044P", "FreeTrial_2014-09-01", "free-trial")
ENTERPRISE = ("MS-AZR-0017P", "EnterpriseAgreement_2014-09-01", "enterprise-agreement")
CSP = ("MS-AZR-0145P", "CSP_2015-05-01", "csp")


@dataclass(frozen=True, slots=True)
class Parties:
    """Customers with the person who acts for each, the owner of what is measured first; and partners."""

    customers: Sequence[tuple[Customer, Actor]]
    partners: Sequence[Partner]


def make_parties(customers: int) -> None:
    """The reviewer, customers, partners, and the submitters with what they ask for while it is measured."""
    password = make_password(PASSWORD)
    User.objects.create(email=REVIEWER, password=password, name="Hanna Brandt", desk_role=DeskRole.REVIEWER)
    Partner.objects.bulk_create(
        Partner(number=f"P-{number}", name=f"Partner {number}") for number in range(max(2, customers // 25))
    )
    emails = [OWNER, *(f"person{number}@{DOMAIN}" for number in range(1, customers))]
    _make_owned(emails, "C", password)
    fleets = _make_owned([submitter(number) for number in range(SUBMITTERS)], "S", password)
    for number, fleet in enumerate(fleets):
        ids = [free_subscription(number, place) for place in range(FREE_EACH)]
        copy_rows([new_subscription(one, fleet, PAY_AS_YOU_GO) for one in ids])


def known_parties() -> Parties:
    """What ``make_parties`` wrote, without the submitters."""
    members = CustomerMember.objects.filter(customer__number__startswith="C-")
    customers = [
        (
            member.customer,
            Actor(member.user_id, member.user.name, customers={member.customer_id: member.role}),
        )
        for member in members.select_related("customer", "user").order_by("customer_id")
    ]
    return Parties(customers, list(Partner.objects.all()))


def new_subscription(
    subscription_id: UUID, customer: Customer, offer: tuple[str, str, str], partner: Partner | None = None
) -> Subscription:
    """An unsaved subscription from after the cut-off."""
    offer_id, quota_id, family = offer
    return Subscription(
        id=subscription_id,
        name=f"Mail server {subscription_id.hex[:6]}",
        offer_id=offer_id,
        quota_id=quota_id,
        family=family,
        created_at=CREATED,
        customer=customer,
        partner=partner,
        source="billing-export.csv",
    )


def _make_owned(emails: Sequence[str], prefix: str, password: str) -> Sequence[Customer]:
    """People, and a customer for each to own."""
    people = User.objects.bulk_create(
        User(email=email, name=email.partition("@")[0].title(), password=password) for email in emails
    )
    customers = Customer.objects.bulk_create(_customer(f"{prefix}-{number}") for number in range(len(emails)))
    CustomerMember.objects.bulk_create(
        CustomerMember(user=person, customer=customer, role=Role.OWNER)
        for person, customer in zip(people, customers, strict=True)
    )
    return customers


def _customer(number: str) -> Customer:
    customer = Customer(number=number, name=f"Customer {number}")
    set_facts(customer, FACTS, source="billing-export.csv", as_of=timezone.now())
    return customer
