"""The cast of the tests: two customers, two partners, the desk, and who must never get in.

Whatever state a test needs a case in, the real actions bring it there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count

from django.utils import timezone

from cases.actions import customer as customer_actions
from cases.actions import partner as partner_actions
from cases.actions import reviewer as reviewer_actions
from cases.actions.checks import end_round, start_checks
from cases.actions.reviewer import Verdict
from cases.actors import SYSTEM, Actor
from cases.details import AttestationDetails, Checked, DeclineDetails, MailKind, RequestDetails
from cases.models import Case, State
from cases.reasons import load_shipped_reasons
from people.models import DeskRole, User
from subscriptions.billing import set_facts
from subscriptions.models import (
    Customer,
    CustomerMember,
    Partner,
    PartnerMember,
    Role,
    Subscription,
)
from subscriptions.policy.versions import SHIPPED, add_version, load_shipped_policies

PAY_AS_YOU_GO = "MS-AZR-0003P"
FREE_TRIAL = "MS-AZR-0044P"
ENTERPRISE = "MS-AZR-0017P"
CSP = "MS-AZR-0145P"
UNHEARD_OF = "MS-AZR-9999X"
AFTER = datetime(2017, 11, 20, 9, 12, tzinfo=UTC)
BEFORE = datetime(2017, 11, 1, 9, 12, tzinfo=UTC)

DETAILS = RequestDetails(
    why_direct="Receivers in our trade refuse mail from shared relays, and audits want the path to be ours.",
    mail_kind=MailKind.TRANSACTIONAL,
    daily_volume=4000,
    sending_domains=("shop.example",),
    sending_addresses=("203.0.113.7",),
    abuse_contact="abuse@shop.example",
    is_terms_accepted=True,
)
ATTESTATION = AttestationDetails(Checked.values, "We have known them for six years.")
DECLINED = DeclineDetails("Use our relay, please.", "A mail that our relay refuses.")
APPROVAL = Verdict(["direct_sending_justified"], private_note="Known to us for years.")
DENIAL = Verdict(
    ["relay_would_do"], text="Your volume fits a relay.", private_note="Smells of a list seller."
)
REVOCATION = Verdict(["abuse_reports"], private_note="Three reports in a day.")
RESUMPTION = Verdict(["matter_settled"])


@dataclass
class World:
    """Everybody by name. ``olive`` owns Contoso, ``mallory`` owns the other customer; see ``make_world``."""

    contoso: Customer
    fabrikam: Customer
    northwind: Partner
    adatum: Partner
    people: dict[str, User] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def user(self, name: str) -> User:
        """A person by first name."""
        return self.people[name]

    def actor(self, name: str) -> Actor:
        """The actor that a person is."""
        return Actor.of(self.people[name])

    def subscription(
        self,
        offer_id: str = PAY_AS_YOU_GO,
        *,
        created_at: datetime | None = AFTER,
        customer: Customer | None = None,
        partner: Partner | None = None,
        name: str = "",
        quota_id: str = "",
    ) -> Subscription:
        """A new subscription of Contoso's; one of the CSP offer comes through Northwind."""
        if offer_id == CSP and partner is None:
            partner = self.northwind
        return Subscription.objects.create(
            name=name or f"Web shop {next(self._numbers)}",
            offer_id=offer_id,
            quota_id=quota_id,
            created_at=created_at,
            customer=customer or self.contoso,
            partner=partner,
            source="arm-list.json",
        )

    def knows(self, customer: Customer, **facts: str) -> None:
        """Billing and identity say so of a customer; a blank text is not known any more."""
        set_facts(customer, facts, source="bank export", as_of=timezone.now())
        customer.save()

    def submitted(self, subscription: Subscription | None = None, *, by: str = "olive") -> Case:
        """A case that a customer submitted, wherever the policy took it: if nothing is said, review.

        Its checks have not ended: ``checked`` sees to that.
        """
        subscription = subscription or self.subscription()
        return customer_actions.ask_to_lift(subscription.pk, DETAILS, by=self.actor(by))

    def submitted_by_partner(self, subscription: Subscription | None = None) -> Case:
        """A case that the partner submitted for its customer: it is in review."""
        subscription = subscription or self.subscription(CSP)
        return partner_actions.submit_for_customer(
            subscription.pk, DETAILS, ATTESTATION, by=self.actor("petra")
        )

    def checked(self, case: Case) -> Case:
        """A case in review whose anti-fraud checks have ended, each without an answer: nothing was asked."""
        start_checks(case.reference, by=SYSTEM)
        end_round(case.reference, by=SYSTEM)
        return Case.objects.get(pk=case.pk)

    def in_force(self, example: str) -> str:
        """The id of one of the shipped examples that is in force now, as a version of its own."""
        text = (SHIPPED / f"{example}.yaml").read_text()
        text = text.replace(f"id: {example}", "id: in-force\neffective_from: 2026-01-01T00:00:00Z")
        return add_version(text, "in force").version.pk

    def case_in(self, state: State) -> Case:
        """A new case in any state but ``NEW`` and ``SUBMITTED``, which are passed within a submission."""
        return WAYS[state](self)


