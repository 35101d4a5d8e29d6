"""Writing rows to the database, each batch in a transaction of its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction

from subscriptions.imports import statements as sql
from subscriptions.imports.batch import Batch
from subscriptions.imports.entries import Row
from subscriptions.imports.staging import temporary
from subscriptions.imports.terms import Rules, Taken, Terms


@contextmanager
def importer(terms: Terms, rules: Rules) -> Iterator["Importer"]:
    """An importer for one file, with its temporary tables about it."""
    with temporary(sql.TABLES, sql.DROP_TABLES):
        yield Importer(terms, rules)


class Importer:
    """Takes the rows of one file, batch by batch. Made by ``importer``."""

    def __init__(self, terms: Terms, rules: Rules) -> None:
        self._terms, self._rules = terms, rules
        self._batches = 0

    def take(self, rows: Sequence[Row]) -> Taken:
        """Write a batch, or in a dry run say what writing it would come to."""
        self._batches += 1
        with transaction.atomic(), connection.cursor() as cursor:
            return Batch(cursor, self._terms, self._rules, self._batches).merge(rows)
