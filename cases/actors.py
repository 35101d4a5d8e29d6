"""Who acts: a person with what they belong to, or the system. Every action names its actor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from django.db.models import Value

from cases.refusals import NotPermitted
from people.models import DeskRole, User
from subscriptions.models import MAY_ACT, CustomerMember, PartnerMember

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Side(StrEnum):
    """On whose side of a case somebody stands."""

    CUSTOMER = "customer"
    PARTNER = "partner"
    DESK = "desk"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Plain values about who acts; ``customers`` and ``partners`` map an id to the member's role."""

    user_id: int | None
    name: str
    desk_role: str = ""
    customers: Mapping[int, str] = field(default_factory=dict)
    partners: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, user: "User | AnonymousUser") -> Self:
        """The actor that a signed-in person is; whoever was shut out is nobody. One query."""
        if not isinstance(user, User) or not user.is_active:
            return cls(None, "Nobody")
        belongs: dict[str, dict[int, str]] = {"customer": {}, "partner": {}}
        for party, party_id, role in _memberships(user):
            belongs[party][party_id] = role
        return cls(user.pk, user.name, user.desk_role, belongs["customer"], belongs["partner"])

    @property
    def person_id(self) -> int:
        """The user who acts. Raises ``NotPermitted`` for the system, and where nobody signed in."""
        if self.user_id is None:
            raise NotPermitted("Only a person who signed in can do this.")
        return self.user_id

    @property
    def is_system(self) -> bool:
        """The product itself acts."""
        return self is SYSTEM

    @property
    def is_reviewer(self) -> bool:
        """May decide cases."""
        return self.desk_role in (DeskRole.REVIEWER, DeskRole.SENIOR)

    @property
    def is_senior(self) -> bool:
        """May revoke."""
        return self.desk_role == DeskRole.SENIOR

    @property
    def may_read_desk(self) -> bool:
        """May see every case."""
        return self.is_reviewer or self.desk_role == DeskRole.AUDITOR

    def may_act_for_customer(self, customer_id: int) -> bool:
        """Is an owner or contributor of that customer."""
        return self.customers.get(customer_id) in MAY_ACT

    def may_act_for_partner(self, partner_id: int | None) -> bool:
        """Is an owner or contributor of that partner."""
        return partner_id is not None and self.partners.get(partner_id) in MAY_ACT


SYSTEM = Actor(None, "Unblock Desk")


def _memberships(user: User) -> list[tuple[str, int, str]]:
    customers = CustomerMember.objects.filter(user=user).values_list(Value("customer"), "customer_id", "role")
    partners = PartnerMember.objects.filter(user=user).values_list(Value("partner"), "partner_id", "role")
    return list(customers.union(partners, all=True))
