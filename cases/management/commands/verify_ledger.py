"""``manage.py verify_ledger``: recompute every case's chain and name what does not verify."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.ledger import digest, faults_of
from cases.models import Case, CaseEvent, Decision
from cases.reference import parse_reference

BATCH = 500


class Command(BaseCommand):
    help = "Verify the ledger of every case, or of those named; exits with 1 if anything was changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", nargs="*", help="Verify these cases alone.")

    def handle(self, *args: Any, **options: Any) -> None:
        faulty = 0
        cases = self._cases(options["reference"])
        for case in cases:
            for fault in _faults(case):
                faulty += 1
                self.stderr.write(f"{case.reference}: {fault}")
        if faulty:
            raise CommandError(f"{faulty} faults in the ledger.", returncode=1)
        self.stdout.write("The ledger verifies.")

    def _cases(self, references: list[str]) -> Iterator[Case]:
        cases = Case.objects.order_by("pk")
        if references:
            parsed = [parse_reference(text) for text in references]
            if None in parsed:
                raise CommandError(
                    f"{references[parsed.index(None)]} is no case reference; they look like UB-7K3M-92QX."
                )
            cases = cases.filter(reference__in=parsed)
        return cases.prefetch_related("events", "decisions").iterator(chunk_size=BATCH)


def _faults(case: Case) -> Iterator[str]:
    events = sorted(case.events.all(), key=lambda event: event.seq)
    yield from faults_of(case, events)
    yield from _decision_faults(list(case.decisions.all()), events)


def _decision_faults(decisions: list[Decision], events: list[CaseEvent]) -> Iterator[str]:
    cited = [event.data["notice"] for event in events if "notice" in event.data]
    kept = [digest(decision.notice) for decision in decisions]
    if sorted(cited) != sorted(kept):
        yield "a decision or its notice was changed, added or removed"
