"""Replays take too long for a page: asked for by people, made by a task, kept with their time."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from cases.models import AutoRule, PolicyDraft
from cases.refusals import Conflict
from outbox.put import NewMessage, put

IS_LOST_AFTER = timedelta(minutes=10)
"""A task of one is ended before that. One that had to wait for longer is not kept, once another was asked for."""


def ask_for(row: AutoRule | PolicyDraft, topic: str) -> None:
    """Have the locked row replayed in the background. Raises ``Conflict`` while a replay runs."""
    now = timezone.now()
    if row.is_replaying and not is_lost(row, now):
        raise Conflict("It is being replayed. The result comes in here.")
    row.replay_asked_at, row.replayed_at, row.replay = now, None, {}
    row.save(update_fields=["replay_asked_at", "replayed_at", "replay"])
    key = f"{topic}/{row.pk}/{now.isoformat()}"
    put([NewMessage(topic=topic, key=key, thread=key, payload={"id": row.pk})])


def keep(row: AutoRule | PolicyDraft, told: dict[str, Any]) -> None:
    """Keep what a replay came to, unless it was asked for anew or dropped since the row was read."""
    asked = type(row).objects.filter(pk=row.pk, replay_asked_at=row.replay_asked_at)
    asked.update(replay=told, replayed_at=timezone.now())


def is_lost(row: AutoRule | PolicyDraft, now: datetime) -> bool:
    """Whether a replay takes longer than any does, so that another may be asked for."""
    asked = row.replay_asked_at
    return asked is not None and row.is_replaying and now - asked > IS_LOST_AFTER


def has_begun(row: AutoRule | PolicyDraft, now: datetime) -> bool:
    """Whether its result may still come in."""
    return row.is_replaying and not is_lost(row, now)
