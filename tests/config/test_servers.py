"""The tests' own servers."""

import os

from django.conf import settings

from tests.servers import WORKER


def test_each_worker_has_a_redis_for_itself() -> None:
    assert os.environ["REDIS_URL"] == settings.REDIS_URL
    if number := os.environ.get(WORKER):
        assert settings.REDIS_URL.endswith(f"db={int(number.removeprefix('gw')) + 1}")
