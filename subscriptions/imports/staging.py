"""Temporary tables that a file's rows are copied into, and the statements that merge them from there."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper


@contextmanager
def temporary(tables: str, drop: str) -> Iterator[None]:
    """The tables stand within; ``drop`` also clears away what an import before was stopped over."""
    with connection.cursor() as cursor:
        cursor.execute(drop)
        cursor.execute(tables)
    yield
    with connection.cursor() as cursor:
        cursor.execute(drop)


class Staged:
    """One batch inside its transaction; ``values`` are what its statements may name."""

    def __init__(self, cursor: CursorWrapper, values: Mapping[str, Any]) -> None:
        self._cursor, self._values = cursor, values

    def stage(self, empty: str, copy: str, rows: Sequence[Any]) -> None:
        """Copy rows as a file states them, in place of the batch before."""
        self.run(empty)
        with self._cursor.copy(copy) as into:
            for row in rows:
                into.write_row(row)

    def run(self, statement: str) -> int:
        """Run one statement; returns the number of rows."""
        self._cursor.execute(statement, self._values)
        rows: int = self._cursor.rowcount
        return rows

    def found(self, statement: str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """What one statement finds; ``values`` in place of the batch's own."""
        self._cursor.execute(statement, self._values if values is None else values)
        found: list[tuple[Any, ...]] = self._cursor.fetchall()
        return found
