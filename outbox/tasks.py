"""Celery tasks of the outbox: thin, they call the relay."""

import time

from celery import shared_task

from outbox.put import wake
from outbox.relay import deliver_next

LONGEST_TURN = 5.0  # seconds; then other tasks have theirs


@shared_task
def deliver_due() -> int:
    """Deliver until nothing is due; the beat sweeps with the same task. Returns how many were tried."""
    ends_at = time.monotonic() + LONGEST_TURN
    tried = 0
    while deliver_next():
        tried += 1
        if time.monotonic() > ends_at:
            wake()
            break
    return tried
