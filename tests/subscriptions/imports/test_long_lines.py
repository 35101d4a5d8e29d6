"""A line longer than anybody may write is refused by its number, never held as a whole, and loses no other."""

import io
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from subscriptions.csv_lines import LONGEST_LINE, BadHeader
from subscriptions.imports.csv_entries import csv_entries
from subscriptions.imports.entries import Refused
from subscriptions.imports.reading import COLUMNS, Given
from subscriptions.imports.stream import Stream
from subscriptions.models import Subscription
from subscriptions.policy.versions import load_shipped_policies
from tests.subscriptions.imports.files import BLOG, HEADER, LAB, SHOP, csv_file, csv_line, run

NOW = datetime(2026, 11, 26, tzinfo=UTC)
HOSTILE = 4_000_000
TOO_LONG = f"is longer than {LONGEST_LINE} characters"
LINES = {
    "a name": csv_line(BLOG, "n" * HOSTILE),
    "a quote that nobody closes": csv_line(BLOG, '"' + "n" * HOSTILE),
    "many cells": "," * HOSTILE,
    "blanks before a row": " " * HOSTILE + csv_line(BLOG),
}


@pytest.mark.django_db
def test_each_is_told_and_the_next_row_is_taken(tmp_path: Path) -> None:
    load_shipped_policies()
    path = csv_file(tmp_path)
    longest = csv_line(SHOP).ljust(LONGEST_LINE)
    path.write_text("\n".join([HEADER, longest, *LINES.values(), csv_line(LAB, "Lab")]), encoding="utf-8")
    told = run(path)
    assert told.left == [f"line {number}: {TOO_LONG}" for number, _ in enumerate(LINES, start=3)]
    assert set(Subscription.objects.values_list("name", flat=True)) == {"Web shop", "Lab"}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_none_is_held_as_a_whole(line: str) -> None:
    stream = Stream(io.BytesIO(f"{HEADER}\n{line}\n".encode()))
    tracemalloc.start()
    try:
        (refused,) = csv_entries(stream.text(), Given(NOW))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refused == Refused(2, "", TOO_LONG)
    assert most < 2_000_000, "bytes"


def test_a_cell_says_how_long_it_may_be() -> None:
    addresses = "192.0.2.1 " * (COLUMNS["addresses"] // 10 + 1)
    file = io.StringIO(f"subscription_id,addresses\n{SHOP},{addresses}\n")
    (refused,) = csv_entries(file, Given(NOW))
    assert str(refused) == "addresses: is longer than 100000 characters"


def test_a_first_line_says_so_too() -> None:
    with pytest.raises(BadHeader, match=f"^the first line {TOO_LONG}, so this is no CSV file to read$"):
        list(csv_entries(io.StringIO("x" * HOSTILE), Given(NOW)))
