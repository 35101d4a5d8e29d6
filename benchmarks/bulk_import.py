"""``import_subscriptions`` beside a bare ``COPY`` of the same file into a table without an index."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
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
    """What one database took, one after the other; ``server_cpu`` is of the first, where it is known."""

    first: Run
    server_cpu: float | None
    again: Run
    newer: Run
    copy: float


def run(bench: Bench) -> Iterator[Figure]:
    """New rows, the same rows again, and the same again as a newer file; memory for ten times the rows."""
    file = subscriptions_file(bench.folder / "subscriptions.csv", bench.rows)
    turns = [_turn(bench, file) for _ in range(bench.repeats)]
    fewer = beginning_of(file, bench.rows // FEWER)
    few = [_peak(bench, fewer) for _ in range(bench.repeats)]
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
        few,
        goal="flat",
    )


def _turn(bench: Bench, file: Path) -> Turn:
    with _prepared(bench) as database:
        before = bench.server_cpu()
        first = _imported(database, file, "2026-01-01")
        after = bench.server_cpu()
        again = _imported(database, file, "2026-01-01")
        newer = _imported(database, file, "2026-01-02")
        used = None if before is None or after is None else after - before
        return Turn(first, used, again, newer, _copied(database, file))


def _peak(bench: Bench, file: Path) -> float:
    with _prepared(bench) as database:
        return _imported(database, file, "2026-01-01").peak


@contextmanager
def _prepared(bench: Bench) -> Iterator[str]:
    with bench.database("import") as database:
        manage("migrate", "--verbosity", "0", environment=environment(database))
        manage("load_shipped", environment=environment(database))
        yield database


def _imported(database: str, file: Path, as_of: str) -> Run:
    return manage("import_subscriptions", str(file), "--as-of", as_of, environment=environment(database))


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
