"""Delivering messages: claim, hand over, back off, park. docs/mail.md says what this promises.

All times here are the database's: relays on several machines need no clocks that agree.
"""

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from outbox.models import Message
from outbox.put import NewMessage, put
from outbox.refused import Refused

log = structlog.get_logger(__name__)

Handler = Callable[[dict[str, Any]], Sequence[NewMessage]]
"""Takes a message's payload; returns what has to be put in turn. Raises to be tried again, or ``Refused``."""

LEASE = timedelta(seconds=30)
RENEW_EVERY = 10.0  # seconds
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=4)
MOST_ATTEMPTS = 30  # with the waits above: a little over three days
LONGEST_ERROR = 2000
WAITING = Q(sent_at=None, parked_at=None)


def deliver_next() -> bool:
    """Claim one due message and deliver it; whether there was one."""
    message = claim()
    if message is None:
        return False
    if message.attempts > MOST_ATTEMPTS:
        _park(message, "The relay ended in the middle of every attempt.")
    else:
        _deliver(message)
    return True


def claim() -> Message | None:
    """Take the message that is due longest, for ``LEASE``."""
    with transaction.atomic():
        message = due().select_for_update(skip_locked=True).first()
        if message is not None:
            message.attempts += 1
            lease = {"next_attempt_at": Now() + LEASE, "attempts": message.attempts}
            Message.objects.filter(pk=message.pk).update(**lease)
    return message


def due() -> QuerySet[Message]:
    """What may leave now, the longest due first; of each thread only the first that still waits."""
    # A subquery rather than "no earlier one exists": that became a join, which went through all that
    # wait for each claim whenever a rush had made the planner's statistics old.
    first = Message.objects.filter(WAITING, thread=OuterRef("thread")).order_by("pk").values("pk")[:1]
    rows = Message.objects.filter(WAITING, pk=Subquery(first), next_attempt_at__lte=Now())
    return rows.order_by("next_attempt_at")


def _deliver(message: Message) -> None:
    try:
        handler: Handler = import_string(settings.OUTBOX_HANDLERS[message.topic])
        with _lease_kept(message):
            follow_ups = handler(message.payload)
        _finish(message, follow_ups)
    except Refused as refusal:
        _park(message, str(refusal))
    except Exception as error:  # noqa: BLE001  # whatever a handler met, the message waits for another try
        _put_off(message, f"{type(error).__name__}: {error}")


def _finish(message: Message, follow_ups: Sequence[NewMessage]) -> None:
    """Sent, and what follows is put: both or neither, and by one relay."""
    with transaction.atomic():
        if _still_ours(message).update(sent_at=Now(), last_error=""):
            put(follow_ups)


def _put_off(message: Message, reason: str) -> None:
    if message.attempts >= MOST_ATTEMPTS:
        _park(message, reason)
        return
    log.warning("outbox.not_delivered", key=message.key, attempts=message.attempts, error=reason)
    again_at = Now() + wait_after(message.attempts)
    _still_ours(message).update(next_attempt_at=again_at, last_error=reason[:LONGEST_ERROR])


def _park(message: Message, reason: str) -> None:
    """Give up until an operator says otherwise; the thread goes on without it."""
    log.error("outbox.parked", key=message.key, attempts=message.attempts, error=reason)
    _still_ours(message).update(parked_at=Now(), last_error=reason[:LONGEST_ERROR])


def _still_ours(message: Message) -> QuerySet[Message]:
    """The row unless its lease ran out and another relay claimed it meanwhile."""
    return Message.objects.filter(WAITING, pk=message.pk, attempts=message.attempts)


@contextmanager
def _lease_kept(message: Message) -> Iterator[None]:
    """While a handler takes long, nobody else takes its message; when this process dies, somebody may."""
    is_done = threading.Event()
    keeper = threading.Thread(target=_keep_lease, args=(message, is_done), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        is_done.set()
        keeper.join()


def _keep_lease(message: Message, is_done: threading.Event) -> None:
    try:
        while not is_done.wait(RENEW_EVERY):
            _still_ours(message).update(next_attempt_at=Now() + LEASE)
    except DatabaseError as error:
        log.warning("outbox.lease_not_kept", key=message.key, error=str(error))
    finally:
        connections.close_all()  # this thread's own


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubling from 15 s up to 4 h, spread by a fifth."""
    wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    spread = random.uniform(0.8, 1.2)  # noqa: S311  # spreads retries, keeps no secret
    return timedelta(seconds=wait.total_seconds() * spread)
