"""Submissions a second, beside a bare view that inserts one row on the same server and database."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.bench import Bench
from benchmarks.figure import Figure
from benchmarks.http_cast import SUBMITTERS, submitter
from benchmarks.http_client import Browser
from benchmarks.http_load import Crowd, Outcome, Reader
from benchmarks.http_world import World
from benchmarks.process import processor_time

SECONDS = 3.0
REFERENCES = {
    "bare": "bare view behind the same middleware",
    "bare alone": "bare view without middleware",
    "bare by form": "bare view, signed in and by a form",
}
GOAL = "ratio 0.5; django-helpdesk 0.15"


@dataclass(slots=True)
class Line:
    """What one kind of request came to, over all turns."""

    rates: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def run(bench: Bench, world: World, people: Crowd) -> Iterator[Figure]:
    """At one client and at eight; the kinds in turn."""
    submitters = Submitters(world)
    for clients in (1, SUBMITTERS):
        lines: dict[str, Line] = defaultdict(Line)
        for _ in range(bench.repeats):
            for script in (*REFERENCES, "submit"):
                readers = submitters.readers(script, clients)
                outcome = _measure(bench, lines[script], world, people, readers)
                if script == "submit":
                    submitters.note(outcome)
        yield from _figures(clients, lines)


class Submitters:
    """The people who ask, and how far each has come with what they may ask for."""

    def __init__(self, world: World) -> None:
        self._browsers = [Browser(world.port).sign_in(submitter(number)) for number in range(SUBMITTERS)]
        self._asked = [0] * SUBMITTERS

    def readers(self, script: str, clients: int) -> Sequence[Reader]:
        """For one turn."""
        for browser in self._browsers:
            browser.close()
        who = range(clients)
        return [Reader(self._browsers[number], script, number, self._asked[number]) for number in who]

    def note(self, outcome: Outcome) -> None:
        """What was sent is not sent again."""
        for number, following in outcome.following.items():
            self._asked[number] = max(self._asked[number], following)


def _measure(bench: Bench, line: Line, world: World, people: Crowd, readers: Sequence[Reader]) -> Outcome:
    before = _cpu(bench, world)
    outcome = people.rush(readers, SECONDS)
    line.rates.append(outcome.rate)
    line.cpu.append((_cpu(bench, world) - before) * 1000 / len(outcome.took))
    return outcome


def _cpu(bench: Bench, world: World) -> float:
    """Seconds of the web workers, and of the database where it is the embedded one."""
    server = bench.server_process
    return processor_time(world.web) + (processor_time(server) if server else 0.0)


def _figures(clients: int, lines: Mapping[str, Line]) -> Iterator[Figure]:
    what = "1 client" if clients == 1 else f"{clients} clients"
    for script, named in REFERENCES.items():
        rates = lines[script].rates
        yield Figure(f"submissions, {what}", lines["submit"].rates, "/s", named, rates, goal=GOAL)
    for script, named in REFERENCES.items():
        cpu = lines[script].cpu
        yield Figure("… processor time of web and database", lines["submit"].cpu, "ms", named, cpu)
