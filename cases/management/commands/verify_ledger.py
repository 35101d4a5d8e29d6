"""``manage.py verify_ledger``: recompute every case's chain and name what does not verify.

Without references it looks at the guard, the policies and the rules as well.
"""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cases.models import Case, CaseEvent
from cases.proof import ROWS, faults_of
from cases.proof_of_desk import faults_of_desk
from cases.reference import parse_reference

BATCH = 200


class Command(BaseCommand):
    help = "Verify the ledger of every case, or of those named; exits with 1 if anything was changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", nargs="*", help="Verify these cases alone.")
        parser.add_argument(
            "--heads",
            action="store_true",
            help="Only print each case's last event, to be kept elsewhere: reference, number, hash.",
        )
        parser.add_argument(
            "--against", type=Path, metavar="FILE", help="Look as well for every event that --heads printed."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["heads"]:
            return self._print_heads()
        cases = faults = 0
        for fault in _faults_beside(options["reference"], options["against"]):
            faults += 1
            self.stderr.write(fault)
        for case in _cases(options["reference"]):
            cases += 1
            for fault in _lasting_faults(case):
                faults += 1
                self.stderr.write(f"{case.reference}: {fault}")
        if faults:
            raise CommandError(f"{faults} faults in the ledgers of {cases} cases.", returncode=1)
        self.stdout.write(f"The ledgers of {cases} cases verify.")
        return None

    def _print_heads(self) -> None:
        heads = Case.objects.order_by("pk").values_list("reference", "version", "head")
        for reference, version, head in heads.iterator():
            self.stdout.write(f"{reference} {version} {head}")


def _faults_beside(typed: list[str], kept: Path | None) -> Iterator[str]:
    if not typed:
        yield from faults_of_desk()
    if kept is not None:
        yield from _missing_heads(_heads_in(kept))


def _heads_in(kept: Path) -> Iterator[tuple[str, int, str]]:
    try:
        with kept.open() as lines:
            for line in lines:
                reference, number, hashed = line.split()
                yield reference, int(number), hashed
    except (OSError, ValueError) as error:
        message = f"{kept} is not what --heads printed: {error}"
        raise CommandError(message, returncode=1) from None


def _missing_heads(heads: Iterable[tuple[str, int, str]]) -> Iterator[str]:
    """Events are only ever added: each that was a case's last one once is there for good."""
    heads = iter(heads)
    while batch := list(islice(heads, BATCH)):
        events = CaseEvent.objects.filter(
            case__reference__in=[reference for reference, _, _ in batch], seq__in={seq for _, seq, _ in batch}
        )
        there = set(events.values_list("case__reference", "seq", "hash"))
        for reference, number, _ in (head for head in batch if head not in there):
            yield f"{reference}: event {number} is not the one that was there when its head was kept"


def _cases(typed: list[str]) -> Iterator[Case]:
    cases = Case.objects.order_by("pk")
    if typed:
        cases = cases.filter(reference__in=[_reference(text) for text in typed])
        if missing := len(set(map(_reference, typed))) - cases.count():
            raise CommandError(f"{missing} of these cases do not exist.", returncode=1)
    return cases.prefetch_related(*ROWS).iterator(chunk_size=BATCH)


def _reference(text: str) -> str:
    reference = parse_reference(text)
    if reference is None:
        raise CommandError(f"{text!a} is no case reference; they look like UB-7K3M-92QX.", returncode=1)
    return reference


def _lasting_faults(case: Case) -> list[str]:
    """Cases go on while they are read, so one that seems wrong is read again with its row locked."""
    if not list(faults_of(case)):
        return []
    with transaction.atomic():
        locked = Case.objects.select_for_update().filter(pk=case.pk).prefetch_related(*ROWS).first()
        return list(faults_of(locked)) if locked else ["the case was removed while it was read"]
