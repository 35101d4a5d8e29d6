"""``manage.py import_facts FILE``: what billing and identity say of customers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from subscriptions.imports.command import ImportCommand, Job, terms_of
from subscriptions.imports.facts.importer import importer
from subscriptions.imports.facts.reading import rows_of
from subscriptions.imports.report import FactReport
from subscriptions.imports.stream import Stream


class Command(ImportCommand):
    help = "Import facts of customers from CSV, or from JSON with an object in each line."

    def job_of(self, stream: Stream, now: datetime, options: Mapping[str, Any]) -> Job:
        terms = terms_of(stream, now, options, unit="line")
        return Job(terms, rows_of(stream, terms), importer(terms), FactReport)
