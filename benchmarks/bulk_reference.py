"""``python -m benchmarks.bulk_reference FILE``: what reading CSV and writing JSON cost by themselves."""

import csv
import json
import sys
from pathlib import Path


def main(name: str) -> None:
    """Each row as a line of JSON, with nothing done to it."""
    with Path(name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
