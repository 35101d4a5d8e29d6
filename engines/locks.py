"""Who uses a ``VAR_DIR``: one program that runs its engines, and guests that use them meanwhile."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from engines.places import Places
from engines.process import EngineError


class InUseError(EngineError):
    """Another program runs the engines of this ``VAR_DIR``."""


@contextmanager
def host(places: Places) -> Iterator[None]:
    """Be the one program that runs the engines. Raises ``InUseError`` where another one is."""
    with _opened(places, "host.lock") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUseError(
                f"another Unblock Desk, or one of its commands, runs on {places.var}. "
                "Stop it, or set VAR_DIR and PORT to others."
            ) from None
        yield


@contextmanager
def guest(places: Places) -> Iterator[None]:
    """Use engines that another command runs: it does not stop them meanwhile."""
    with _opened(places, "guests.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


@contextmanager
def guests_first(places: Places) -> Iterator[IO[bytes]]:
    """Give what ``wait_for_guests`` needs; nobody becomes a guest between that and the end of this block."""
    with _opened(places, "guests.lock") as lock:
        yield lock


def wait_for_guests(lock: IO[bytes]) -> None:
    """Wait until the last guest has left."""
    fcntl.flock(lock, fcntl.LOCK_EX)


@contextmanager
def _opened(places: Places, name: str) -> Iterator[IO[bytes]]:
    try:
        places.var.mkdir(parents=True, exist_ok=True)
        lock = (places.var / name).open("ab")
    except OSError as error:
        raise EngineError(
            f"{places.var} cannot be written ({error.strerror}). Set VAR_DIR to a folder of your own."
        ) from error
    with lock:
        yield lock
