"""What the stories are told with: who acts, when, and about which subscription."""

import heapq
from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from cases.actions import customer as customer_actions
from cases.actions import partner as partner_actions
from cases.actions import reviewer as reviewer_actions
from cases.actions.reviewer import Verdict
from cases.actors import Actor
from cases.details import AttestationDetails, Checked, RequestDetails
from demo.cast import Cast
from demo.clock import Clock
from demo.outside import Outside
from demo.table import table

Story = Generator[datetime, None, None]
"""Yields the moment at which its next step happens; the clock stands there when it goes on."""

SATURDAY = 5
EVERYTHING = tuple(Checked.values)


class Stage:
    """The cast, the clock and the world outside; ``today`` is the moment up to which everything has happened.

    ``left_unchecked`` are references whose checks no worker takes.
    """

    def __init__(self, cast: Cast, clock: Clock, today: datetime, outside: Outside) -> None:
        self.cast = cast
        self.clock = clock
        self.today = today
        self.outside = outside
        self.left_unchecked: set[str] = set()
        self._actors: dict[str, Actor] = {}

    # --- when ---------------------------------------------------------------------------------

    def workdays_ago(self, days: int, clock_time: str) -> datetime:
        """The ``days``-th working day before today, 1 or more, at a time like ``09:12`` (UTC)."""
        return _on(_walk(self.today, days, -1), clock_time)

    def workdays_later(self, days: int, clock_time: str) -> datetime:
        """The ``days``-th working day after the step that was taken last."""
        return _on(_walk(self.clock.moment, days, 1), clock_time)

    def ago(self, **span: float) -> datetime:
        """So many hours or minutes before today's moment."""
        return self.today - timedelta(**span)

    def due_in(self, *, workdays: int, **span: float) -> datetime:
        """When to begin so that ``workdays`` from then end so many hours after today's moment."""
        return _walk(self.today + timedelta(**span), workdays, -1)

    def later(self, **span: float) -> datetime:
        """So many hours or minutes after the step that was taken last."""
        return self.clock.moment + timedelta(**span)

    # --- who ----------------------------------------------------------------------------------

    def by(self, login: str) -> Actor:
        """The actor that a person of the cast is."""
        if login not in self._actors:
            self._actors[login] = Actor.of(self.cast.people[login])
        return self._actors[login]

    # --- what ---------------------------------------------------------------------------------

    def subscription(self, key: str) -> UUID:
        """The id of a subscription, from its key ``customer.key``."""
        return self.cast.subscriptions[key]

    def request(self, key: str, *, by: str) -> str:
        """A customer asks, in the words of the table; returns the case's reference."""
        return customer_actions.ask_to_lift(self.subscription(key), details(key), by=self.by(by)).reference

    def on_record(self, key: str, *, by: str, claim: str = "") -> str:
        """A customer has it recorded that the policy says no, or that nothing needs to be lifted."""
        said = RequestDetails(data_claim=claim)
        return customer_actions.ask_to_lift(self.subscription(key), said, by=self.by(by)).reference

    def dispute(self, key: str, *, by: str, claim: str) -> str:
        """A customer asks in the words of the table, and says that the data is wrong."""
        said = replace(details(key), data_claim=claim)
        return customer_actions.ask_to_lift(self.subscription(key), said, by=self.by(by)).reference

    def request_for_customer(self, key: str, *, by: str, attested: str) -> str:
        """A partner asks for its customer."""
        attestation = AttestationDetails(EVERYTHING, attested)
        case = partner_actions.submit_for_customer(
            self.subscription(key), details(key), attestation, by=self.by(by)
        )
        return case.reference

    def vouch(self, reference: str, *, by: str, attested: str) -> None:
        """A partner stands by the request, having checked everything."""
        partner_actions.vouch(reference, AttestationDetails(EVERYTHING, attested), by=self.by(by))

    def approve(self, reference: str, *reasons: str, by: str, text: str = "", note: str = "") -> None:
        """A reviewer approves."""
        reviewer_actions.approve(reference, Verdict(reasons, text, note), by=self.by(by))

    def deny(self, reference: str, *reasons: str, by: str, text: str = "", note: str = "") -> None:
        """A reviewer denies."""
        reviewer_actions.deny(reference, Verdict(reasons, text, note), by=self.by(by))


def details(key: str) -> RequestDetails:
    """What is said in the request for a subscription."""
    named = key.partition(".")[2].partition("#")[0]  # subscriptions of one row ask in the same words
    return RequestDetails(**table("requests.yaml")[named], is_terms_accepted=True)


def perform(stories: Iterable[Story], stage: Stage, after_each: Callable[[], None]) -> None:
    """Take the steps of all stories in the order in which they happened.

    So what has a higher number happened later, as in life. Raises ``ValueError`` for a step after
    the stage's today.
    """
    waiting = [(next(story), number, story) for number, story in enumerate(stories)]
    heapq.heapify(waiting)
    while waiting:
        moment, number, story = heapq.heappop(waiting)
        if moment > stage.today:
            raise ValueError(f"Story {number}: {moment} has not come yet.")
        stage.clock.moment = moment
        following = next(story, None)
        after_each()
        if following is not None:
            heapq.heappush(waiting, (following, number, story))


def _walk(start: datetime, days: int, step: int) -> datetime:
    for _ in range(days):
        start += timedelta(days=step)
        while start.weekday() >= SATURDAY:
            start += timedelta(days=step)
    return start


def _on(day: datetime, clock_time: str) -> datetime:
    return datetime.combine(day.date(), time.fromisoformat(clock_time), tzinfo=UTC)
