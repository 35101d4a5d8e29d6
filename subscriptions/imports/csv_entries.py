"""Entries from a CSV file: one in each line, by the columns that its first line names."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TextIO, TypeVar

from subscriptions.csv_lines import cells_of, columns_of, csv_lines, is_blank
from subscriptions.imports.entries import Entry, Refused
from subscriptions.imports.reading import COLUMNS, Given, row_of
from subscriptions.policy.facts import FactError

NEEDED = ("subscription_id",)
OPTIONAL = tuple(name for name in COLUMNS if name not in NEEDED)

AnyRow = TypeVar("AnyRow")
Read = Callable[[int, dict[str, str]], AnyRow]
"""From a line's number and its texts by column to a row. Raises ``FactError``."""


def csv_entries(file: TextIO, given: Given) -> Iterator[Entry]:
    """Each line's subscription. Raises ``BadHeader``."""
    return csv_rows(file, lambda number, texts: row_of(number, texts, given), NEEDED, OPTIONAL)


def csv_rows(
    file: TextIO, read: Read[AnyRow], needed: Sequence[str], optional: Collection[str]
) -> Iterator[AnyRow | Refused]:
    """What ``read`` makes of each line, numbered as an editor numbers lines. Raises ``BadHeader``."""
    lines = csv_lines(file)
    columns = columns_of(next(lines, None), needed=needed, optional=optional)
    for number, line in enumerate(lines, start=2):
        if is_blank(line):
            continue
        try:
            yield read(number, dict(zip(columns, cells_of(line, len(columns)), strict=True)))
        except FactError as error:
            yield Refused(number, error.field, error.reason)
