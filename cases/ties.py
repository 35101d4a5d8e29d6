"""What binds a subscription to its customer and partner: cases that are open, and exemptions."""

from collections.abc import Collection
from uuid import UUID

from cases.models import EXEMPT_STATES, OPEN_STATES, Case, State


def ties_of(subscriptions: Collection[UUID]) -> dict[UUID, str]:
    """For each that is bound, by what, in words; the others are left out. An import asks before it moves one."""
    cases = Case.objects.filter(subscription__in=subscriptions, state__in=(*OPEN_STATES, *EXEMPT_STATES))
    return {
        subscription: f"case {reference} is {State(state).label.lower()}"
        for subscription, reference, state in cases.order_by("id").values_list(
            "subscription_id", "reference", "state"
        )
    }
