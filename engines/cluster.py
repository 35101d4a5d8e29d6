"""Both engines together, or the one of them that the environment does not name a server for."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from engines.places import Places
from engines.postgres import SOCKET, Postgres, is_listening
from engines.process import STOP_WITHIN, EngineError, Program, start, stop, wait_until
from engines.valkey import Valkey

READY_WITHIN = 60.0  # seconds: recovery after a crash may take a while
LINES_SHOWN = 20


@contextmanager
def engines(places: Places, *, is_durable: bool = True) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Run what the environment does not name a server for; stops it in the end.

    Yields the processes by name. Raises ``EngineError``.
    """
    with ExitStack() as stack:
        running = {}
        if not os.environ.get("DATABASE_URL"):
            running["PostgreSQL"] = stack.enter_context(_postgres(places, is_durable))
        if not os.environ.get("REDIS_URL"):
            running["Valkey"] = stack.enter_context(_valkey(places))
        yield running


def is_running(places: Places) -> bool:
    """Whether somebody's embedded PostgreSQL takes connections already."""
    return Postgres(places).is_ready()


@contextmanager
def _postgres(places: Places, is_durable: bool) -> Iterator[subprocess.Popen[bytes]]:
    _wait_for_the_last(places.sockets / SOCKET)
    server = Postgres(places, is_durable=is_durable)
    with _running(server.program(), places) as (process, log):
        with _log_told(log):
            wait_until(server.is_ready, process, "PostgreSQL", READY_WITHIN)
        server.ensure_database()
        yield process


@contextmanager
def _valkey(places: Places) -> Iterator[subprocess.Popen[bytes]]:
    _wait_for_the_last(places.redis_socket)
    server = Valkey(places)
    with _running(server.program(), places) as (process, log):
        with _log_told(log):
            wait_until(server.is_ready, process, "Valkey", READY_WITHIN)
        yield process


def _wait_for_the_last(socket: Path) -> None:
    """An engine whose supervisor was killed ends by itself, but not at once."""
    deadline = time.monotonic() + STOP_WITHIN
    while is_listening(socket) and time.monotonic() < deadline:
        time.sleep(0.05)


@contextmanager
def _running(program: Program, places: Places) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    path = places.var / "log" / f"{program.name}.log"
    with _appended(path) as log:
        process = start(program, log)
    try:
        yield process, path
    finally:
        stop(process, program.ending)


def _appended(path: Path) -> IO[bytes]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path.open("ab")


@contextmanager
def _log_told(log: Path) -> Iterator[None]:
    """An engine that does not start says why in its log: show the end of it."""
    try:
        yield
    except EngineError as error:
        lines = log.read_text(errors="replace").splitlines()[-LINES_SHOWN:]
        raise EngineError("\n".join([f"{error} The end of {log}:", *lines])) from error
