"""Where a subscription stands with port 25; where a case stands, whose turn it is, and by when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone

from cases.actors import Side
from cases.models import Case, State
from subscriptions.judging import judge
from subscriptions.models import Subscription
from subscriptions.policy.document import Policy
from subscriptions.policy.eligibility import Eligibility
from subscriptions.policy.outcome import Outcome

ASKS = frozenset({Outcome.MAY_REQUEST, Outcome.VIA_PARTNER, Outcome.CANNOT_TELL})
REFUSES = frozenset({Outcome.NEVER, Outcome.NOT_YET})


class Port(StrEnum):
    """Whether the subscription may open port 25 now."""

    OPEN = "open"
    EXEMPT = "exempt"
    SUSPENDED = "suspended"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """A case in few words; ``due_at`` is ISO 8601 text, as the database writes it, or empty."""

    reference: str
    state: str
    submitted_side: str
    due_at: str

    @classmethod
    def of(cls, annotated: dict[str, Any] | None) -> "Standing | None":
        """From what ``queries.with_standing`` annotates."""
        return cls(**{**annotated, "due_at": annotated["due_at"] or ""}) if annotated else None

    def waits_for(self, side: Side) -> bool:
        """Whether that side has to do something before the case can go on."""
        if self.state == State.AWAITING_ANSWER:
            return self.submitted_side == side
        return self.state == State.WITH_PARTNER and side == Side.PARTNER


@dataclass(frozen=True, slots=True)
class SubscriptionStatus:
    """A subscription as its customer and partner see it; ``exempt_case`` is approved or suspended.

    One that moved may be exempt by a case that its customer or partner may not see.
    """

    subscription: Subscription
    eligibility: Eligibility
    port: Port
    exempt_since: datetime | None
    open_case: Standing | None
    exempt_case: Standing | None

    @property
    def chip(self) -> str:
        """The name of the chip that says it; whoever asked already need not be told that they may."""
        if self._is_exempt or (self.open_case is not None and self.is_blocked):
            return self.port
        return str(self.eligibility.outcome)

    @property
    def is_blocked(self) -> bool:
        """Whether port 25 is known to be blocked now."""
        return self.port in (Port.BLOCKED, Port.SUSPENDED)

    @property
    def may_ask(self) -> bool:
        """A reviewable request is possible: nothing stands in its way, and the policy lets ask."""
        return self._is_free and self.eligibility.outcome in ASKS

    @property
    def may_have_it_recorded(self) -> bool:
        """The policy says never or not yet: a rejection can be had on record."""
        return self._is_free and self.eligibility.outcome in REFUSES

    @property
    def _is_free(self) -> bool:
        return self.open_case is None and not self._is_exempt

    @property
    def _is_exempt(self) -> bool:
        return self.exempt_case is not None or self.exempt_since is not None


def status_of(subscription: Subscription, policy: Policy) -> SubscriptionStatus:
    """The status of a subscription that came with its standing (``queries.with_standing``)."""
    eligibility = judge(subscription, policy, timezone.now())
    exempt_case = Standing.of(subscription.exempt_case)  # type: ignore[attr-defined]  # annotated
    exempt_since: datetime | None = subscription.exempt_since  # type: ignore[attr-defined]  # annotated
    return SubscriptionStatus(
        subscription=subscription,
        eligibility=eligibility,
        port=_port(eligibility.outcome, exempt_case, exempt_since),
        exempt_since=exempt_since,
        open_case=Standing.of(subscription.open_case),  # type: ignore[attr-defined]  # annotated
        exempt_case=exempt_case,
    )


def _port(outcome: Outcome, exempt_case: Standing | None, exempt_since: datetime | None) -> Port:
    if exempt_since is not None:
        return Port.EXEMPT
    if exempt_case is not None:
        return Port.SUSPENDED
    known = {Outcome.NOT_BLOCKED: Port.OPEN, Outcome.CANNOT_TELL: Port.UNKNOWN}
    return known.get(outcome, Port.BLOCKED)


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is, by when, and what that means for the side that reads it.

    ``who`` has the ball, ``None`` where nobody has. ``meaning`` and ``icon`` are those of
    ``components/turn_banner.html``; ``due_words`` stand before ``due_at``.
    """

    who: Side | None
    headline: str
    meaning: str
    icon: str
    note: str = ""
    due_words: str = ""
    due_at: datetime | None = None
    is_yours: bool = False


