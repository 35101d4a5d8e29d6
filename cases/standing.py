"""What already stands for a subscription: an open case, or one that made it exempt."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone

from cases.access import is_of, is_visible
from cases.actors import SYSTEM, Actor
from cases.models import EXEMPT_STATES, OPEN_STATES, Case, State
from cases.refusals import Conflict, NotThere
from statements.asked import Asked, Built
from subscriptions.models import Subscription, SubscriptionState
from subscriptions.policy.document import Policy
from subscriptions.policy.versions import policy_found, versions_in_force

OF_OTHERS = "Something from before this subscription was yours has to be settled first. Ask again later, or ask our support."


def lock_subscription(subscription_id: UUID, *, by: Actor) -> Subscription:
    """The subscription as it is now, locked until the transaction ends, with what stands for it.

    Who submits, starts an exemption or imports a change waits here for the other. Two statements,
    since one that waited for a lock still reads what stood before it waited. ``open_case`` and
    ``exempt_case`` are annotated (``reference``, ``state``, whose it is, or ``None``), and what
    ``policy_by_now`` asks for. Raises ``NotThere``.
    """
    _LOCKED.ask(pk=subscription_id)
    subscription = _WITH_STANDING.first(pk=subscription_id, at=timezone.now())
    if subscription is None or not is_visible(subscription, by):
        raise NotThere("There is no such subscription.")
    return subscription


def policy_by_now(subscription: Subscription) -> Policy:
    """The policy that was in force when the subscription was locked. Raises ``NoPolicy``."""
    version: dict[str, str] | None = subscription.in_force  # type: ignore[attr-defined]  # annotated
    return policy_found((version["id"], version["sha256"]) if version else None)


def refuse_unless_free(subscription: Subscription) -> None:
    """Raise ``Conflict`` where a locked subscription is deleted, or where a case of it is open or suspended."""
    refuse_deleted(subscription)
    open_case: dict[str, str] = subscription.open_case or {}  # type: ignore[attr-defined]  # annotated
    if open_case:
        reference = open_case["reference"]
        raise Conflict(f"There is an open case for this subscription: {reference}.", reference)
    exempt_case: dict[str, str] = subscription.exempt_case or {}  # type: ignore[attr-defined]  # annotated
    if exempt_case.get("state") == State.SUSPENDED:
        reference = exempt_case["reference"]
        message = f"The exemption of this subscription is suspended. Write to us in case {reference} instead."
        raise Conflict(message, reference)


def refuse_beside_others(subscription: Subscription, *, by: Actor) -> None:
    """Raise ``Conflict`` where a case stands for a locked subscription that the actor may not see.

    It came with the subscription, from its former customer or partner: they read nothing of it here.
    """
    for case in (subscription.open_case, subscription.exempt_case):  # type: ignore[attr-defined]  # annotated
        if case and not is_of(case["customer_id"], case["partner_id"], by):
            raise Conflict(OF_OTHERS)


def rejection_on_record(
    subscription: Subscription, outcome: str, policy_id: str, facts: Sequence[Mapping[str, Any]]
) -> Case | None:
    """The rejected case that says already what would be said now: by the same policy and the same facts.

    ``facts`` are as a case keeps them; from where they came, and when, makes them no others.
    """
    rejected = Case.objects.filter(subscription=subscription, state=State.REJECTED).order_by("-id")
    theirs = rejected.filter(customer=subscription.customer_id, partner=subscription.partner_id)
    case = theirs.select_related("subscription", "customer", "partner").first()
    if case is None or (case.outcome, case.policy_id) != (outcome, policy_id):
        return None
    return case if _told(case.facts) == _told(facts) else None


def _told(facts: Sequence[Mapping[str, Any]]) -> list[tuple[Any, Any]]:
    return [(fact["label"], fact["value"]) for fact in facts]


def refuse_deleted(subscription: Subscription) -> None:
    """Raise ``Conflict`` for a deleted subscription. A disabled one may come back, and may ask."""
    if subscription.state == SubscriptionState.DELETED:
        raise Conflict("This subscription was deleted, so there is nothing left to open port 25 for.")


def locked_exempt_by(case: Case) -> str | None:
    """What ``exempt_by`` says of a locked case's subscription, which is locked and read again.

    Raises ``Conflict`` where the case cannot be judged again beside what stands, and where the
    subscription is another customer's by now: who asked was not they.
    """
    case.subscription = lock_subscription(case.subscription_id, by=SYSTEM)
    if case.subscription.customer_id != case.customer_id:
        raise Conflict("This subscription belongs to another customer now. They can ask for themselves.")
    refuse_unless_free(case.subscription)
    return exempt_by(case.subscription)


def exempt_by(subscription: Subscription) -> str | None:
    """The reference of the case that makes a locked subscription exempt, if there is one."""
    exempt_case: dict[str, str] | None = subscription.exempt_case  # type: ignore[attr-defined]  # annotated
    return exempt_case["reference"] if exempt_case else None


def _case_in(states: tuple[State, ...]) -> Subquery:
    cases: QuerySet[Case] = Case.objects.filter(subscription=OuterRef("pk"), state__in=states)
    told = ("reference", "state", "customer_id", "partner_id")
    return Subquery(cases.values(json=JSONObject(**{name: name for name in told})))


_OF_ID = Subscription.objects.filter(pk=Asked("pk"))
_LOCKED = Built(lambda: _OF_ID.select_for_update(no_key=True).values_list("pk", flat=True))
_WITH_STANDING = Built(
    lambda: _OF_ID.select_related("customer", "partner").annotate(
        open_case=_case_in(OPEN_STATES),
        exempt_case=_case_in(EXEMPT_STATES),
        in_force=Subquery(versions_in_force(Asked("at")).values(json=JSONObject(id="id", sha256="sha256"))),
    )
)
