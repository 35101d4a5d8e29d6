"""Both engines together, or the one of them that the environment does not name a server for."""

import fcntl
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from engines.places import Places
from engines.postgres import SOCKET, Postgres, is_listening
from engines.process import EngineError, Program, start, stop, wait_until
from engines.valkey import Valkey

READY_WITHIN = 60.0  # seconds: recovery after a crash may take a while


@contextmanager
def engines(places: Places, *, is_durable: bool = True) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Run what the environment does not name a server for; stops it in the end.

    Yields the processes by name. Raises ``EngineError``.
    """
    with ExitStack() as stack:
        running = {}
        if not os.environ.get("DATABASE_URL"):
            running["postgres"] = stack.enter_context(_postgres(places, is_durable))
        if not os.environ.get("REDIS_URL"):
            running["valkey"] = stack.enter_context(_valkey(places))
        yield running


@contextmanager
def sole_user(places: Places, *, waits: bool = False) -> Iterator[None]:
    """Hold ``VAR_DIR`` for ourselves. Raises ``EngineError`` where another program does."""
    places.var.mkdir(parents=True, exist_ok=True)
    with (places.var / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            raise EngineError(
                f"Another Unblock Desk runs on {places.var}. Stop it, or set VAR_DIR and PORT to others."
            ) from None
        yield


def is_running(places: Places) -> bool:
    """Whether somebody's embedded PostgreSQL answers already."""
    return is_listening(places.sockets / SOCKET)


@contextmanager
def _postgres(places: Places, is_durable: bool) -> Iterator[subprocess.Popen[bytes]]:
    server = Postgres(places, is_durable=is_durable)
    with _running(server.program(), places) as process:
        wait_until(server.is_ready, process, "PostgreSQL", READY_WITHIN)
        server.ensure_database()
        yield process


@contextmanager
def _valkey(places: Places) -> Iterator[subprocess.Popen[bytes]]:
    server = Valkey(places)
    with _running(server.program(), places) as process:
        wait_until(server.is_ready, process, "Valkey", READY_WITHIN)
        yield process


@contextmanager
def _running(program: Program, places: Places) -> Iterator[subprocess.Popen[bytes]]:
    with _log(places, program.name) as log:
        process = start(program, log)
    try:
        yield process
    finally:
        stop(process, program.ending)


def _log(places: Places, name: str) -> IO[bytes]:
    folder = places.var / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / f"{name}.log").open("ab")


def child_environment(places: Places, extra: Mapping[str, str]) -> dict[str, str]:
    """Our environment for a child, with ``VAR_DIR`` absolute."""
    return {**os.environ, "VAR_DIR": str(places.var), "PYTHONUNBUFFERED": "1", **extra}


def project() -> Path:
    """The folder of ``manage.py``."""
    return Path(__file__).resolve().parent.parent
