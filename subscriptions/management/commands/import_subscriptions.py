"""``manage.py import_subscriptions FILE``: subscriptions from the provider's own systems."""

import os
import stat
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from subscriptions.csv_lines import BadHeader
from subscriptions.imports.entries import Entry, Row
from subscriptions.imports.formats import Format, Layout, entries_of, layout_of
from subscriptions.imports.importer import importer
from subscriptions.imports.json_entries import BrokenFile
from subscriptions.imports.progress import Progress
from subscriptions.imports.reading import Given, short_text
from subscriptions.imports.report import Report
from subscriptions.imports.stream import Stream
from subscriptions.imports.terms import Terms
from subscriptions.policy.facts import FactError, parse_created
from subscriptions.policy.versions import NoPolicy, active_policy

AT_ONCE = 10_000  # entries in one transaction
LONGEST_SOURCE = 120
CLOCK_OF_FILES = timedelta(milliseconds=50)  # more than what it may be behind: it counts in ticks


class Command(BaseCommand):
    help = "Import subscriptions from CSV, or from JSON of Azure Resource Manager or of Partner Center."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file, or - for standard input; docs/importing.md describes it")
        parser.add_argument(
            "--format", choices=[*map(str, Format)], help="if not given, told from the content"
        )
        parser.add_argument(
            "--customer", default="", metavar="NUMBER", help="the customer of those that name none"
        )
        parser.add_argument(
            "--partner", default="", metavar="NUMBER", help="the partner of those that name none"
        )
        parser.add_argument(
            "--as-of",
            default="",
            metavar="TIME",
            help="when the facts were so; if not given, the file's time",
        )
        parser.add_argument(
            "--source", default="", metavar="NAME", help="whose facts they are; if not given, the file's name"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change; change nothing")
        parser.add_argument(
            "--move", action="store_true", help="to another partner, even with a case open or an exemption"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["file"]
        try:
            with _opened(name) as file:
                report = self._import(file, options)
        except BrokenPipeError:
            raise CommandError("whoever read the report went away; the rest was not imported") from None
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}") from None
        except (BadHeader, BrokenFile) as error:
            raise CommandError(f"{name}: {error}") from None
        except (FactError, NoPolicy) as error:
            raise CommandError(str(error)) from None
        if report.bad:
            told = f"{report.bad:,} of {report.rows:,} were refused; a line above says why of each"
            raise CommandError(told)

    def _import(self, file: BinaryIO, options: dict[str, Any]) -> Report:
        now = timezone.now()
        given = Given(
            now,
            customer_number=_number("customer", options["customer"]),
            partner_number=_number("partner", options["partner"]),
        )
        stream = Stream(file)
        layout = layout_of(stream.head, Format(options["format"]) if options["format"] else None)
        terms = _terms(file, layout, now, options)
        report = Report(self.stdout, Progress(self.stderr, _size(file)), terms)
        try:
            _take_all(stream, entries_of(stream, layout, given), terms, report)
        except (DatabaseError, KeyboardInterrupt) as error:
            what = str(error).strip() or "it was interrupted"
            raise CommandError(
                f"the import stopped after {report.rows:,} rows: {what}. What was told of those holds; "
                "run it again for the rest, it changes nothing twice"
            ) from None
        report.finish()
        return report


def _take_all(stream: Stream, entries: Iterator[Entry], terms: Terms, report: Report) -> None:
    with importer(terms) as taker:
        while batch := list(islice(entries, AT_ONCE)):
            taken = taker.take([entry for entry in batch if isinstance(entry, Row)])
            report.tell(batch, taken, stream.position)


def _opened(name: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb")


def _terms(file: BinaryIO, layout: Layout, now: datetime, options: dict[str, Any]) -> Terms:
    name = options["file"]
    source = options["source"] or ("standard input" if name == "-" else Path(name).name)
    return Terms(
        as_of=_as_of(options["as_of"], now) if options["as_of"] else _time_of(file, now),
        now=now,
        source=source[:LONGEST_SOURCE],
        policy=active_policy(now),
        unit=layout.unit,
        is_dry_run=options["dry_run"],
        may_move=options["move"],
    )


def _as_of(text: str, now: datetime) -> datetime:
    try:
        at = parse_created(text)
    except FactError as error:
        raise FactError("--as-of", error.reason) from None
    if at is None:
        return now
    at = at if isinstance(at, datetime) else datetime.combine(at, time(), UTC)
    if at > now:
        raise FactError("--as-of", f"{text!a} has not come yet")
    return at


def _time_of(file: BinaryIO, now: datetime) -> datetime:
    """When the file was last written: the same for whoever imports it. Of a pipe, now."""
    if _size(file) is None:
        return now
    written = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
    return now if written > now else written + CLOCK_OF_FILES


def _size(file: BinaryIO) -> int | None:
    """In bytes; ``None`` of what is no regular file."""
    try:
        found = os.fstat(file.fileno())
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _number(option: str, text: str) -> str:
    try:
        return short_text(f"{option}_number", text) or ""
    except FactError as error:
        raise FactError(f"--{option}", error.reason) from None
