"""Rows of the partner's lists, made from what the queries bring; none asks the database for one row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from cases.actors import Actor, Side
from cases.machine import verbs_of
from cases.models import Case
from cases.status import Standing, SubscriptionStatus, due_of, status_of
from subscriptions.models import Subscription
from subscriptions.policy.document import Policy
from subscriptions.policy.outcome import Outcome
from subscriptions.policy.versions import policy_versions


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits for the partner; ``action`` is empty for who only reads."""

    case: Case
    what: str
    action: str
    due_at: datetime | None

    @property
    def is_late(self) -> bool:
        """The time named has passed."""
        return self.due_at is not None and self.due_at < timezone.now()


def waiting_rows(cases: Iterable[Case], actor: Actor) -> Iterator[Waiting]:
    """What each case waits for, and by when."""
    waiting = list(cases)
    policies = policy_versions(case.policy_id for case in waiting)
    for case in waiting:
        what, action = _wanted(case, actor)
        yield Waiting(case, what, action, due_of(case, policies[case.policy_id]))


def _wanted(case: Case, actor: Actor) -> tuple[str, str]:
    verbs = verbs_of(case, actor)
    if case.submitted_side == Side.PARTNER:
        return "The review team asks you a question", "Answer the question" if "answer" in verbs else ""
    return f"{case.customer.name} asks you to vouch", "Vouch or decline" if "vouch" in verbs else ""


@dataclass(frozen=True, slots=True)
class Resold:
    """A subscription as the partner's lists show it."""

    subscription: Subscription
    status: SubscriptionStatus
    may_ask: bool

    @property
    def chip_label(self) -> str:
        """The chip's word where a partner reads another than a customer; otherwise empty."""
        if self.status.chip != Outcome.VIA_PARTNER:
            return ""
        return "Blocked" if self.status.open_case else "Blocked, you may ask"

    @property
    def case(self) -> Standing | None:
        """The case that is open, or else the one that made it exempt."""
        return self.status.open_case or self.status.exempt_case


def resold(subscription: Subscription, policy: Policy, actor: Actor) -> Resold:
    """A subscription with its standing (``queries.with_standing``), for this actor."""
    status = status_of(subscription, policy)
    may_act = actor.may_act_for_partner(subscription.partner_id)
    return Resold(subscription, status, may_ask=may_act and status.may_ask)
