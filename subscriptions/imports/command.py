"""What a command that imports a file does, whatever stands in the file."""

import sys
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from subscriptions.csv_lines import BadHeader
from subscriptions.imports.ahead import read_ahead
from subscriptions.imports.entries import Refused, Skipped
from subscriptions.imports.json_entries import BrokenFile
from subscriptions.imports.progress import Progress
from subscriptions.imports.reading import moment_of
from subscriptions.imports.report import Report
from subscriptions.imports.stream import Stream
from subscriptions.imports.terms import Taken, Terms
from subscriptions.policy.facts import FactError
from subscriptions.policy.versions import NoPolicy

AT_ONCE = 10_000  # entries in one transaction
LONGEST_SOURCE = 120


class Importer(Protocol):
    """Writes rows of one kind."""

    def take(self, rows: Sequence[Any]) -> Taken:
        """Write a batch, or in a dry run say what writing it would come to."""


@dataclass(frozen=True, slots=True)
class Job:
    """One file's import: what stands in it, and who writes that."""

    terms: Terms
    entries: Iterator[Any]
    importer: AbstractContextManager[Importer]
    report: type[Report]


class ImportCommand(BaseCommand, ABC):
    """Streams a file into the database in batches, tells of each bad entry, and fails if there were any."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What every import may be told."""
        parser.add_argument("file", help="the file, or - for standard input; docs/importing.md describes it")
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

    @abstractmethod
    def job_of(self, stream: Stream, now: datetime, options: Mapping[str, Any]) -> Job:
        """How this file is imported. Raises what is wrong with it, or with the options."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and turn what goes wrong into words."""
        name = options["file"]
        try:
            with _opened(name) as file:
                report = self._import(Stream(file), options)
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

    def _import(self, stream: Stream, options: Mapping[str, Any]) -> Report:
        job = self.job_of(stream, timezone.now(), options)
        report = job.report(self.stdout, Progress(self.stderr, stream.size), job.terms)
        try:
            _take_all(stream, job, report)
        except (DatabaseError, KeyboardInterrupt) as error:
            what = str(error).strip() or "it was interrupted"
            raise CommandError(
                f"the import stopped after {report.rows:,} rows: {what}. What was told of those holds; "
                "run it again for the rest, it changes nothing twice"
            ) from None
        report.finish()
        return report


def terms_of(stream: Stream, now: datetime, options: Mapping[str, Any], unit: str) -> Terms:
    """What the options say of the whole file. Raises ``FactError``."""
    name = options["file"]
    stated, _ = moment_of("--as-of", options["as_of"], now)
    source = options["source"] or ("standard input" if name == "-" else Path(name).name)
    return Terms(
        as_of=stated or stream.written_at(now),
        now=now,
        source=source[:LONGEST_SOURCE],
        unit=unit,
        is_dry_run=options["dry_run"],
    )


def _take_all(stream: Stream, job: Job, report: Report) -> None:
    with job.importer as importer:
        for batch, position in read_ahead(_batches(stream, job.entries)):
            taken = importer.take([entry for entry in batch if not isinstance(entry, Refused | Skipped)])
            report.tell(batch, taken, position)


def _batches(stream: Stream, entries: Iterator[Any]) -> Iterator[tuple[list[Any], int]]:
    """Entries in batches, each with how far the file was read for it."""
    while batch := list(islice(entries, AT_ONCE)):
        yield batch, stream.position


def _opened(name: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb")
