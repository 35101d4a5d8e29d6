"""Many readers at once, in processes of their own: how many requests a second are answered, and how fast."""

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from benchmarks.http_client import Browser
from benchmarks.http_scripts import SCRIPTS

PROCESSES = 2
HEAD_START = 0.3  # seconds until all have connected


@dataclass(frozen=True, slots=True)
class Reader:
    """A browser that sends one script's requests; ``first`` numbers them, so that none is sent twice."""

    browser: Browser
    script: str
    who: int = 0
    first: int = 0
    paths: Sequence[str] = ()


@dataclass(slots=True)
class Outcome:
    """The seconds that each request took, in one window of ``seconds``; by reader, the number to go on with."""

    seconds: float
    took: list[float] = field(default_factory=list)
    following: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.took) / self.seconds


class Crowd:
    """The processes that readers sit in."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def rush(self, readers: Sequence[Reader], seconds: float) -> Outcome:
        """All at once, each sending its next request when the last is answered."""
        starts_at = time.time() + HEAD_START
        shares = [share for place in range(PROCESSES) if (share := readers[place::PROCESSES])]
        outcome = Outcome(seconds)
        for part in self._pool.map(_read, shares, [starts_at] * len(shares), [seconds] * len(shares)):
            outcome.took += part.took
            outcome.following |= part.following
        return outcome


@contextmanager
def crowd() -> Iterator[Crowd]:
    """The processes, until left."""
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        yield Crowd(pool)


def _read(readers: Sequence[Reader], starts_at: float, seconds: float) -> Outcome:
    """One thread for each reader. Raises what any of them met."""
    outcome = Outcome(seconds)
    with ThreadPoolExecutor(len(readers)) as threads:
        sitting = [threads.submit(_sit, reader, starts_at, outcome) for reader in readers]
    for one in sitting:
        one.result()
    return outcome


def _sit(reader: Reader, starts_at: float, outcome: Outcome) -> None:
    """What is answered after the end does not count."""
    time.sleep(max(0.0, starts_at - time.time()))
    for number in count(reader.first):
        request = SCRIPTS[reader.script](reader.who, number, reader.paths)
        began = time.time()
        reader.browser.send(request)
        ended = time.time()
        outcome.following[reader.who] = number + 1
        if ended > starts_at + outcome.seconds:
            break
        outcome.took.append(ended - began)
    reader.browser.close()
