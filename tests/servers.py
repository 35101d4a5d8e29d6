"""The PostgreSQL and Redis that the tests run on: the embedded engines, unless the environment names servers."""

import atexit
import os
import shutil
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

from config.environment import Environment
from engines.cluster import engines
from engines.places import Places

WORKER = "PYTEST_XDIST_WORKER"
SETTINGS = "DJANGO_SETTINGS_MODULE"
SERVERS = {"DATABASE_URL", "REDIS_URL"}
OURS = {name.upper() for name in Environment.model_fields} | {"VAR_DIR", "BIND"}
OF_THE_TESTS = {SETTINGS, "DJANGO_ALLOW_ASYNC_UNSAFE"}  # the second one for the browser's tests alone


def is_worker() -> bool:
    """One of pytest-xdist's processes; the engines are its controller's."""
    return WORKER in os.environ


def set_environment() -> None:
    """Demo mode on data of our own; to be called before Django's settings are loaded.

    Resolvers that do not answer: what a test asks of the world, it asks of servers that it started.
    """
    os.environ[SETTINGS] = "config.settings"
    if is_worker():
        os.environ["REDIS_URL"] = _own_redis(os.environ[WORKER])
        return
    for name in OURS - SERVERS:
        os.environ.pop(name, None)
    var = Path(tempfile.mkdtemp(prefix="unblock-desk-tests-"))
    var.chmod(0o711)  # PostgreSQL's own user passes through it
    (var / "static").mkdir()
    atexit.register(shutil.rmtree, var, ignore_errors=True)
    os.environ |= {"DEMO": "1", "VAR_DIR": str(var)}
    os.environ["DNS_RESOLVERS"] = "127.0.0.1:9"


def clean_environment() -> dict[str, str]:
    """The environment without anything of ours, for installations that a test makes for itself."""
    return {name: value for name, value in os.environ.items() if name not in OURS | OF_THE_TESTS}


def start() -> AbstractContextManager[object]:
    """Start what the environment names no server for, without care for a loss of power."""
    return engines(Places.from_environment(), is_durable=False)


def name_servers() -> None:
    """Name the embedded engines as servers, so that every child process finds them.

    Not the settings: pytest-django would load them in xdist's workers before they have a Redis of their own.
    """
    os.environ.pop(SETTINGS, None)
    places = Places.from_environment()
    os.environ.setdefault("DATABASE_URL", places.database_url)
    os.environ.setdefault("REDIS_URL", places.redis_url)


def _own_redis(worker: str) -> str:
    """Each worker has a numbered database of Redis for itself."""
    number = int(worker.removeprefix("gw")) % 15 + 1
    url = os.environ["REDIS_URL"].partition("?")[0]
    return f"{url}?db={number}"
