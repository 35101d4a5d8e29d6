"""CSV files as commands read them: a header that names its columns, and one row in each line.

A quote that is left open spoils its own line, never those after it: so one bad row loses no other.
"""

import csv
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import TextIO

from subscriptions.lines import lines_of
from subscriptions.policy.facts import FactError

LONGEST_LINE = 131_072
"""Characters: as many as Python's reader takes in one cell, and more than all columns may hold."""

FAULTS_SHOWN = 9
NAME_SHOWN = 100  # characters of a column's name that its fault quotes


class BadHeader(ValueError):
    """The first line does not name the columns that are needed."""


def csv_lines(file: TextIO) -> Iterator[str]:
    """The lines for ``columns_of`` and ``cells_of``; both refuse one that is too long."""
    return lines_of(file, LONGEST_LINE)


def columns_of(header: str | None, *, needed: Sequence[str], optional: Collection[str]) -> list[str]:
    """The columns that the first line names, in lower case; ``None`` where there is none. Raises ``BadHeader``."""
    if header is None:
        raise BadHeader("the file is empty")
    if len(header) > LONGEST_LINE:
        raise BadHeader(f"the first line {_too_long()}, so this is no CSV file to read")
    _refuse_no_text(header)
    columns = [name.strip().lower() for name in _header_cells(header)]
    missing = [name for name in needed if name not in columns]
    unknown = [name for name in columns if name not in needed and name not in optional]
    twice = sorted(name for name, times in Counter(columns).items() if times > 1)
    faults = {"is missing": missing, "is unknown": unknown, "is there twice": twice}
    told = [f"{name[:NAME_SHOWN]!a} {fault}" for fault, names in faults.items() for name in names]
    if told:
        raise BadHeader(
            f"the first line has to name the columns {', '.join(needed)}, and may name "
            f"{', '.join(optional)}; {', '.join(told[:FAULTS_SHOWN])}"
        )
    return columns


def cells_of(line: str, needed: int) -> list[str]:
    """The cells of one line, as many as there are columns. Raises ``FactError`` without a field."""
    if len(line) > LONGEST_LINE:
        raise FactError("", _too_long())
    try:
        cells = next(csv.reader([line], strict=True)) if '"' in line else line.split(",")
    except csv.Error as error:
        raise FactError("", f"is no row of a CSV file: {error}") from None
    if len(cells) != needed:
        raise FactError("", f"has {len(cells)} values, but the first line names {needed} columns")
    return cells


def is_blank(line: str) -> bool:
    """Nothing stands in it, and it is passed over."""
    return not line or (line.isspace() and len(line) <= LONGEST_LINE)


def _too_long() -> str:
    return f"is longer than {LONGEST_LINE} characters"


def _refuse_no_text(header: str) -> None:
    """Bytes that are no UTF-8 were left in it as halves of surrogate pairs (``surrogateescape``)."""
    try:
        header.encode()
    except UnicodeEncodeError as error:
        number = len(header[: error.start].encode())
        raise BadHeader(f"byte {number} is not UTF-8, so this is no CSV file to read") from None


def _header_cells(header: str) -> list[str]:
    try:
        return next(csv.reader([header]), [])
    except csv.Error as error:
        raise BadHeader(f"the first line is none of a CSV file: {error}") from None
