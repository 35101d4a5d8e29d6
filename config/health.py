"""``/healthz``: the process lives. ``/readyz``: everything that it needs works."""

import time
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from outbox.models import Message

HEARTBEATS = {"worker": "unblock-desk:heartbeat", "checks_worker": "unblock-desk:heartbeat:checks"}
"""Where each worker's last sign of life stands in Redis, by its part of ``/readyz``."""

SILENT = {
    "worker": "no sign of life from a worker",
    "checks_worker": "no sign of life from a worker that takes checks",
}
HEARTBEAT_KEPT = 300  # seconds
OLDEST_HEARTBEAT = 60  # seconds
OLDEST_MESSAGE = timedelta(minutes=15)


def redis_client() -> redis.Redis:
    """A client that gives up quickly."""
    client: redis.Redis = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    return client


def healthz(request: HttpRequest) -> HttpResponse:
    """Alive; asks nobody."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """One entry for each part, ``ok`` and a detail; 503 when one is not ready."""
    workers = {part: _worker(part) for part in HEARTBEATS}
    parts = {"database": _database(), "redis": _redis(), **workers, "outbox": _outbox()}
    is_ready = all(part["ok"] for part in parts.values())
    return JsonResponse({"ready": is_ready, **parts}, status=200 if is_ready else 503)


def _part(is_ok: bool, **details: Any) -> dict[str, Any]:
    return {"ok": is_ok, **details}


def _database() -> dict[str, Any]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseFault:
        return _part(False, error="the database does not answer")
    return _part(True)


def _redis() -> dict[str, Any]:
    try:
        redis_client().ping()
    except redis.RedisError:
        return _part(False, error="Redis does not answer")
    return _part(True)


def give_sign_of_life(part: str) -> None:
    """Say that the worker lives: now, and for so long as ``OLDEST_HEARTBEAT`` says.

    It stands in Redis: it is worth nothing after a restart, and tells of Redis as well.
    """
    redis_client().set(HEARTBEATS[part], int(time.time()), ex=HEARTBEAT_KEPT)


def _worker(part: str) -> dict[str, Any]:
    try:
        beat = redis_client().get(HEARTBEATS[part])
    except redis.RedisError:
        return _part(False, error="unknown: Redis does not answer")
    if beat is None:
        return _part(False, error=SILENT[part])
    age = max(0, int(time.time()) - int(beat))
    return _part(age <= OLDEST_HEARTBEAT, heartbeat_age_seconds=age)


def _outbox() -> dict[str, Any]:
    waiting = Message.objects.filter(sent_at=None, parked_at=None)
    try:
        oldest = waiting.aggregate(oldest=Min("created_at"))["oldest"]
        dead = Message.objects.exclude(parked_at=None).count()
    except DatabaseFault:
        return _part(False, error="unknown: the database does not answer")
    age = timezone.now() - oldest if oldest else timedelta(0)
    seconds = int(age.total_seconds())
    return _part(age <= OLDEST_MESSAGE, oldest_unsent_age_seconds=seconds, dead_letters=dead)
