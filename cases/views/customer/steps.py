"""The one thing that a customer does next about a subscription, and whether this person may."""

from dataclasses import dataclass

from django.urls import reverse

from cases.actors import Actor, Side
from cases.machine import verbs_of
from cases.models import Case
from cases.status import Port, Standing, SubscriptionStatus
from subscriptions.models import Subscription
from subscriptions.policy.document import Service
from subscriptions.policy.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Step:
    """A button: where it leads, and what it says. ``note`` is a promise of time to stand beside it."""

    url: str
    label: str
    note: str = ""
    is_quiet: bool = False


ASK_LABELS = {
    Outcome.MAY_REQUEST: "Ask to lift the block",
    Outcome.CANNOT_TELL: "Ask a person to decide",
}


def may_submit(subscription: Subscription, actor: Actor) -> bool:
    """Whether the machine lets the actor open a case for this subscription in its customer's name."""
    new = Case(
        subscription_id=subscription.pk,
        customer_id=subscription.customer_id,
        partner_id=subscription.partner_id,
        submitted_side=Side.CUSTOMER,
    )
    return "submit" in verbs_of(new, actor)


def next_step(status: SubscriptionStatus, actor: Actor, service: Service) -> Step | None:
    """The one thing to do next; ``None`` where there is nothing to do."""
    if status.open_case is not None:
        return _step_in(status.open_case, actor.may_act_for_customer(status.subscription.customer_id))
    if status.exempt_case is not None:
        return _step_while_exempt(status.exempt_case, status.port)
    if status.may_ask:
        return _step_to_ask(status, service) if may_submit(status.subscription, actor) else None
    return Step(reverse("relay"), "Set up a relay", is_quiet=True) if status.is_blocked else None


def _step_in(case: Standing, may_act: bool) -> Step:
    if case.waits_for(Side.CUSTOMER) and may_act:
        return Step(reverse("customer:case", args=[case.reference]) + "#answer", "Answer the question")
    return Step(reverse("customer:case", args=[case.reference]), "See the request", is_quiet=True)


def _step_while_exempt(case: Standing, port: Port) -> Step | None:
    if port != Port.SUSPENDED:
        return None
    return Step(reverse("customer:case", args=[case.reference]), "See why, and write to us")


def _step_to_ask(status: SubscriptionStatus, service: Service) -> Step:
    subscription = status.subscription
    url = reverse("customer:ask", args=[subscription.pk])
    if status.eligibility.outcome == Outcome.VIA_PARTNER and subscription.partner is not None:
        days = service.partner_within_working_days
        return Step(url, f"Ask {subscription.partner.name}", f"They answer within {days} working days.")
    label = ASK_LABELS.get(status.eligibility.outcome, "Ask our review team")
    return Step(url, label, f"Decided within {service.decision_within_working_days} working days.")
