"""Pages and submissions through HTTP, in a small world of cases and in one a hundred times as large."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
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
FEW = 1_000
ROWS_TO_CASES = 10  # a tenth of what the bulk benchmarks take


def run(bench: Bench) -> Iterator[Figure]:
    """Both worlds are served at the same time and asked in turn, so that what the machine does hits both."""
    manage("collectstatic", "--no-input", "--verbosity", "0")
    with ExitStack() as stack:
        few = stack.enter_context(bench.database("few_cases"))
        many = stack.enter_context(bench.database("many_cases"))
        cases = max(bench.rows // ROWS_TO_CASES, 2 * FEW)
        _fill(few, FEW)
        _fill(many, cases)
        people = stack.enter_context(crowd())
        small = World(few, FEW, *stack.enter_context(server(few, bench.folder / "web-few.log")))
        large = World(many, cases, *stack.enter_context(server(many, bench.folder / "web-many.log")))
        yield from http_pages.run(bench, small, large)
        yield from http_pages.run_crowded(bench, small, people)
        yield from http_submissions.run(bench, large, people)
        yield from _counted(few, bench.folder / "queries.json")


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
