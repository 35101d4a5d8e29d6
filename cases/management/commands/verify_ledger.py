"""``manage.py verify_ledger``: recompute every case's chain and name what does not verify."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cases.models import Case
from cases.proof import ROWS, faults_of
from cases.reference import parse_reference

BATCH = 500


class Command(BaseCommand):
    help = "Verify the ledger of every case, or of those named; exits with 1 if anything was changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", nargs="*", help="Verify these cases alone.")

    def handle(self, *args: Any, **options: Any) -> None:
        cases = faults = 0
        for case in _cases(options["reference"]):
            cases += 1
            for fault in _lasting_faults(case):
                faults += 1
                self.stderr.write(f"{case.reference}: {fault}")
        if faults:
            raise CommandError(f"{faults} faults in the ledgers of {cases} cases.", returncode=1)
        self.stdout.write(f"The ledgers of {cases} cases verify.")


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
