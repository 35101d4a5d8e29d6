"""Which cases and subscriptions a person may see: the only door for views, actions and API.

What is not theirs answers as if it were not there.
"""

from django.db.models import Q, QuerySet

from cases.actors import Actor
from cases.models import Case
from subscriptions.models import Subscription


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """Every case for the desk; the customer's own; those of the partner's subscriptions."""
    return Case.objects.all() if _sees_all(actor) else Case.objects.filter(_theirs(actor))


def visible_subscriptions(actor: Actor) -> QuerySet[Subscription]:
    """Every subscription for the desk; the customer's own; those that the partner resells."""
    return Subscription.objects.all() if _sees_all(actor) else Subscription.objects.filter(_theirs(actor))


def _sees_all(actor: Actor) -> bool:
    return actor.is_system or actor.may_read_desk


def _theirs(actor: Actor) -> Q:
    return Q(customer_id__in=list(actor.customers)) | Q(partner_id__in=list(actor.partners))
