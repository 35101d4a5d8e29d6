"""Several programs as one: all start, one that dies is started again, all stop together."""

import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from engines.process import EngineError, Program, start, stop
from engines.service import Service

LOOK_EVERY = 0.2  # seconds
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop: passes through everything, as ``KeyboardInterrupt`` does."""


def stop_on_signals() -> None:
    """From now on the first signal to end raises ``Stopped`` in the main thread; later ones do nothing."""
    for number in ENDINGS:
        signal.signal(number, _stop)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    for each in ENDINGS:
        signal.signal(each, signal.SIG_IGN)
    raise Stopped


def run_to_end(program: Program) -> None:
    """Run one program and wait for it. Raises ``EngineError`` where it fails."""
    process = start(program)
    try:
        status = process.wait()
    finally:
        stop(process, program.ending)
    if status:
        raise EngineError(f"{program.name} failed with status {status}; the lines above say why.")


@contextmanager
def supervised(programs: Iterable[Program]) -> Iterator[list[Service]]:
    """Start the programs in order; in the end all are asked to stop at once, and waited for.

    What is added to the list meanwhile is stopped with them.
    """
    services: list[Service] = []
    try:
        for program in programs:
            services.append(Service(program))  # noqa: PERF401  # those before one that fails are stopped
        yield services
    finally:
        for service in services:
            service.ask_to_stop()
        for service in reversed(services):
            service.stop()


def watch(services: Iterable[Service], until: Callable[[], bool] = lambda: False) -> None:
    """Look after the services until the condition holds; without one, until ``Stopped`` is raised."""
    while not until():
        for service in services:
            service.look_after()
        time.sleep(LOOK_EVERY)
