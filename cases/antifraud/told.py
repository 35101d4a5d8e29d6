"""A case's rounds as plain values: what ``manage.py antifraud`` prints."""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from cases.antifraud.rounds import why_no_answer
from cases.models import Case, CheckRound, CheckRun, SignalRow

Told = dict[str, Any]


def case_as_json(case: Case) -> Told:
    """The case's band with its parts, and every round, the first one first. Three queries.

    ``band`` is ``None`` and ``parts`` is empty while no round, or a new one, runs.
    """
    rounds = [_round_as_json(each) for each in rounds_of(case)]
    has_band = bool(case.band and rounds)
    return {
        "reference": case.reference,
        "state": str(case.state),
        "band": case.band or None,
        "parts": rounds[-1]["parts"] if has_band else [],
        "rounds": rounds,
    }


def rounds_of(case: Case) -> list[CheckRound]:
    """Every round with its runs and their signals, the first one first."""
    runs = CheckRun.objects.order_by("check_slug").prefetch_related(
        Prefetch("signals", SignalRow.objects.order_by("id"))
    )
    return list(
        case.rounds.order_by("number").select_related("started_by").prefetch_related(Prefetch("runs", runs))
    )


def _round_as_json(check_round: CheckRound) -> Told:
    runs = list(check_round.runs.all())
    return {
        "number": check_round.number,
        "started_at": _moment(check_round.started_at),
        "started_by": check_round.started_by.name if check_round.started_by else None,
        "deadline_at": _moment(check_round.deadline_at),
        "ended_at": _moment(check_round.ended_at),
        "band": check_round.band or None,
        "parts": check_round.parts,
        "checks": [_run_as_json(run) for run in runs],
        "signals": [_signal_as_json(run, row) for run in runs for row in run.signals.all()],
    }


def _run_as_json(run: CheckRun) -> Told:
    error = why_no_answer(run.error, run.still_asked)
    return {"check": run.check_slug, "ended_at": _moment(run.ended_at), "error": error or None}


def _signal_as_json(run: CheckRun, row: SignalRow) -> Told:
    subject = {"kind": row.subject_kind, "value": row.subject} if row.subject_kind else None
    return {
        "check": run.check_slug,
        "part": row.part,
        "finding": row.finding,
        "weight": row.weight,
        "sentence": row.sentence,
        "subject": subject,
        "evidence": row.evidence,
        "source": row.source,
        "as_of": _moment(row.as_of),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
