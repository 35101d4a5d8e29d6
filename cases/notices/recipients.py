"""Who gets a case's mail on each side."""

from django.db.models import Q, QuerySet

from cases.actors import Side
from cases.models import Case
from people.models import DeskRole, User
from subscriptions.models import MAY_ACT


def recipients(case: Case, side: str) -> QuerySet[User]:
    """The people of one side: those who may act for the customer or partner, or the reviewers.

    A reviewer with an interest in the case is told nothing as one of the desk: see
    ``permissions.has_interest``.
    """
    people = User.objects.filter(is_active=True).order_by("pk")
    if side == Side.CUSTOMER:
        return people.filter(
            customer_memberships__customer=case.customer_id, customer_memberships__role__in=MAY_ACT
        )
    if side == Side.PARTNER:
        return people.filter(
            partner_memberships__partner=case.partner_id, partner_memberships__role__in=MAY_ACT
        )
    tied = Q(customer_memberships__customer=case.customer_id) | Q(pk=case.submitted_by_id)
    if case.partner_id is not None:
        tied |= Q(partner_memberships__partner=case.partner_id)
    return reviewers().exclude(tied)


def reviewers() -> QuerySet[User]:
    """Everybody who reviews cases."""
    return User.objects.filter(is_active=True, desk_role__in=(DeskRole.REVIEWER, DeskRole.SENIOR)).order_by(
        "pk"
    )
