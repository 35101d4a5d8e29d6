"""Reading ahead: the next batch is read while PostgreSQL is busy with the one before."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _End:
    """Nothing follows; ``error`` is what reading met."""

    error: BaseException | None = None


def read_ahead(batches: Iterable[T]) -> Iterator[T]:
    """The same batches, read by a thread of their own, one ahead. Raises what reading raises, in its place.

    The thread ends with the process: nobody who stops waits for a pipe that brings nothing.
    """
    ready: Queue[T | _End] = Queue(1)
    is_over = Event()
    Thread(target=_read, args=(batches, ready, is_over), daemon=True).start()
    try:
        while not isinstance(batch := ready.get(), _End):
            yield batch
        if batch.error is not None:
            raise batch.error
    finally:
        is_over.set()
        with suppress(Empty):
            ready.get_nowait()  # so that a reader who waits for room goes on, and ends


def _read(batches: Iterable[T], ready: "Queue[T | _End]", is_over: Event) -> None:
    try:
        for batch in batches:
            ready.put(batch)
            if is_over.is_set():
                return
        ready.put(_End())
    except BaseException as error:  # noqa: BLE001  # raised again where the batches are taken
        ready.put(_End(error))
