"""Celery tasks of the outbox: thin, they call the relay."""

from celery import shared_task

from outbox.relay import deliver_batch

MOST_BATCHES = 50


@shared_task
def deliver_due() -> int:
    """Deliver what is due until nothing is; the beat sweeps with the same task."""
    done = 0
    for _ in range(MOST_BATCHES):
        batch = deliver_batch()
        done += batch
        if not batch:
            break
    return done
