"""Writing facts to customers, each batch in a transaction of its own."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from subscriptions.imports.entries import Refused, Skipped
from subscriptions.imports.facts import statements as sql
from subscriptions.imports.facts.reading import FactRow
from subscriptions.imports.staging import Staged, temporary
from subscriptions.imports.terms import Change, Taken, Terms

CUSTOMERS = ("changed", "unchanged")
FACTS = ("facts_new", "facts_changed", "facts_confirmed", "facts_older")


@contextmanager
def importer(terms: Terms) -> Iterator["Importer"]:
    """An importer for one file, with its temporary tables about it."""
    with temporary(sql.TABLES, sql.DROP_TABLES):
        yield Importer(terms)


class Importer:
    """Takes the rows of one file, batch by batch. Made by ``importer``."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    def take(self, rows: Sequence[FactRow]) -> Taken:
        """Write a batch, or in a dry run say what writing it would come to."""
        with transaction.atomic(), connection.cursor() as cursor:
            return FactBatch(cursor, self._terms).merge(rows)


class FactBatch(Staged):
    """One batch inside its transaction: staged, planned, and written where it is no dry run."""

    def __init__(self, cursor: CursorWrapper, terms: Terms) -> None:
        self._terms = terms
        super().__init__(cursor, {"source": terms.source})

    def merge(self, rows: Sequence[FactRow]) -> Taken:
        """From rows as a file states them to what is stored."""
        is_dry_run = self._terms.is_dry_run
        self.stage(sql.EMPTY, sql.COPY, rows)
        if not is_dry_run:
            self.run(sql.LOCK)
        left = [*self._repeated(), *self._unknown()]
        self.run(sql.PLAN)
        taken = Taken(self._counted(), [*left, *self._older()], list(self._changes()) if is_dry_run else [])
        if not is_dry_run:
            self.run(sql.WRITE)
        return taken

    def _repeated(self) -> Iterator[Refused | Skipped]:
        self.run(sql.NOTE_SEEN)
        for number, first in self.found(sql.DROP_REPEATED):
            yield Refused(number, "customer_number", f"stands in {self._terms.unit} {first} already")

    def _unknown(self) -> Iterator[Refused | Skipped]:
        for number, customer_number in self.found(sql.DROP_UNKNOWN):
            yield Refused(number, "customer_number", f"{customer_number!a} is no customer here")

    def _older(self) -> Iterator[Refused | Skipped]:
        for number, newer in self.found(sql.OLDER_ROWS):
            yield Skipped(number, f"what is stored is newer, as of {newer:%-d %b %Y, %H:%M:%S} UTC")

    def _counted(self) -> Counter[str]:
        customers, facts = self.found(sql.COUNT)[0], self.found(sql.COUNT_FACTS)[0]
        return Counter(dict(zip((*CUSTOMERS, *FACTS), (*customers, *facts), strict=True)))

    def _changes(self) -> Iterator[Change]:
        for number, customer_number, before, after in self.found(sql.CHANGES):
            yield Change(number, customer_number, json.loads(before), json.loads(after))
