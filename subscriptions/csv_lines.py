"""CSV files as commands read them: a header that names its columns, and one row in each line.

A quote that is left open spoils its own line, never those after it: so one bad row loses no other.
"""

import csv
from collections.abc import Collection, Sequence

from subscriptions.policy.facts import FactError

FAULTS_SHOWN = 9


class BadHeader(ValueError):
    """The first line does not name the columns that are needed."""


def columns_of(header: str, *, needed: Sequence[str], optional: Collection[str]) -> list[str]:
    """The columns that the first line names, in lower case. Raises ``BadHeader``."""
    if not header:
        raise BadHeader("the file is empty")
    _refuse_no_text(header)
    columns = [name.strip().lower() for name in _header_cells(header)]
    missing = [name for name in needed if name not in columns]
    unknown = [name for name in columns if name not in needed and name not in optional]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    faults = {"is missing": missing, "is unknown": unknown, "is there twice": twice}
    told = [f"{name!a} {fault}" for fault, names in faults.items() for name in names]
    if told:
        raise BadHeader(
            f"the first line has to name the columns {', '.join(needed)}, and may name "
            f"{', '.join(optional)}; {', '.join(told[:FAULTS_SHOWN])}"
        )
    return columns


def cells_of(line: str, needed: int) -> list[str]:
    """The cells of one line, as many as there are columns. Raises ``FactError`` without a field."""
    try:
        cells = next(csv.reader([line], strict=True)) if '"' in line else line.rstrip("\n").split(",")
    except csv.Error as error:
        raise FactError("", f"is no row of a CSV file: {error}") from None
    if len(cells) != needed:
        raise FactError("", f"has {len(cells)} values, but the first line names {needed} columns")
    return cells


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
