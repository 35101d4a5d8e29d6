"""The worker's sign of life."""

import time

from celery import shared_task

from config.health import HEARTBEAT, HEARTBEAT_KEPT, redis_client


@shared_task
def heartbeat() -> None:
    """Say that beat, broker and worker work together: beat asks, a worker writes.

    It stands in Redis: it is worth nothing after a restart, and tells of Redis as well.
    """
    redis_client().set(HEARTBEAT, int(time.time()), ex=HEARTBEAT_KEPT)
