"""``manage.py antifraud``: a case's rounds of checks, what they saw, and the band with its parts."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.access import of_reference
from cases.actions.check_runs import give_up, make_check
from cases.actions.checks import start_checks
from cases.actors import SYSTEM
from cases.antifraud.registry import registry
from cases.antifraud.told import Told, case_as_json
from cases.models import Case, CheckRound, Finding

MARKS = {"clear": "clear  ", "flagged": "FLAGGED", "unknown": "unknown"}


class Command(BaseCommand):
    help = "Print a case's rounds of anti-fraud checks: signals with evidence, and the band with its parts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="the case, as in UB-7K3M-92QX")
        parser.add_argument(
            "--run", action="store_true", help="start a new round first, and make its checks in this process"
        )
        parser.add_argument(
            "--json", action="store_true", help="a JSON object of reference, state, band, parts, rounds"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        case = _case(options["reference"])
        if options["run"]:
            self._run(_new_round(case))
            case = _case(case.reference)
        told = case_as_json(case)
        self.stdout.write(json.dumps(told, indent=2) if options["json"] else "\n".join(_lines(told)))

    def _run(self, check_round: CheckRound) -> None:
        """Each check once, here; a worker may be first with some of them, which is as good."""
        runs = list(check_round.runs.order_by("check_slug"))
        for number, run in enumerate(runs, start=1):
            self.stderr.write(f"{number} of {len(runs)}: {_title(run.check_slug)}")
            try:
                make_check(run.pk)
            except Exception as error:  # noqa: BLE001  # whatever a check met, the round goes on
                give_up(run.pk, error)


def _case(typed: str) -> Case:
    case = of_reference(Case.objects.all(), typed).first()
    if case is None:
        raise CommandError(f"There is no case {typed!a}; a reference looks like UB-7K3M-92QX.")
    return case


def _new_round(case: Case) -> CheckRound:
    check_round = start_checks(case.reference, by=SYSTEM)
    if check_round is None:
        raise CommandError(
            f"No round was started: {case.reference} is not in review, or its checks run already. "
            "Leave --run out to see how they stand."
        )
    return check_round


def _lines(told: Told) -> Iterator[str]:
    band = told["band"] or "none: no round of checks has ended"
    yield f"{told['reference']}  {told['state']}  band: {band}"
    for each in told["parts"]:
        yield f"  counts {each['weight']:>3}  {MARKS[each['finding']]}  {each['sentence']}"
    for each in told["rounds"]:
        yield ""
        yield from _round_lines(each)


def _round_lines(told: Told) -> Iterator[str]:
    ended = (
        f"ended {told['ended_at']}, {told['band']}"
        if told["ended_at"]
        else f"runs until {told['deadline_at']}"
    )
    yield f"Round {told['number']}, started {told['started_at']} by {told['started_by'] or 'Unblock Desk'}: {ended}"
    for signal in sorted(told["signals"], key=lambda each: Finding(each["finding"]).rank):
        yield from _signal_lines(signal)
    for run in told["checks"]:
        if run["ended_at"] is None:
            yield f"  waiting  {_title(run['check'])}"


def _signal_lines(signal: Told) -> Iterator[str]:
    subject = f" ({signal['subject']['kind']} {signal['subject']['value']})" if signal["subject"] else ""
    yield f"  {MARKS[signal['finding']]}  {signal['check']}/{signal['part']}{subject}: {signal['sentence']}"
    yield f"           from {signal['source']}, {signal['as_of']}; counts {signal['weight']} if flagged"
    if signal["evidence"]:
        yield f"           {json.dumps(signal['evidence'], sort_keys=True)}"


def _title(slug: str) -> str:
    check = registry().get(slug)
    return check.title if check else slug
