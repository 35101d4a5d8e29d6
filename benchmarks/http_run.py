"""Pages and submissions through HTTP, in a small world of cases and in one a hundred times as large."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from benchmarks import http_pages, http_submissions
from benchmarks.bench import Bench, environment
from benchmarks.figure import Figure
from benchmarks.http_load import crowd
from benchmarks.http_server import server
from benchmarks.http_world import World
from benchmarks.process import manage, python

TABLE_OF_THE_BARE_VIEW = (
    "CREATE TABLE bare (id bigserial PRIMARY KEY, text text NOT NULL, at timestamptz NOT NULL)"
)
ROWS_TO_CASES = 10  # a tenth of what the bulk benchmarks take
MANY_TO_FEW = 100
FEWEST = 40


def run(bench: Bench) -> Iterator[Figure]:
    """Both worlds are served at the same time and asked in turn, so that what the machine does hits both."""
    manage("collectstatic", "--no-input", "--verbosity", "0")
    with ExitStack() as stack:
        many = max(bench.rows // ROWS_TO_CASES, 2 * FEWEST)
        few = max(many // MANY_TO_FEW, FEWEST)
        small, large = (stack.enter_context(_world(bench, cases)) for cases in (few, many))
        people = stack.enter_context(crowd())
        yield from http_pages.run(bench, small, large)
        yield from http_pages.run_crowded(bench, small, people)
        yield from http_submissions.run(bench, large, people)
        yield from _counted(small.database, bench.folder / "queries.json")


@contextmanager
def _world(bench: Bench, cases: int) -> Iterator[World]:
    """A database with so many cases, and the product on it."""
    with bench.database(f"{cases}_cases") as database:
        _fill(database, cases)
        with server(database, bench.folder / f"web-{cases}.log") as (port, web):
            yield World(database, cases, port, web)


def _fill(database: str, cases: int) -> None:
    python("-m", "benchmarks.http_child", "http_seed", str(cases), environment=environment(database))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(TABLE_OF_THE_BARE_VIEW)


def _counted(database: str, file: Path) -> Iterator[Figure]:
    """How many queries pages need for some rows and for twice as many, and how often a submission asks."""
    module = ("-m", "benchmarks.http_child", "http_queries")
    python(*module, environment=environment(database), output=file)
    for line in file.read_text().splitlines():
        counted = json.loads(line)
        yield Figure(
            counted["what"],
            [counted["number"]],
            "",
            counted["reference"],
            [counted["beside"]] if counted["reference"] else [],
            goal=counted["goal"],
        )
