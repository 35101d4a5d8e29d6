"""The workers' signs of life."""

from celery import current_app, shared_task
from celery.signals import heartbeat_sent

from config.health import give_sign_of_life


@shared_task
def heartbeat() -> None:
    """Say that beat, broker and worker work together: beat asks, a worker writes."""
    give_sign_of_life("worker")


@heartbeat_sent.connect
def checks_are_taken(**_: object) -> None:
    """Say that a worker is there for checks; called every 2 s in a worker's main process.

    As a task it would wait behind checks that wait for silent name servers, and a worker that is
    merely busy would count as dead.
    """
    if "checks" in current_app.amqp.queues.consume_from:
        give_sign_of_life("checks_worker")
