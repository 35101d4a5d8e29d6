"""Delivering messages: claim, hand over, back off, park."""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from outbox.models import Message
from outbox.put import NewMessage, put

log = structlog.get_logger(__name__)

Handler = Callable[[dict[str, Any]], Sequence[NewMessage]]
"""Takes a message's payload; returns what has to be put in turn. Raises to be tried again."""

LEASE = timedelta(seconds=90)
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=4)
MOST_ATTEMPTS = 30  # with the waits above: a little over three days
WAITING = Q(sent_at=None, parked_at=None)


def deliver_batch(size: int = 20) -> int:
    """Claim and deliver up to ``size`` due messages; returns how many were claimed."""
    claimed = claim(size)
    for message in claimed:
        _deliver(message)
    return len(claimed)


def claim(size: int) -> list[Message]:
    """Take due messages for ``LEASE``; of each thread only the first that still waits."""
    with transaction.atomic():
        due = list(_due().select_for_update(skip_locked=True)[:size])
        ids = [message.pk for message in due]
        lease = {"next_attempt_at": timezone.now() + LEASE, "attempts": F("attempts") + 1}
        Message.objects.filter(pk__in=ids).update(**lease)
    for message in due:
        message.attempts += 1
    return due


def _due() -> QuerySet[Message]:
    earlier = Message.objects.filter(WAITING, thread=OuterRef("thread"), pk__lt=OuterRef("pk"))
    rows = Message.objects.filter(WAITING, ~Exists(earlier), next_attempt_at__lte=timezone.now())
    return rows.order_by("next_attempt_at")


def _deliver(message: Message) -> None:
    handler: Handler = import_string(settings.OUTBOX_HANDLERS[message.topic])
    try:
        follow_ups = handler(message.payload)
        with transaction.atomic():
            put(follow_ups)
            _still_ours(message).update(sent_at=timezone.now(), last_error="")
    except Exception as error:  # noqa: BLE001  # whatever a handler met, the message waits for another try
        _put_off(message, error)


def _put_off(message: Message, error: Exception) -> None:
    log.warning("outbox.not_delivered", key=message.key, attempts=message.attempts, error=str(error))
    now = timezone.now()
    if message.attempts >= MOST_ATTEMPTS:
        changes: dict[str, Any] = {"parked_at": now}
    else:
        changes = {"next_attempt_at": now + wait_after(message.attempts)}
    _still_ours(message).update(last_error=f"{type(error).__name__}: {error}"[:2000], **changes)


def _still_ours(message: Message) -> QuerySet[Message]:
    """The row unless its lease ran out and another relay claimed it meanwhile."""
    return Message.objects.filter(WAITING, pk=message.pk, attempts=message.attempts)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubling from 15 s up to 4 h, spread by a fifth."""
    wait = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    spread = random.uniform(0.8, 1.2)  # noqa: S311  # spreads retries, keeps no secret
    return timedelta(seconds=wait.total_seconds() * spread)
