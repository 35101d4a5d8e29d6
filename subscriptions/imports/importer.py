"""Writing rows to the database, each batch in a transaction of its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction

from subscriptions.imports import statements as sql
from subscriptions.imports.batch import Batch
from subscriptions.imports.entries import Row
from subscriptions.imports.terms import Taken, Terms


@contextmanager
def importer(terms: Terms) -> Iterator["Importer"]:
    """An importer for one file, with its temporary tables about it."""
    with connection.cursor() as cursor:
        cursor.execute(sql.DROP_TABLES)
        cursor.execute(sql.TABLES)
    yield Importer(terms)
    with connection.cursor() as cursor:
        cursor.execute(sql.DROP_TABLES)


class Importer:
    """Takes the rows of one file, batch by batch. Made by ``importer``."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._batches = 0

    def take(self, rows: Sequence[Row]) -> Taken:
        """Write a batch, or in a dry run say what writing it would come to."""
        self._batches += 1
        with transaction.atomic(), connection.cursor() as cursor:
            return Batch(cursor, self._terms, self._batches).merge(rows)
