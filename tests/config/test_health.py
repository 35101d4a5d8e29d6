"""``/healthz`` and ``/readyz``: each part by itself says that it is not ready. See tests/engines for servers that stop."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from config.health import HEARTBEAT, OLDEST_HEARTBEAT, OLDEST_MESSAGE, redis_client
from config.tasks import heartbeat
from outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _worker_lives() -> Iterator[None]:
    heartbeat()
    yield
    redis_client().delete(HEARTBEAT)


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
    assert set(said) == {"ready", "database", "redis", "worker", "outbox"}
    assert not_ready(said) == []


def test_alive_says_so_and_asks_nobody(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_no_worker_ever_gave_a_sign(client: Client) -> None:
    redis_client().delete(HEARTBEAT)
    said = readiness(client, 503)
    assert not_ready(said) == ["worker"]
    assert said["worker"]["error"] == "no sign of life from a worker"


def test_the_worker_fell_silent(client: Client) -> None:
    redis_client().set(HEARTBEAT, int(time.time()) - OLDEST_HEARTBEAT - 5)
    said = readiness(client, 503)
    assert not_ready(said) == ["worker"]
    assert said["worker"]["heartbeat_age_seconds"] > OLDEST_HEARTBEAT


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
    assert not_ready(said) == ["redis", "worker"]
