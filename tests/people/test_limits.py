"""Limits of attempts hold however many others are counted, and what has run out goes."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from people.models import User
from tests.world import World

GUESSES = 5
CACHE: dict[str, Any] = settings.CACHES["default"]
HELD = CACHE["OPTIONS"]["MAX_ENTRIES"]
FILL = """
    INSERT INTO shared_cache (cache_key, value, expires)
    SELECT %s || lpad(n::text, 64, '0'), 'gASVCwAAAAAAAABdlEdB2lAAAAAAAGEu', %s FROM generate_series(1, %s) AS n
"""


@pytest.fixture
def rita(world: World) -> User:
    user = world.user("rita")
    user.set_password("a long password")
    user.save()
    return user


def sign_in(client: Client, password: str) -> str:
    """What the page says; empty where they are in."""
    answer = client.post("/accounts/login/", {"login": "rita@people.example", "password": password})
    return answer.content.decode()


def fill(prefix: str, lives: timedelta, many: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FILL, [prefix, timezone.now() + lives, many])


def count(prefix: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM shared_cache WHERE cache_key LIKE %s", [f"{prefix}%"])
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("prefix", [":1:allauth:rl:", ":9:"], ids=["counters", "those sorted behind"])
def test_a_flood_of_other_counters_frees_no_locked_sign_in(client: Client, rita: User, prefix: str) -> None:
    for _ in range(GUESSES):
        assert "not correct" in sign_in(client, "guess")
    assert "Too many failed login attempts" in sign_in(client, "a long password")
    fill(prefix, timedelta(minutes=5), 2 * HELD)
    for number in range(3):
        client.post("/accounts/password/reset/", {"email": f"invented-{number}@stranger.example"})
    assert "Too many failed login attempts" in sign_in(client, "a long password")
    assert count(prefix) >= 2 * HELD, "no counter that still counts is thrown out"


def test_what_has_run_out_goes(db: None) -> None:
    fill("old", timedelta(minutes=-5), HELD + 1)
    cache.set("new", 1)
    assert count("old") == 0
    assert cache.get("new") == 1
