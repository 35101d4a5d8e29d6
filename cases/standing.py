"""What already stands for a subscription: an open case, or one that made it exempt."""

from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from cases.models import EXEMPT_STATES, OPEN_STATES, Case, State
from cases.refusals import Conflict
from subscriptions.models import Subscription


def standing_of(subscription: UUID | OuterRef) -> Subquery:
    """The exempt case of a subscription as ``{reference, state}``, for an annotation."""
    cases = Case.objects.filter(subscription=subscription, state__in=EXEMPT_STATES)
    return Subquery(cases.values(json=JSONObject(reference="reference", state="state")))


def standing_reference(standing: dict[str, str] | None) -> str | None:
    """The reference of the case that makes a subscription exempt.

    Raises ``Conflict`` where that exemption is suspended: a new request is no way round it.
    """
    if standing and standing["state"] == State.SUSPENDED:
        reference = standing["reference"]
        message = f"The exemption of this subscription is suspended. Write to us in case {reference} instead."
        raise Conflict(message, reference)
    return standing["reference"] if standing else None


def refuse_open_case(subscription_id: UUID, *, besides: Case | None = None) -> None:
    """Raise ``Conflict`` naming the subscription's open case, if there is one."""
    cases = Case.objects.filter(subscription_id=subscription_id, state__in=OPEN_STATES)
    other = next((case for case in cases if case != besides), None)
    if other is not None:
        raise Conflict(f"There is an open case for this subscription: {other.reference}.", other.reference)


def locked_standing(case: Case) -> str | None:
    """The exempt case's reference, with the subscription locked against a submission meanwhile."""
    rows = Subscription.objects.select_for_update(no_key=True).annotate(standing=standing_of(OuterRef("pk")))
    subscription = rows.get(pk=case.subscription_id)
    refuse_open_case(case.subscription_id, besides=case)
    return standing_reference(subscription.standing)
