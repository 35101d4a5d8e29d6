"""Who is told of an event, by the table of its words, and the outbox messages that follow from it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet

from cases.actors import Side
from cases.event_words import WORDS
from cases.models import Case, CaseEvent, EventKind, Flag
from outbox.put import NewMessage

TOPIC = "case.event"
TOPIC_OF_MANY = "cases.flagged"
FEW = 3
"""So many exemptions in question are told of one by one; more of one cause, all at once."""

Cause = Mapping[str, Any]
"""Why exemptions came into question: ``{"policy": its id}`` or ``{"changes": numbers of OfferChange}``."""

SET_TO_WORK: dict[EventKind, str] = {
    EventKind.REVIEW_STARTED: "checks.start",
    EventKind.VOUCHED: "checks.start",
    EventKind.CHECKS_STARTED: "checks.run",
}
"""Events that set somebody to work, and the topic that does it."""


def messages_for(case: Case, events: Iterable[CaseEvent]) -> list[NewMessage]:
    """What the events call for: a message for each side that is told, and one for work to be done."""
    return [message for event in events for message in (*_told(case, event), *_set_to_work(case, event))]


def _told(case: Case, event: CaseEvent) -> Iterator[NewMessage]:
    """One for each side; who that is, is asked when it leaves.

    ``seq`` is the case's version that it tells of, and messages of one case leave in that order.
    """
    if event.kind != EventKind.FLAGGED:  # a sweep flags thousands; it tells of all that it flagged
        yield from _told_alone(case, event)


def _told_alone(case: Case, event: CaseEvent) -> Iterator[NewMessage]:
    for side in sides_told(case, event):
        yield NewMessage(
            topic=TOPIC,
            key=f"{case.reference}/{event.seq}/{side}",
            thread=case.reference,
            payload={"reference": case.reference, "seq": event.seq, "side": side},
        )


def flags_of(cause: Cause) -> QuerySet[CaseEvent]:
    """The events by which a cause put exemptions in question that still are."""
    flags = CaseEvent.objects.filter(kind=EventKind.FLAGGED, case__flag=Flag.OUT_OF_POLICY)
    if "policy" in cause:
        return flags.filter(data__contains={"after": {"policy": cause["policy"]}})
    return flags.filter(data__change__in=cause["changes"])


def messages_of_flags(key: str, cause: Cause) -> list[NewMessage]:
    """What a cause calls for once all that it put in question is flagged; ``key`` is the cause's own.

    It is cases that are counted: several changes flag one case several times, and its newest flag is told of.
    """
    newest = flags_of(cause).order_by("case_id", "-seq").distinct("case_id")
    flags = list(newest.select_related("case")[: FEW + 1])
    if len(flags) <= FEW:
        return [message for flag in flags for message in _told_alone(flag.case, flag)]
    return [NewMessage(TOPIC_OF_MANY, key, key, {"key": key, "cause": dict(cause)})]


def _set_to_work(case: Case, event: CaseEvent) -> Iterator[NewMessage]:
    """In a thread of its own: work that cannot be handed out now must not hold back a mail."""
    if topic := SET_TO_WORK.get(EventKind(event.kind)):
        key = f"{case.reference}/{event.seq}/{topic}"
        payload = {"reference": case.reference, "seq": event.seq}
        yield NewMessage(topic=topic, key=key, thread=key, payload=payload)


def sides_told(case: Case, event: CaseEvent) -> list[Side]:
    """The sides that are told of one event of the case."""
    return [side for side in WORDS[EventKind(event.kind)].mails if _concerns(case, event, side)]


def _concerns(case: Case, event: CaseEvent, side: Side) -> bool:
    """No partner, nobody to tell; the desk knows what it did, and leaves undisputed rejections to the policy."""
    if side == Side.PARTNER:
        return case.partner_id is not None
    if side == Side.DESK:
        return bool(case.data_claim) if event.kind == EventKind.REJECTED else event.side != Side.DESK
    return True
