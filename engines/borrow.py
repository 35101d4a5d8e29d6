"""Engines for one command: used where they run, started for it where they do not."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from engines.cluster import READY_WITHIN, are_embedded, are_running, engines
from engines.locks import InUseError, guest, guests_first, host, wait_for_guests
from engines.places import Places
from engines.process import EngineError

NEED_NONE = frozenset(
    {
        "",
        "--version",
        "check",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "findstatic",
        "help",
        "makemessages",
        "readiness",
        "version",
    }
)


@contextmanager
def engines_for_command(arguments: Sequence[str]) -> Iterator[None]:
    """Run the embedded engines around one ``manage.py`` command, if it needs them and nobody does.

    With ``DATABASE_URL`` and ``REDIS_URL`` set nothing is started. Raises ``EngineError``.
    """
    if not any(are_embedded()) or not _needs_database(arguments):
        yield
        return
    with _borrowed(Places.from_environment()):
        yield


def _needs_database(arguments: Sequence[str]) -> bool:
    command = arguments[0] if arguments else ""
    if {"-h", "--help"} & set(arguments):
        return False
    return command not in NEED_NONE or any(argument.startswith("--database") for argument in arguments)


@contextmanager
def _borrowed(places: Places) -> Iterator[None]:
    deadline = time.monotonic() + READY_WITHIN
    with ExitStack() as stack:
        while not (_joins(places, stack) or _starts(places, stack)):
            if time.monotonic() > deadline:
                raise EngineError(
                    f"Another program holds {places.var} and does not run the engines that this command needs. "
                    "Give this command the same DATABASE_URL and REDIS_URL, or another VAR_DIR."
                )
            time.sleep(0.05)
        yield


def _joins(places: Places, stack: ExitStack) -> bool:
    """Become a guest of whoever runs the engines."""
    with ExitStack() as attempt:
        attempt.enter_context(guest(places))
        if not are_running(places):
            return False
        stack.enter_context(attempt.pop_all())
    return True


def _starts(places: Places, stack: ExitStack) -> bool:
    """Start the engines; in the end they stop when the last guest has left."""
    with ExitStack() as attempt:
        try:
            attempt.enter_context(host(places))
        except InUseError:
            return False
        guests = attempt.enter_context(guests_first(places))
        attempt.enter_context(engines(places))
        attempt.callback(wait_for_guests, guests)
        stack.enter_context(attempt.pop_all())
    return True
