"""Who is told of what: one table, and the outbox messages that follow from it."""

from collections.abc import Iterable

from cases.actors import Side
from cases.models import Case, CaseEvent, EventKind
from outbox.put import NewMessage

TOPIC = "case.event"

TOLD: dict[EventKind, tuple[Side, ...]] = {
    EventKind.REJECTED: (Side.CUSTOMER, Side.PARTNER),
    EventKind.NOT_NEEDED: (Side.CUSTOMER, Side.PARTNER),
    EventKind.ROUTED: (Side.CUSTOMER, Side.PARTNER),
    EventKind.REVIEW_STARTED: (Side.CUSTOMER, Side.PARTNER, Side.DESK),
    EventKind.VOUCHED: (Side.CUSTOMER, Side.PARTNER, Side.DESK),
    EventKind.DECLINED: (Side.CUSTOMER, Side.PARTNER),
    EventKind.ASKED: (Side.CUSTOMER, Side.PARTNER),
    EventKind.ANSWERED: (Side.DESK,),
    EventKind.MESSAGE: (Side.CUSTOMER, Side.PARTNER, Side.DESK),
    EventKind.APPROVED: (Side.CUSTOMER, Side.PARTNER),
    EventKind.DENIED: (Side.CUSTOMER, Side.PARTNER),
    EventKind.SUSPENDED: (Side.CUSTOMER, Side.PARTNER),
    EventKind.RESUMED: (Side.CUSTOMER, Side.PARTNER),
    EventKind.REVOKED: (Side.CUSTOMER, Side.PARTNER),
    EventKind.WITHDRAWN: (Side.CUSTOMER, Side.PARTNER),
    EventKind.REOPENED: (Side.CUSTOMER, Side.PARTNER),
    EventKind.FLAGGED: (Side.DESK,),
}
"""What is missing here is told to nobody: it is told by the event that follows it at once
(submitted), or is the desk's own (private notes, cleared flags)."""


def messages_for(case: Case, events: Iterable[CaseEvent]) -> list[NewMessage]:
    """One message for each event and side that is told; who that is, is asked when it leaves."""
    return [
        NewMessage(
            topic=TOPIC,
            key=f"{case.reference}/{event.seq}/{side}",
            thread=case.reference,
            payload={"reference": case.reference, "seq": event.seq, "side": side},
        )
        for event in events
        for side in TOLD.get(EventKind(event.kind), ())
        if side != Side.PARTNER or case.partner_id is not None
        if side != event.side or side != Side.DESK
    ]
