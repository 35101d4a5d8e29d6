"""``eligibility --file`` beside reading CSV and writing JSON of the same rows."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.bench import Bench, environment
from benchmarks.bulk_files import beginning_of, eligibility_file
from benchmarks.figure import Figure
from benchmarks.process import Run, manage, python

FEWER = 10


def run(bench: Bench) -> Iterator[Figure]:
    """Rows a second of processor time, start included, and memory for ten times the rows."""
    file = eligibility_file(bench.folder / "eligibility.csv", bench.rows)
    fewer = beginning_of(file, bench.rows // FEWER)
    with bench.database("eligibility") as database:
        variables = environment(database)
        manage("migrate", "--verbosity", "0", environment=variables)
        manage("load_shipped", environment=variables)
        runs = [
            (_judged(file, variables), python("-m", "benchmarks.bulk_reference", str(file)))
            for _ in range(bench.repeats)
        ]
        few = [_judged(fewer, variables) for _ in range(bench.repeats)]
    yield Figure(
        f"eligibility --file, {bench.rows:,} rows",
        [bench.rows / judged.cpu for judged, _ in runs],
        "rows/s of a core",
        "csv to json alone",
        [bench.rows / reference.cpu for _, reference in runs],
        goal="50,000 rows/s",
    )
    yield Figure(
        f"… its memory at {bench.rows:,} rows",
        [judged.peak for judged, _ in runs],
        "MB",
        f"at {bench.rows // FEWER:,} rows",
        [judged.peak for judged in few],
        goal="flat",
    )


def _judged(file: Path, variables: Mapping[str, str]) -> Run:
    return manage("eligibility", "--file", str(file), environment=variables)