def turn_of(case: Case, reader: Side, policy: Policy) -> Turn:
    """How ``reader`` is told where the case stands; ``policy`` is the one that it was judged by.

    The case comes with ``asked_at`` (``queries.with_asked_at``).
    """
    who = holder_of(case)
    is_yours = who == reader
    words = _YOURS.get(State(case.state)) if is_yours else None
    words = words or _WORDS[State(case.state)]
    due_at = due_of(case, policy)
    is_late = who == Side.DESK and not is_yours and due_at is not None and due_at < timezone.now()
    return Turn(
        who=who,
        headline=words.headline.format(who=_name_of(who, case), partner=_partner_of(case)),
        meaning=words.meaning,
        icon=words.icon,
        note=_LATE if is_late else words.note,
        due_words="Was due" if is_late else words.due_words,
        due_at=due_at,
        is_yours=is_yours,
    )


def holder_of(case: Case) -> Side | None:
    """The side that has to do something next; ``None`` where none has."""
    if case.state == State.AWAITING_ANSWER:
        return Side(case.submitted_side)
    return {State.WITH_PARTNER: Side.PARTNER, State.IN_REVIEW: Side.DESK}.get(State(case.state))


def due_of(case: Case, policy: Policy) -> datetime | None:
    """By when whoever has the ball is expected to act.

    While an answer is awaited our own clock stands still (``cases.due``), and the policy's time
    for an answer counts from the question.
    """
    if case.state == State.AWAITING_ANSWER:
        asked_at: datetime = case.asked_at  # type: ignore[attr-defined]  # annotated
        return asked_at + timedelta(days=policy.service.answer_within_days)
    return case.due_at


def _name_of(who: Side | None, case: Case) -> str:
    if who == Side.DESK:
        return "our review team"
    return _partner_of(case) if who == Side.PARTNER else case.customer.name


def _partner_of(case: Case) -> str:
    return case.partner.name if case.partner else "the partner"


@dataclass(frozen=True, slots=True)
class _Words:
    headline: str
    meaning: str
    icon: str
    note: str = ""
    due_words: str = ""


_LATE = "We are late with this. Nothing is lost, and you need not do anything: it stands first in our queue."
_NOTICE = "The notice below says why, and what would change it."

_YOURS = {
    State.WITH_PARTNER: _Words(
        "Your customer waits for you",
        "waiting",
        "partner",
        "Vouch for the request, and our review team gets it; or decline it and say why.",
        "Vouch or decline by",
    ),
    State.IN_REVIEW: _Words("With the review team", "held", "desk", due_words="Decision by"),
    State.AWAITING_ANSWER: _Words(
        "Your answer is needed",
        "waiting",
        "question",
        "The review stands still until you answer.",
        "Answer by",
    ),
}
"""How the side that has the ball is told so."""

_WORDS = {
    State.SUBMITTED: _Words("The request is on its way", "held", "inbox"),
    State.WITH_PARTNER: _Words(
        "With {who}",
        "waiting",
        "partner",
        "They look at the request and pass it on to our review team if a relay cannot be used.",
        "Their answer by",
    ),
    State.IN_REVIEW: _Words(
        "With {who}", "held", "desk", "You need not do anything until then.", "Decision by"
    ),
    State.AWAITING_ANSWER: _Words(
        "Waiting for an answer from {who}",
        "waiting",
        "question",
        "The review stands still until the question is answered.",
        "Expected by",
    ),
    State.APPROVED: _Words(
        "Approved: outbound port 25 is open",
        "open",
        "gate-open",
        "For every virtual machine of this subscription, and of no other.",
    ),
    State.SUSPENDED: _Words(
        "The exemption is suspended",
        "held",
        "pause",
        "Outbound port 25 is blocked again while we look into it. The notice below says why.",
    ),
    State.DENIED: _Words("The request was denied", "blocked", "gate-closed", _NOTICE),
    State.REJECTED: _Words("Rejected by the policy, and on record", "blocked", "gate-closed", _NOTICE),
    State.NOT_NEEDED: _Words(
        "Nothing needs to be lifted",
        "open",
        "check",
        "Outbound port 25 is not blocked for this subscription.",
    ),
    State.DECLINED: _Words("{partner} did not pass the request on", "blocked", "cross", _NOTICE),
    State.WITHDRAWN: _Words(
        "The request was withdrawn",
        "plain",
        "undo",
        "The block stays. A new request can be made at any time.",
    ),
    State.REVOKED: _Words("The exemption was revoked", "blocked", "gate-closed", _NOTICE),
}
"""How everybody else is told where a case stands."""
