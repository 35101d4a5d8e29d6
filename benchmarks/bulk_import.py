"""``import_subscriptions`` beside a bare ``COPY`` of the same file into a table without an index."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.bench import Bench, environment
from benchmarks.bulk_files import beginning_of, subscriptions_file
from benchmarks.figure import Figure
from benchmarks.process import Run, manage

FEWER = 10
BLOCK = 1 << 16
BARE_TABLE = """
CREATE TABLE bare (
    subscription_id uuid, name text, offer_id text, quota_id text, created_at timestamptz, state text,
    customer_number text, customer_name text, partner_number text, partner_name text
)
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn on an empty database; ``server_cpu`` is that of the first import, where it is known."""

    first: Run
    server_cpu: float | None
    again: Run
    newer: Run
    copy: float


def run(bench: Bench) -> Iterator[Figure]:
    """New rows, the same rows again, and the same again as a newer file; memory for ten times the rows."""
    file = subscriptions_file(bench.folder / "subscriptions.csv", bench.rows)
    turns = [_turn(bench, file) for _ in range(bench.repeats)]
    few = [_turn(bench, beginning_of(file, bench.rows // FEWER)) for _ in range(bench.repeats)]
    copies = [turn.copy for turn in turns]
    kinds = {
        "import of {:,} new subscriptions": [turn.first.seconds for turn in turns],
        "… of the same file again": [turn.again.seconds for turn in turns],
        "… of a newer file with the same facts": [turn.newer.seconds for turn in turns],
    }
    for what, seconds in kinds.items():
        yield Figure(what.format(bench.rows), seconds, "s", "COPY alone", copies, goal="60 s")
    if None not in (cpu := [turn.server_cpu for turn in turns]):
        both = [turn.first.cpu + (server or 0) for turn, server in zip(turns, cpu, strict=True)]
        yield Figure("… processor time, server included", both, "s", goal="60 s")
    yield Figure(
        f"… its memory at {bench.rows:,} rows",
        [turn.first.peak for turn in turns],
        "MB",
        f"at {bench.rows // FEWER:,} rows",
        [turn.first.peak for turn in few],
        goal="flat",
    )


def _turn(bench: Bench, file: Path) -> Turn:
    with bench.database("import") as database:
        variables = environment(database)
        manage("migrate", "--verbosity", "0", environment=variables)
        manage("load_shipped", environment=variables)
        before = bench.server_cpu()
        command = ("import_subscriptions", str(file))
        first = manage(*command, "--as-of", "2026-01-01", environment=variables)
        after = bench.server_cpu()
        again = manage(*command, "--as-of", "2026-01-01", environment=variables)
        newer = manage(*command, "--as-of", "2026-01-02", environment=variables)
        used = None if before is None or after is None else after - before
        return Turn(first, used, again, newer, _copied(database, file))


def _copied(database: str, file: Path) -> float:
    """Seconds that the server needs to take the file as it is."""
    with psycopg.connect(database) as connection:
        connection.execute(BARE_TABLE)
        began = time.perf_counter()
        with (
            file.open("rb") as source,
            connection.cursor().copy("COPY bare FROM STDIN (FORMAT csv, HEADER)") as copy,
        ):
            while block := source.read(BLOCK):
                copy.write(block)
        connection.commit()
        return time.perf_counter() - began
