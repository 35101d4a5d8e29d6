"""Subscriptions from a CSV file: one in each line, by the columns of ``reading.COLUMNS``."""

from collections.abc import Iterator
from typing import TextIO

from subscriptions.csv_lines import cells_of, columns_of
from subscriptions.imports.entries import Entry, Refused
from subscriptions.imports.reading import COLUMNS, Given, row_of
from subscriptions.policy.facts import FactError

NEEDED = ("subscription_id",)
OPTIONAL = tuple(name for name in COLUMNS if name not in NEEDED)


def csv_entries(file: TextIO, given: Given) -> Iterator[Entry]:
    """Each line's subscription, numbered as an editor numbers lines. Raises ``BadHeader``."""
    columns = columns_of(file.readline(), needed=NEEDED, optional=OPTIONAL)
    for number, line in enumerate(file, start=2):
        if line.isspace():
            continue
        try:
            texts = dict(zip(columns, cells_of(line, len(columns)), strict=True))
            yield row_of(number, texts, given)
        except FactError as error:
            yield Refused(number, error.field, error.reason)
