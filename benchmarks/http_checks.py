"""The anti-fraud checks of a case's life: one round, whose answers are drawn and judged as any."""

import random

from django.utils import timezone

from benchmarks.http_lives import Life
from cases.actors import SYSTEM
from cases.antifraud.bands import Weighed, judge_signals
from cases.antifraud.registry import registry
from cases.antifraud.rounds import rows_of
from cases.antifraud.signals import Signal
from cases.antifraud.traits import traits_of
from cases.models import CaseTrait, CheckRound, CheckRun, EventKind, Finding, SignalRow

# ruff: noqa: S311  # chooses what a world looks like, keeps no secret
FINDINGS = (Finding.CLEAR, Finding.FLAGGED, Finding.UNKNOWN)
HOW_OFTEN = (85, 8, 7)  # in a hundred
MOST_RUNS = 100  # of a round, so that no other process gives the same number


def check(life: Life) -> None:
    """Start a round and end it; the case has a band then, and reviewers may approve it."""
    case, rows = life.case, life.rows
    traits = dict.fromkeys(traits_of(case))  # two domains may be of one registered one
    rows.traits += [CaseTrait(case=case, kind=kind, value=value) for kind, value in traits]
    life.record(EventKind.CHECKS_STARTED, SYSTEM, {"round": 1})
    life.later(seconds=20)
    now = timezone.now()
    check_round = CheckRound(pk=case.pk, case=case, number=1, started_at=now, deadline_at=now, ended_at=now)
    for place, slug in enumerate(registry()):
        run = CheckRun(pk=case.pk * MOST_RUNS + place, round=check_round, check_slug=slug, ended_at=now)
        rows.runs.append(run)
        rows.signals += rows_of(run, _answers(slug), life.setting.policy)
    _judge(life, check_round)
    life.record(EventKind.CHECKS_ENDED, SYSTEM, {"round": 1, "band": case.band})


def _answers(slug: str) -> list[Signal]:
    drawn = random.choices(FINDINGS, HOW_OFTEN, k=len(registry()[slug].weights))
    return [
        Signal(part, finding, f"{part}: it was {finding} when we looked.", "Benchmark", timezone.now())
        for part, finding in zip(registry()[slug].weights, drawn, strict=True)
    ]


def _judge(life: Life, check_round: CheckRound) -> None:
    weighed = [_weighed(row) for row in life.rows.signals]
    judgement = judge_signals(weighed, life.setting.policy.antifraud)
    life.case.band = check_round.band = judgement.band
    check_round.parts = judgement.parts_as_json()
    life.rows.rounds.append(check_round)


def _weighed(row: SignalRow) -> Weighed:
    return Weighed(row.run.check_slug, row.part, row.finding, row.weight, row.sentence)
