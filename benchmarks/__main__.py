"""``python -m benchmarks [NAME …]``: measure, and print what came out beside its references."""

import argparse
import sys
from importlib import import_module

from benchmarks.bench import bench
from benchmarks.figure import Figure, machine, table

BENCHMARKS = {
    "eligibility": "benchmarks.bulk_eligibility",
    "import": "benchmarks.bulk_import",
    "http": "benchmarks.http_run",
}
"""Each is a module with ``run(bench)``, which yields figures as they are measured."""


def main() -> None:
    """Measure what is named, or everything."""
    asked = _arguments()
    print(f"{machine()}. {asked.rows:,} rows, {asked.repeats} runs of each.", flush=True)
    figures: list[Figure] = []
    try:
        with bench(asked.rows, asked.repeats) as given:
            for name in asked.names or BENCHMARKS:
                print(f"Measuring {name}", file=sys.stderr, flush=True)
                figures.extend(import_module(BENCHMARKS[name]).run(given))
    finally:  # what was measured before something failed is worth reading
        print("\n".join(table(figures)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}; all, if none"
    )
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many rows the bulk benchmarks take")
    parser.add_argument("--repeats", type=int, default=3, help="how often each is run; the median counts")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there is {', '.join(BENCHMARKS)}")
    return asked


if __name__ == "__main__":
    main()
