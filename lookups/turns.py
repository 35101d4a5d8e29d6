"""Whose turn it is to look: one run for each person and few in all, so that other pages keep threads of their own."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from threading import Lock


class NotYourTurn(Exception):
    """Somebody has to wait; the message says for what, and when to try again."""


class Turns:
    """Runs of one process that take long; at most ``most`` at the same time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._running: set[Hashable] = set()

    @contextmanager
    def turn(self, person: Hashable) -> Iterator[None]:
        """The person's run, for as long as it takes. Raises ``NotYourTurn`` at once instead of waiting."""
        with self._lock:
            if person in self._running:
                raise NotYourTurn("Your last check still runs; try again in a few seconds.")
            if len(self._running) >= self._most:
                raise NotYourTurn("Others look at their records just now; try again in a few seconds.")
            self._running.add(person)
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(person)
