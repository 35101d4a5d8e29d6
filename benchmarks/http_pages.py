"""What pages take among few cases and among many, and how many of them a second a crowd gets."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from benchmarks.bench import Bench
from benchmarks.figure import Figure
from benchmarks.http_client import Browser, Request
from benchmarks.http_load import Crowd, Reader
from benchmarks.http_world import World

ROUNDS_OF_A_REPEAT = 3
EACH = 20
READERS = 8
SECONDS = 3.0
OPEN_CASES = 40


def run(bench: Bench, small: World, large: World) -> Iterator[Figure]:
    """Each page for one reader; both worlds in turn, the median of some requests each time."""
    for name in small.pages:
        few, many = [], []
        for _ in range(bench.repeats * ROUNDS_OF_A_REPEAT):
            few.append(_takes(*small.pages[name]))
            many.append(_takes(*large.pages[name]))
        yield Figure(
            f"{name} among {large.cases:,} cases",
            many,
            "ms",
            f"among {small.cases:,}",
            few,
            goal="ratio 1.3 at most",
        )


def _takes(browser: Browser, path: str) -> float:
    """Milliseconds, the median of some requests."""
    took = []
    for _ in range(EACH):
        began = time.perf_counter()
        browser.send(Request(path))
        took.append(time.perf_counter() - began)
    return median(took) * 1000


def run_crowded(bench: Bench, world: World, people: Crowd) -> Iterator[Figure]:
    """Lists, cases and updates for a crowd, beside a bare view that inserts one row."""
    cases = world.open_cases(OPEN_CASES)
    kinds = {
        "queue, 8 readers": ("read", ["/review/"], "django-helpdesk's list: 0.04"),
        "case page, 8 readers": ("read", cases, "django-helpdesk's ticket: 0.03"),
        "message in a case, 8 writers": ("write", cases, "django-helpdesk's update: 0.08"),
    }
    rates: dict[str, list[float]] = {name: [] for name in ("bare", *kinds)}
    for _ in range(bench.repeats):
        rates["bare"].append(people.rush(_readers(world, "bare", []), SECONDS).rate)
        for name, (script, paths, _) in kinds.items():
            rates[name].append(people.rush(_readers(world, script, paths), SECONDS).rate)
    for name, (_, _, goal) in kinds.items():
        yield Figure(name, rates[name], "/s", "bare view", rates["bare"], goal=goal)


def _readers(world: World, script: str, paths: Sequence[str]) -> Sequence[Reader]:
    """The same person at eight tables, each beginning at another case."""
    signed_in = world.reviewer
    signed_in.close()
    apart = max(1, len(paths) // READERS)
    return [
        Reader(replace(signed_in), script, first=number * apart, paths=paths) for number in range(READERS)
    ]
