"""Who acts: a person with what they belong to, or the system. Every action names its actor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from cases.refusals import NotPermitted
from people.models import DeskRole, User
from statements.asked import Asked, Built
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
        """The actor that a signed-in person is; whoever was shut out is nobody.

        One query, and none for a user that came from ``with_roles``, as those who sign in do.
        """
        if not isinstance(user, User) or not user.is_active:
            return cls(None, "Nobody")
        person: Any = user if hasattr(user, "customer_roles") else with_roles(user.pk)
        customers = {member["party"]: member["role"] for member in person.customer_roles}
        partners = {member["party"]: member["role"] for member in person.partner_roles}
        return cls(user.pk, user.name, user.desk_role, customers, partners)

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


def with_roles(user_id: int) -> User | None:
    """A person with what they belong to, by one query; ``None`` where there is nobody."""
    return _WITH_ROLES.first(pk=user_id)


def _roles(members: QuerySet[Any], party: str) -> ArraySubquery:
    theirs = members.filter(user=OuterRef("pk"))
    return ArraySubquery(theirs.values(json=JSONObject(party=party, role="role")))


_WITH_ROLES = Built(
    lambda: User.objects.filter(pk=Asked("pk")).annotate(
        customer_roles=_roles(CustomerMember.objects.all(), "customer_id"),
        partner_roles=_roles(PartnerMember.objects.all(), "partner_id"),
    )
)
