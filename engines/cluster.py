"""Both engines together, or the one of them that the environment does not name a server for."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from engines.places import Places
from engines.postgres import SOCKET, Postgres, is_listening
from engines.process import STOP_WITHIN, EngineError, Program, wait_until
from engines.service import Service
from engines.valkey import Valkey

READY_WITHIN = 60.0  # seconds: recovery after a crash may take a while
LINES_SHOWN = 20


def are_embedded() -> tuple[bool, bool]:
    """Whether PostgreSQL, and whether Redis, is the embedded one: no server of theirs is named."""
    return not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")


@contextmanager
def engines(places: Places, *, is_durable: bool = True) -> Iterator[list[Service]]:
    """Run what the environment does not name a server for; stops it in the end. Raises ``EngineError``."""
    has_postgres, has_valkey = are_embedded()
    with ExitStack() as stack:
        stack.callback(places.leave_sockets)
        running = []
        if has_postgres:
            running.append(stack.enter_context(_postgres(places, is_durable)))
        if has_valkey:
            running.append(stack.enter_context(_valkey(places)))
        yield running


def are_running(places: Places) -> bool:
    """Whether somebody runs the embedded engines already, all that the environment asks for."""
    has_postgres, has_valkey = are_embedded()
    return (not has_postgres or Postgres(places).has_database()) and (
        not has_valkey or Valkey(places).is_ready()
    )


@contextmanager
def _postgres(places: Places, is_durable: bool) -> Iterator[Service]:
    _wait_for_the_last(places.sockets / SOCKET)
    server = Postgres(places, is_durable=is_durable)
    with _running(server.program(), places, server.is_ready) as service:
        server.ensure_database()
        yield service


@contextmanager
def _valkey(places: Places) -> Iterator[Service]:
    _wait_for_the_last(places.redis_socket)
    server = Valkey(places)
    with _running(server.program(), places, server.is_ready) as service:
        yield service


def _wait_for_the_last(socket: Path) -> None:
    """An engine whose supervisor was killed ends by itself, but not at once."""
    deadline = time.monotonic() + STOP_WITHIN
    while is_listening(socket) and time.monotonic() < deadline:
        time.sleep(0.05)


@contextmanager
def _running(program: Program, places: Places, is_ready: Callable[[], bool]) -> Iterator[Service]:
    log = places.var / "log" / f"{program.name}.log"
    service = Service(program, log)
    try:
        with _log_told(log):
            wait_until(is_ready, service.process, program.name, READY_WITHIN)
        yield service
    finally:
        service.stop()


@contextmanager
def _log_told(log: Path) -> Iterator[None]:
    """An engine that does not start says why in its log: show the end of it."""
    try:
        yield
    except EngineError as error:
        lines = log.read_text(errors="replace").splitlines()[-LINES_SHOWN:]
        raise EngineError("\n".join([f"{error} The end of {log}:", *lines])) from error
