"""Where a subscription stands with port 25, and the one thing to do next; where a case stands, and whose turn it is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone

from cases.actors import Actor, Side
from cases.models import Case, State
from subscriptions.judging import judge
from subscriptions.models import Subscription
from subscriptions.policy.document import Policy
from subscriptions.policy.evaluate import Eligibility, Outcome


class Port(StrEnum):
    """Whether the subscription may open port 25 now."""

    OPEN = "open"
    EXEMPT = "exempt"
    SUSPENDED = "suspended"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SubscriptionStatus:
    """A subscription as its customer and partner see it."""

    subscription: Subscription
    eligibility: Eligibility
    port: Port
    exempt_since: datetime | None
    open_reference: str
    exempt_reference: str

    @property
    def may_ask(self) -> bool:
        """A reviewable request is possible: nothing stands in its way, and the policy lets ask."""
        asks = (Outcome.MAY_REQUEST, Outcome.VIA_PARTNER, Outcome.CANNOT_TELL)
        return not self.open_reference and not self.exempt_reference and self.eligibility.outcome in asks

    @property
    def may_have_it_recorded(self) -> bool:
        """The policy says never or not yet: a rejection can be had on record."""
        outcomes = (Outcome.NEVER, Outcome.NOT_YET)
        return not self.open_reference and not self.exempt_reference and self.eligibility.outcome in outcomes


def status_of(subscription: Subscription, policy: Policy) -> SubscriptionStatus:
    """The status of a subscription that came with its standing (``queries.with_standing``)."""
    open_case = subscription.open_case or {}  # type: ignore[attr-defined]  # annotated
    exempt_case = subscription.exempt_case or {}  # type: ignore[attr-defined]  # annotated
    eligibility = judge(subscription, policy, timezone.now())
    return SubscriptionStatus(
        subscription=subscription,
        eligibility=eligibility,
        port=_port(eligibility.outcome, exempt_case.get("state")),
        exempt_since=subscription.exempt_since,  # type: ignore[attr-defined]  # annotated
        open_reference=open_case.get("reference", ""),
        exempt_reference=exempt_case.get("reference", ""),
    )


def _port(outcome: Outcome, exempt_state: str | None) -> Port:
    if exempt_state == State.APPROVED:
        return Port.EXEMPT
    if exempt_state == State.SUSPENDED:
        return Port.SUSPENDED
    known = {Outcome.NOT_BLOCKED: Port.OPEN, Outcome.CANNOT_TELL: Port.UNKNOWN}
    return known.get(outcome, Port.BLOCKED)


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, by when, as one side reads it; ``is_yours`` is the reader's own side."""

    who: str
    headline: str
    due_at: datetime | None
    is_yours: bool


def turn_of(case: Case, reader: Side) -> Turn | None:
    """Whose turn it is; ``None`` where nobody has to do anything."""
    if case.state == State.WITH_PARTNER:
        return _turn(Side.PARTNER, case.partner.name if case.partner else "your partner", case, reader)
    if case.state == State.IN_REVIEW:
        return _turn(Side.DESK, "our review team", case, reader)
    if case.state == State.AWAITING_ANSWER:
        name = (
            case.partner.name if case.submitted_side == Side.PARTNER and case.partner else case.customer.name
        )
        return _turn(Side(case.submitted_side), name, case, reader)
    return None


def _turn(side: Side, name: str, case: Case, reader: Side) -> Turn:
    if side == reader:
        return Turn(side, _YOURS[State(case.state)], case.due_at, is_yours=True)
    words = "Waiting for an answer from" if case.state == State.AWAITING_ANSWER else "With"
    return Turn(side, f"{words} {name}", case.due_at, is_yours=False)


_YOURS = {
    State.WITH_PARTNER: "Your customer waits for you",
    State.IN_REVIEW: "With the review team",
    State.AWAITING_ANSWER: "Your answer is needed",
}


def reader_side(case: Case, actor: Actor) -> Side:
    """From which side the actor reads this case."""
    if case.customer_id in actor.customers:
        return Side.CUSTOMER
    return Side.PARTNER if case.partner_id in actor.partners else Side.DESK
