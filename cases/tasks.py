"""Celery tasks of cases: thin, they call actions."""

from celery import shared_task

from cases.actions.system import note_offer_changes


@shared_task
def sweep_offer_changes() -> int:
    """Take note of what an import changed, also where its command died before it could."""
    return note_offer_changes()
