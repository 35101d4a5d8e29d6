"""``/healthz`` and ``/readyz``: each part by itself says that it is not ready. See tests/engines for servers that stop."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from config.health import HEARTBEATS, OLDEST_HEARTBEAT, OLDEST_MESSAGE, give_sign_of_life, redis_client
from outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _workers_live() -> Iterator[None]:
    for part in HEARTBEATS:
        give_sign_of_life(part)
    yield
    redis_client().delete(*HEARTBEATS.values())


def readiness(client: Client, status: int) -> dict[str, Any]:
    answer = client.get("/readyz")
    assert answer.status_code == status
    said: dict[str, Any] = answer.json()
    assert said["ready"] is (status == 200)
    return said


def not_ready(said: dict[str, Any]) -> list[str]:
    return [name for name, part in said.items() if name != "ready" and not part["ok"]]


def message(**fields: Any) -> Message:
    return Message.objects.create(topic="email", key="a", thread="a", payload={}, **fields)


def test_everything_works(client: Client) -> None:
    said = readiness(client, 200)
    assert set(said) == {"ready", "database", "redis", "worker", "checks_worker", "outbox"}
    assert not_ready(said) == []


def test_alive_says_so_and_asks_nobody(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.parametrize(
    ("part", "error"),
    [
        ("worker", "no sign of life from a worker"),
        ("checks_worker", "no sign of life from a worker that takes checks"),
    ],
)
def test_which_worker_is_missing(client: Client, part: str, error: str) -> None:
    redis_client().delete(HEARTBEATS[part])
    said = readiness(client, 503)
    assert not_ready(said) == [part]
    assert said[part]["error"] == error
    redis_client().set(HEARTBEATS[part], int(time.time()) - OLDEST_HEARTBEAT - 5)
    said = readiness(client, 503)
    assert not_ready(said) == [part]
    assert said[part]["heartbeat_age_seconds"] > OLDEST_HEARTBEAT


def test_a_message_waits_for_too_long(client: Client) -> None:
    message(created_at=timezone.now() - OLDEST_MESSAGE - timedelta(seconds=5))
    said = readiness(client, 503)
    assert not_ready(said) == ["outbox"]
    assert said["outbox"]["oldest_unsent_age_seconds"] > OLDEST_MESSAGE.total_seconds()


@pytest.mark.parametrize("ended", ["sent_at", "parked_at"])
def test_a_message_that_left_or_was_parked_waits_no_more(ended: str, client: Client) -> None:
    message(created_at=timezone.now() - timedelta(days=1), **{ended: timezone.now()})
    said = readiness(client, 200)
    assert said["outbox"]["dead_letters"] == (ended == "parked_at")


def test_redis_is_away(client: Client, settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    said = readiness(client, 503)
    assert not_ready(said) == ["redis", "worker", "checks_worker"]
