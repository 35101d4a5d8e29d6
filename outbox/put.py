"""Putting messages into the outbox: rows of the caller's own transaction."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

from outbox.models import Message
from statements.written import write_or_leave

log = structlog.get_logger(__name__)

SHORTEST_BETWEEN_WAKES = 0.2  # seconds; what comes in between is found by the sweep
PAUSE_AFTER_FAILURE = 5.0  # seconds; nobody waits for a broker that is away
WAKES_KEPT = 10  # seconds; a wake that no worker took by then is one of many
_quiet_until = 0.0


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to put; the fields are those of ``Message``."""

    topic: str
    key: str
    thread: str
    payload: dict[str, Any]


def put(messages: Sequence[NewMessage]) -> None:
    """Write the messages; one whose key is there already is left as it is.

    Nothing is sent here: the commit wakes the relay, and the sweep finds what a crash left.
    """
    if not messages:
        return
    rows = [Message(topic=m.topic, key=m.key, thread=m.thread, payload=m.payload) for m in messages]
    write_or_leave(rows)
    transaction.on_commit(wake)


def wake() -> None:
    """Ask a worker to deliver what is due; nothing is lost where none hears it."""
    global _quiet_until  # noqa: PLW0603  # one clock for each process is the point
    if time.monotonic() < _quiet_until:
        return
    from outbox.tasks import deliver_due  # noqa: PLC0415  # the task delivers, and may put in turn

    _quiet_until = time.monotonic() + SHORTEST_BETWEEN_WAKES
    try:
        deliver_due.apply_async(expires=WAKES_KEPT)
    except (OperationalError, OSError) as error:
        _quiet_until = time.monotonic() + PAUSE_AFTER_FAILURE
        log.warning("outbox.wake_failed", error=str(error))