def make_world() -> World:
    """The policies, the reason codes, and everybody.

    Contoso: ``olive`` (owner), ``conrad`` (contributor), ``rhea`` (reader). Fabrikam: ``mallory``
    (owner), who must never get in. Northwind: ``petra`` (owner), ``prue`` (reader). Adatum:
    ``quentin`` (owner). The desk: ``rita`` and ``remy`` (reviewers), ``sena`` (senior), ``tied``
    (a senior who also reads Contoso), ``audrey`` (auditor), ``opal`` (operator). ``nora`` signs
    in and belongs to nobody.
    """
    load_shipped_policies()
    load_shipped_reasons()
    world = World(
        contoso=Customer.objects.create(number="C-1", name="Contoso"),
        fabrikam=Customer.objects.create(number="C-2", name="Fabrikam"),
        northwind=Partner.objects.create(number="P-1", name="Northwind Cloud"),
        adatum=Partner.objects.create(number="P-2", name="Adatum Hosting"),
    )
    for name, desk_role in PEOPLE.items():
        email = f"{name}@people.example"
        world.people[name] = User.objects.create_user(
            email, "port25-demo", name=name.title(), desk_role=desk_role
        )
    _make_members(world)
    return world


PEOPLE = {
    "olive": "",
    "conrad": "",
    "rhea": "",
    "mallory": "",
    "petra": "",
    "prue": "",
    "quentin": "",
    "rita": DeskRole.REVIEWER,
    "remy": DeskRole.REVIEWER,
    "sena": DeskRole.SENIOR,
    "tied": DeskRole.SENIOR,
    "audrey": DeskRole.AUDITOR,
    "opal": DeskRole.OPERATOR,
    "nora": "",
}


def _make_members(world: World) -> None:
    customers = [
        ("olive", world.contoso, Role.OWNER),
        ("conrad", world.contoso, Role.CONTRIBUTOR),
        ("rhea", world.contoso, Role.READER),
        ("tied", world.contoso, Role.READER),
        ("mallory", world.fabrikam, Role.OWNER),
    ]
    partners = [
        ("petra", world.northwind, Role.OWNER),
        ("prue", world.northwind, Role.READER),
        ("quentin", world.adatum, Role.OWNER),
    ]
    for name, customer, role in customers:
        CustomerMember.objects.create(user=world.user(name), customer=customer, role=role)
    for name, partner, role in partners:
        PartnerMember.objects.create(user=world.user(name), partner=partner, role=role)


def _decided(state: State) -> Callable[[World], Case]:
    def bring(world: World) -> Case:
        reference = world.checked(world.submitted()).reference
        rita, sena = world.actor("rita"), world.actor("sena")
        if state == State.DENIED:
            return reviewer_actions.deny(reference, DENIAL, by=rita)
        case = reviewer_actions.approve(reference, APPROVAL, by=rita)
        if state == State.SUSPENDED:
            case = reviewer_actions.suspend(reference, REVOCATION, by=rita)
        if state == State.REVOKED:
            case = reviewer_actions.revoke(reference, REVOCATION, by=sena)
        return case

    return bring


def _asked(world: World) -> Case:
    return reviewer_actions.ask(
        world.checked(world.submitted()).reference, by=world.actor("rita"), text="To whom?"
    )


def _declined(world: World) -> Case:
    reference = world.submitted(world.subscription(CSP)).reference
    return partner_actions.decline(reference, DECLINED, by=world.actor("petra"))


def _withdrawn(world: World) -> Case:
    return customer_actions.withdraw(world.submitted().reference, by=world.actor("olive"))


WAYS: dict[State, Callable[[World], Case]] = {
    State.WITH_PARTNER: lambda world: world.submitted(world.subscription(CSP)),
    State.IN_REVIEW: lambda world: world.checked(world.submitted()),
    State.AWAITING_ANSWER: _asked,
    State.APPROVED: _decided(State.APPROVED),
    State.SUSPENDED: _decided(State.SUSPENDED),
    State.DENIED: _decided(State.DENIED),
    State.REVOKED: _decided(State.REVOKED),
    State.REJECTED: lambda world: world.submitted(world.subscription(FREE_TRIAL)),
    State.NOT_NEEDED: lambda world: world.submitted(world.subscription(ENTERPRISE)),
    State.DECLINED: _declined,
    State.WITHDRAWN: _withdrawn,
}
