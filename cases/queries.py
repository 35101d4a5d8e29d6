"""Querysets named after the page that needs them; none grows in queries with its rows."""

from datetime import timedelta
from uuid import UUID

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce, JSONObject

from cases.access import of_reference, visible_cases
from cases.actors import Actor, Side
from cases.models import (
    EXEMPT_STATES,
    OPEN_STATES,
    Case,
    CaseEvent,
    CaseMessage,
    EventKind,
    Exemption,
    State,
)
from cases.refusals import existing
from cases.values import MOST_LISTED
from subscriptions.models import Customer, Subscription

PAGE = 50
MESSAGES_SHOWN = 50
WAITS_FOR_PARTNER = Q(state=State.WITH_PARTNER) | Q(state=State.AWAITING_ANSWER, submitted_side=Side.PARTNER)


def with_standing(subscriptions: QuerySet[Subscription], owner: str) -> QuerySet[Subscription]:
    """Each with ``open_case``, ``exempt_case`` (what ``status.Standing`` takes) and ``exempt_since``, or ``None``.

    ``owner`` is ``customer`` or ``partner``: a case of the one before stays theirs where a
    subscription moved, while the exemption goes with it.
    """
    cases = Case.objects.filter(subscription=OuterRef("pk"), **{owner: OuterRef(owner)})
    told = ("reference", "state", "submitted_side", "due_at")
    as_json = JSONObject(**{name: name for name in told})
    exempt = Exemption.objects.filter(subscription=OuterRef("pk"), ends_at=None)
    return subscriptions.annotate(
        open_case=Subquery(cases.filter(state__in=OPEN_STATES).values(json=as_json)),
        exempt_case=Subquery(cases.filter(state__in=EXEMPT_STATES).values(json=as_json)),
        exempt_since=Subquery(exempt.values("starts_at")),
    )


def subscriptions_for_customer(actor: Actor) -> QuerySet[Subscription]:
    """The customer home's list, by name."""
    mine = Subscription.objects.filter(customer_id__in=list(actor.customers))
    return with_standing(mine.select_related("customer", "partner"), "customer").order_by("name", "id")


def customers_of(actor: Actor) -> QuerySet[Customer]:
    """The customers that the person belongs to, by name."""
    return Customer.objects.filter(pk__in=list(actor.customers)).order_by("name", "id")


def subscription_of_customer(actor: Actor, subscription_id: UUID) -> Subscription:
    """One subscription of the customer's own. Raises ``NotThere``."""
    return existing(subscriptions_for_customer(actor).filter(pk=subscription_id).first(), "subscription")


def held_addresses(subscription: Subscription) -> list[str]:
    """The addresses that it holds now, as many as can be asked about."""
    held = subscription.addresses.filter(held_until=None).order_by("address")
    return list(held.values_list("address", flat=True)[:MOST_LISTED])


def subscriptions_for_partner(actor: Actor) -> QuerySet[Subscription]:
    """The partner home's list of what it resells, by name."""
    resold = Subscription.objects.filter(partner_id__in=list(actor.partners))
    return with_standing(resold.select_related("customer", "partner"), "partner").order_by("name", "id")


def subscription_of_partner(actor: Actor, subscription_id: UUID) -> Subscription:
    """One subscription that the partner resells. Raises ``NotThere``."""
    return existing(subscriptions_for_partner(actor).filter(pk=subscription_id).first(), "subscription")


def matching_words(subscriptions: QuerySet[Subscription], words: str) -> QuerySet[Subscription]:
    """Those whose name or customer holds ``words``, or whose ID begins so."""
    in_names = Q(name__icontains=words) | Q(customer__name__icontains=words)
    return subscriptions.filter(in_names | Q(pk__istartswith=words))


def customers_of_partner(actor: Actor) -> QuerySet[Customer]:
    """Who the partner resells to, by name."""
    resold = Subscription.objects.filter(partner_id__in=list(actor.partners))
    return Customer.objects.filter(pk__in=resold.values("customer_id")).order_by("name", "id")


def with_asked_at(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each with ``asked_at``: when the last question was asked, or ``None``."""
    asked = CaseEvent.objects.filter(case=OuterRef("pk"), kind=EventKind.ASKED).order_by("-seq")
    return cases.annotate(asked_at=Subquery(asked.values("at")[:1]))


def cases_of_subscription(subscription: Subscription) -> QuerySet[Case]:
    """Its cases that are its customer's, the newest first; those of a customer before stay theirs."""
    mine = Case.objects.filter(subscription=subscription, customer=subscription.customer_id)
    return mine.order_by("-id")


def case_for_page(actor: Actor, reference: str, *, before: int | None = None) -> Case:
    """One case with all that its page shows, in a fixed number of queries. Raises ``NotThere``.

    Of messages that nobody had to answer there may be any number: the newest, or those before an
    event's number, come with all other events. ``earlier_messages`` is the number before which
    there are more, or ``None``.
    """
    rows = with_asked_at(visible_cases(actor)).select_related(
        "subscription", "customer", "partner", "submitted_by"
    )
    case = existing(of_reference(rows, reference).first(), "case")
    written = case.events.filter(kind=EventKind.MESSAGE).order_by("-seq")
    if before is not None:
        written = written.filter(seq__lt=before)
    shown = list(written.values_list("seq", flat=True)[: MESSAGES_SHOWN + 1])
    case.earlier_messages = shown[MESSAGES_SHOWN - 1] if len(shown) > MESSAGES_SHOWN else None  # type: ignore[attr-defined]  # for the page
    there = ~Q(kind=EventKind.MESSAGE) | Q(seq__in=shown[:MESSAGES_SHOWN])
    prefetch_related_objects([case], Prefetch("events", CaseEvent.objects.filter(there).order_by("seq")))
    cited = [event.data["message"] for event in case.events.all() if "message" in event.data]
    said = Prefetch("messages", CaseMessage.objects.filter(pk__in=cited))
    prefetch_related_objects([case], said, "decisions")
    return case


def waiting_for_customer(actor: Actor) -> QuerySet[Case]:
    """What waits for the customer's answer, the oldest first, with ``asked_at``."""
    mine = Case.objects.filter(customer_id__in=list(actor.customers))
    waiting = mine.filter(state=State.AWAITING_ANSWER, submitted_side=Side.CUSTOMER)
    return with_asked_at(waiting).select_related("subscription").order_by("id")


def waiting_for_partner(actor: Actor, answer_within: timedelta) -> QuerySet[Case]:
    """What waits for the partner: to vouch for, or to answer; the most urgent first.

    No due time runs while an answer is awaited: there ``answer_within`` counts from the question.
    """
    waiting = with_asked_at(recent_cases_of_partner(actor)).filter(WAITS_FOR_PARTNER)
    until = Coalesce(F("due_at"), F("asked_at") + answer_within)
    return waiting.annotate(waits_until=until).order_by("waits_until", "id")


def recent_cases_of_partner(actor: Actor) -> QuerySet[Case]:
    """The partner's cases, the newest first."""
    theirs = Case.objects.filter(partner_id__in=list(actor.partners))
    return theirs.select_related("subscription", "customer", "partner").order_by("-id")


def other_cases_of_partner(actor: Actor) -> QuerySet[Case]:
    """The partner's cases that do not wait for it, the newest first."""
    return recent_cases_of_partner(actor).exclude(WAITS_FOR_PARTNER)
