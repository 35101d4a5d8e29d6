"""What a customer's subscriptions need, so that what needs something comes first; counted by the database.

The policy decides in Python what is not blocked. A customer has few kinds of subscription (offer,
quotaId, side of the cut-off), and all of a kind come to one outcome: one of each is judged.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Case as DbCase
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import JSONObject

from cases.actors import Actor, Side
from cases.models import OPEN_STATES, Case, Decision, Exemption, State, Verb
from subscriptions.judging import judge
from subscriptions.models import Subscription
from subscriptions.policy.document import Policy
from subscriptions.policy.outcome import Outcome

TURNED_DOWN = {
    Verb.DENY: State.DENIED,
    Verb.REVOKE: State.REVOKED,
    Verb.DECLINE: State.DECLINED,
}
KIND = ("customer_id", "offer_id", "quota_id", "side")


class Need(models.IntegerChoices):
    """Into which part of the list a subscription belongs; the parts' order is the list's."""

    YOURS = 0, "Waiting for you"
    TURNED_DOWN = 1, "Denied or taken back"
    ASKED = 2, "Asked"
    BLOCKED = 3, "Blocked"
    OPEN = 4, "Open"


def with_need(rows: QuerySet[Subscription], actor: Actor, policy: Policy, at: datetime) -> QuerySet[Any]:
    """The customer's subscriptions, each with its ``need``. One query beforehand, for their kinds."""
    mine = Case.objects.filter(customer_id__in=list(actor.customers))
    exempt = Exemption.objects.filter(subscription__customer_id__in=list(actor.customers), ends_at=None)
    open_port = Q(pk__in=exempt.values("subscription_id"))  # also one that came with the subscription
    for kind in _not_blocked(actor, policy, at):
        open_port |= kind
    answer = Q(state=State.AWAITING_ANSWER, submitted_side=Side.CUSTOMER)
    return rows.annotate(side=_side(policy)).annotate(
        need=DbCase(
            When(Q(pk__in=_of(mine.filter(answer | Q(state=State.SUSPENDED)))), then=Value(Need.YOURS)),
            When(Q(pk__in=_of(mine.filter(state__in=OPEN_STATES))), then=Value(Need.ASKED)),
            When(open_port, then=Value(Need.OPEN)),
            When(
                Q(pk__in=_of(mine.filter(state__in=list(TURNED_DOWN.values())))), then=Value(Need.TURNED_DOWN)
            ),
            default=Value(Need.BLOCKED),
            output_field=models.IntegerField(),
        )
    )


def counts_of(rows: QuerySet[Any]) -> dict[Need, int]:
    """How many of ``rows`` have each need, in the list's order, without those that none has."""
    counted = rows.order_by().values("need").annotate(count=Count("pk")).order_by("need")
    return {Need(row["need"]): row["count"] for row in counted}


def with_turned_down(rows: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """Each with ``turned_down``: its newest denial, revocation or partner's decline, or ``None``.

    It holds ``reference``, ``state`` (of the case) and ``at`` (ISO 8601 text).
    """
    theirs = Decision.objects.filter(case__subscription=OuterRef("pk"), case__customer=OuterRef("customer"))
    newest = theirs.filter(verb__in=list(TURNED_DOWN)).order_by("-id")
    told = JSONObject(reference="case__reference", state="case__state", at="made_at")
    return rows.annotate(turned_down=Subquery(newest.values(json=told)[:1]))


def _of(cases: QuerySet[Case]) -> QuerySet[Case, Any]:
    return cases.values("subscription_id")


def _not_blocked(actor: Actor, policy: Policy, at: datetime) -> Iterator[Q]:
    """The kinds among the actor's subscriptions that the policy does not block."""
    theirs = Subscription.objects.filter(customer_id__in=list(actor.customers)).select_related("customer")
    one_of_each = theirs.annotate(side=_side(policy)).order_by(*KIND).distinct(*KIND)
    for subscription in one_of_each:
        if judge(subscription, policy, at).outcome == Outcome.NOT_BLOCKED:
            yield Q(**{name: getattr(subscription, name) for name in KIND})


def _side(policy: Policy) -> DbCase:
    """On which side of the cut-off: not known, only the day of it known, before it, or not before it."""
    if policy.cut_off is None:
        return DbCase(default=Value("any"), output_field=models.CharField())
    day = policy.cut_off.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    is_that_day = Q(is_created_by_day=True, created_at__gte=day, created_at__lt=day + timedelta(days=1))
    return DbCase(
        When(Q(created_at=None), then=Value("unknown")),
        When(is_that_day, then=Value("that day")),
        When(Q(created_at__lt=policy.cut_off), then=Value("before")),
        default=Value("from"),
        output_field=models.CharField(),
    )
