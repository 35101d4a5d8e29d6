"""Which cases and subscriptions a person may see: the only door for views, actions and API.

What is not theirs answers as if it were not there.
"""

from django.db.models import Q, QuerySet

from cases.actors import Actor
from cases.models import Case
from cases.reference import parse_reference
from subscriptions.models import Subscription


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """Every case for the desk; the customer's own; those of the partner's subscriptions."""
    return Case.objects.all() if sees_all(actor) else Case.objects.filter(_theirs(actor))


def visible_subscriptions(actor: Actor) -> QuerySet[Subscription]:
    """Every subscription for the desk; the customer's own; those that the partner resells."""
    return Subscription.objects.all() if sees_all(actor) else Subscription.objects.filter(_theirs(actor))


def sees_all(actor: Actor) -> bool:
    """Whether nothing is kept from them: the desk's people, and the system."""
    return actor.is_system or actor.may_read_desk


def is_visible(row: Case | Subscription, actor: Actor) -> bool:
    """Whether one that was read already is among those that ``visible_…`` would find."""
    return is_of(row.customer_id, row.partner_id, actor)


def is_of(customer_id: int, partner_id: int | None, actor: Actor) -> bool:
    """Whether the actor may see what is that customer's, through that partner."""
    return sees_all(actor) or customer_id in actor.customers or partner_id in actor.partners


def without_interest(cases: QuerySet[Case], actor: Actor) -> QuerySet[Case]:
    """The cases but those of ``permissions.has_interest``, taken out in SQL."""
    return cases.exclude(_theirs(actor) | Q(submitted_by=actor.user_id))


def of_reference(cases: QuerySet[Case], typed: str) -> QuerySet[Case]:
    """The one of a reference as people type it; none where it is no reference, whatever else it is."""
    reference = parse_reference(typed)
    return cases.filter(reference=reference) if reference else cases.none()


def _theirs(actor: Actor) -> Q:
    return Q(customer_id__in=list(actor.customers)) | Q(partner_id__in=list(actor.partners))
