"""The life of one case, by the product's own code but in memory: rows that only have to be written.

What actions do around it, locking and writing, is left out; judging, moving, deciding and
chaining are theirs, and so is the proof: ``manage.py verify_ledger`` finds nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from django.utils import timezone

from cases import digests
from cases.actions import submission as submitting
from cases.actions.routing import follow_route
from cases.actions.submission import Submission
from cases.actors import SYSTEM, Actor, Side
from cases.decisions import draft
from cases.details import MailKind, RequestDetails
from cases.due import end_clock, stop_clock
from cases.ledger import chain
from cases.machine import move
from cases.models import (
    Case,
    CaseEvent,
    CaseMessage,
    CaseTrait,
    CheckRound,
    CheckRun,
    Decision,
    EventKind,
    Exemption,
    MessageKind,
    SignalRow,
    State,
    Verb,
)
from cases.notices.statement import ReasonText
from cases.reference import ALPHABET, LENGTH, PREFIX, check_character
from demo.clock import Clock
from subscriptions.models import Subscription
from subscriptions.policy.document import Policy

DETAILS = RequestDetails(
    why_direct="Receivers in our trade refuse mail from shared relays, and audits want the path to be ours.",
    mail_kind=MailKind.TRANSACTIONAL,
    daily_volume=4000,
    sending_domains=("shop.example", "mail.shop.example"),
    sending_addresses=("203.0.113.7",),
    abuse_contact="abuse@shop.example",
    is_terms_accepted=True,
).cleaned()
SCATTERING = 25_214_903_917  # odd, so that no two numbers meet modulo a power of two
QUESTION = "Which of your domains does this machine send from, and who reads what bounces?"
WRITING = "Both domains; bounces are read by two people in our office, on every working day."


@dataclass(frozen=True, slots=True)
class Setting:
    """What the lives that one process tells share; ``first`` is the number of the first of them.

    ``reasons`` are the words of the code that each verb cites.
    """

    policy: Policy
    clock: Clock
    reviewer: Actor
    reasons: Mapping[Verb, ReasonText]
    first: int
    case_numbers: "count[int]" = field(init=False)
    message_numbers: "count[int]" = field(init=False)

    def __post_init__(self) -> None:
        """Numbers that no other process gives: no case of these worlds has more than 100 messages."""
        object.__setattr__(self, "case_numbers", count(self.first + 1))
        object.__setattr__(self, "message_numbers", count(self.first * 100 + 1))


@dataclass(slots=True)
class Rows:
    """Every row that belongs to a case, in the order that they are written in."""

    events: list[CaseEvent] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    messages: list[CaseMessage] = field(default_factory=list)
    exemptions: list[Exemption] = field(default_factory=list)
    traits: list[CaseTrait] = field(default_factory=list)
    rounds: list[CheckRound] = field(default_factory=list)
    runs: list[CheckRun] = field(default_factory=list)
    signals: list[SignalRow] = field(default_factory=list)


@dataclass(slots=True)
class Life:
    """A case and every row that belongs to it."""

    setting: Setting
    case: Case
    rows: Rows = field(default_factory=Rows)

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.setting.clock.moment += timedelta(**span)

    def decide(self, verb: Verb, kind: EventKind) -> None:
        """A reviewer decides, citing one reason."""
        case, by = self.case, self.setting.reviewer
        move(case, verb, by=by)
        end_clock(case)
        reasons = [self.setting.reasons[verb]]
        decision = draft(case, verb, by=by, policy=self.setting.policy, at=timezone.now(), reasons=reasons)
        self.rows.decisions.append(decision)
        self.record(kind, by, digests.of_decision(decision))
        if case.state == State.APPROVED:
            self.rows.exemptions.append(
                Exemption(subscription_id=case.subscription_id, case=case, starts_at=case.moved_at)
            )

    def ask(self) -> None:
        """A reviewer asks, and the due time stands still."""
        move(self.case, "ask", by=self.setting.reviewer)
        stop_clock(self.case, timezone.now())
        self._say(MessageKind.QUESTION, EventKind.ASKED, QUESTION, **digests.of_clock(self.case))

    def write(self) -> None:
        """A reviewer writes; nothing moves."""
        self._say(MessageKind.MESSAGE, EventKind.MESSAGE, WRITING)

    def withdraw(self, by: Actor) -> None:
        """Who submitted takes the request back."""
        move(self.case, "withdraw", by=by)
        end_clock(self.case)
        self.record(EventKind.WITHDRAWN, by, {})

    def _say(self, kind: MessageKind, event: EventKind, text: str, **beside: object) -> None:
        by = self.setting.reviewer
        message = CaseMessage(
            pk=next(self.setting.message_numbers),
            case=self.case,
            kind=kind,
            side=Side.DESK,
            author_id=by.person_id,
            text=text,
            at=timezone.now(),
        )
        self.rows.messages.append(message)
        self.record(event, by, {**digests.of_message(message), **beside})

    def record(self, kind: EventKind, by: Actor, data: Mapping[str, object]) -> None:
        """Chain the next event to the case as it was moved."""
        event = chain(self.case, kind, by=by, data=data, from_state=self.case.recorded_state)
        self.rows.events.append(event)


def born(setting: Setting, subscription: Subscription, by: Actor) -> Life:
    """A case as ``submit`` makes it, with the step that the system takes at once."""
    now = timezone.now()
    submission = Submission(subscription.pk, Side.CUSTOMER, DETAILS)
    case = submitting._new_case(submission, subscription, setting.policy, by, now)  # noqa: SLF001  # the code that is measured
    case.pk = next(setting.case_numbers)
    case.reference = _reference(case.pk)
    move(case, "submit", by=by)
    told = {**submitting._said(submission), **digests.of_sending(case)}  # noqa: SLF001
    birth = chain(case, EventKind.SUBMITTED, by=by, data=told, from_state=State.NEW)
    step = follow_route(case, setting.policy, now, exempt_by=None)
    following = chain(case, step.kind, by=SYSTEM, data=step.data, from_state=State.SUBMITTED)
    decisions = [step.decision] if step.decision is not None else []
    return Life(setting, case, Rows(events=[birth, following], decisions=decisions))


def ended(life: Life, by: Actor, draw: float) -> None:
    """Bring a case in review to an end: ``draw`` from 0 to 1 says to which."""
    life.later(hours=20)
    if draw < 0.5:
        life.decide(Verb.DENY, EventKind.DENIED)
    elif draw < 0.6:
        life.withdraw(by)
    else:
        life.decide(Verb.APPROVE, EventKind.APPROVED)


def _reference(number: int) -> str:
    """A reference of its own for each number: among so many, random ones would meet now and then."""
    scattered = number * SCATTERING % len(ALPHABET) ** LENGTH
    body = "".join(ALPHABET[scattered >> 5 * place & 31] for place in range(LENGTH))
    return f"{PREFIX}-{body[:4]}-{body[4:]}{check_character(body)}"
