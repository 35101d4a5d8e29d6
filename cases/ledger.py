"""What happened to a case: ``record()`` writes the event and the messages that it calls for.

Each event carries a hash over itself and the event before it, and the case keeps the last one.
So a changed, removed or inserted event is found (``manage.py verify_ledger``), and the database
refuses a state that no event led to (migration ``cases_guard``).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from cases.actors import Actor, Side
from cases.models import Case, CaseEvent, EventKind
from cases.permissions import side_of
from cases.telling import messages_for
from outbox.put import put
from statements.written import write

Data = Mapping[str, Any]
SUBMITTERS = (EventKind.SUBMITTED, EventKind.ANSWERED, EventKind.WITHDRAWN)
PARTNERS = (EventKind.VOUCHED, EventKind.DECLINED)
MOVING_FIELDS = ("state", "version", "head", "moved_at", "due_at", "due_left", "flag")


def record(
    case: Case,
    kind: EventKind,
    *,
    by: Actor,
    data: Data | None = None,
    also_changed: Sequence[str] = (),
) -> CaseEvent:
    """Write one event of a locked case, the case as moved, and the messages, in this transaction.

    ``data`` holds what JSON keeps exactly. ``also_changed`` names fields of the case, beyond the
    moving ones, that the action assigned.
    """
    case_was = case.recorded_state
    event = chain(case, kind, by=by, data=data, from_state=case_was)
    write([event])
    case.save(update_fields=[*MOVING_FIELDS, *also_changed])
    put(messages_for(case, [event]))
    return event


def record_birth(case: Case, events: Sequence[CaseEvent]) -> None:
    """Write a new case with the events that it was born by: three statements, whatever it met."""
    write([case])
    for event in events:
        event.case_id = case.pk
    write(events)
    put(messages_for(case, events))


def chain(case: Case, kind: EventKind, *, by: Actor, data: Data | None = None, from_state: str) -> CaseEvent:
    """The case's next event, unwritten; counts the case's version on and remembers the hash."""
    case.version += 1
    case.moved_at = timezone.now()
    event = CaseEvent(
        case=case,
        seq=case.version,
        kind=kind,
        from_state=from_state,
        to_state=case.state,
        at=case.moved_at,
        side=_side(case, kind, by),
        actor_id=by.user_id,
        actor_name=by.name,
        data=dict(data or {}),
        previous=case.head,
    )
    event.hash = case.head = event_hash(case.reference, event)
    case.recorded_state = case.state
    return event


def event_hash(reference: str, event: CaseEvent) -> str:
    """SHA-256 in hex over the event's columns (its case by the reference) in their canonical JSON form."""
    content = [
        reference,
        event.seq,
        event.kind,
        event.from_state,
        event.to_state,
        utc(event.at),
        event.side,
        event.actor_id,
        event.actor_name,
        event.data,
        event.previous,
    ]
    return digest(content)


def digest(content: Any) -> str:
    """SHA-256 in hex of a JSON value, with sorted keys and no white space."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _side(case: Case, kind: EventKind, by: Actor) -> Side:
    """On whose side it was done: one person may belong to both a customer and its partner."""
    if by.is_system:
        return Side.SYSTEM
    if kind in SUBMITTERS:
        return Side(case.submitted_side)
    return Side.PARTNER if kind in PARTNERS else side_of(case, by) or Side.DESK


def utc(moment: datetime) -> str:
    """A time as it is hashed."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
