"""Rounds of anti-fraud checks: started with a review or again by a reviewer, ended run by run."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from cases import digests
from cases.actions.trials import try_rules
from cases.actors import SYSTEM, Actor
from cases.antifraud.registry import registry
from cases.antifraud.rounds import (
    judge_round,
    question_of,
    rows_of,
    unanswered,
)
from cases.antifraud.signals import Signal
from cases.antifraud.traits import keep_traits
from cases.ledger import record
from cases.machine import locked
from cases.models import Case, CheckRound, CheckRun, EventKind, SignalRow, State
from cases.permissions import may_decide
from cases.refusals import Conflict, NotPermitted
from subscriptions.policy.versions import policy_version

NOT_IN_TIME = "it did not answer in time"
UNDER_REVIEW = frozenset({State.IN_REVIEW, State.AWAITING_ANSWER})


def start_checks(reference: str, *, by: Actor, asked_at: int | None = None) -> CheckRound | None:
    """Open a round with a run for each check; the outbox message of its event sets them to work.

    The system starts one as a review begins, and none where that is over, or a round is there;
    ``asked_at`` is the number of the event that called for it, which may call twice. Raises
    ``NotPermitted``, and ``Conflict`` where the case is not in review or a person asks too soon.
    """
    with locked(reference, by=by) as case:
        if not (by.is_system or may_decide(case, by)):
            raise NotPermitted("You may not do this to this case.")
        if by.is_system and asked_at is not None and _has_started_since(asked_at, case):
            return None
        if (reason := _why_not(case)) is None:
            return _open(case, by)
        if by.is_system:
            return None
        raise Conflict(reason, case.reference)


def end_run(run_id: int, signals: Sequence[Signal] | None, *, error: str = "") -> bool:
    """Keep what a check found, ``None`` and ``error`` where it failed; the last one ends the round.

    Returns whether this was the answer that counts: a second one, or one after the deadline, is
    dropped.
    """
    run = CheckRun.objects.select_related("round__case").get(pk=run_id)
    with locked(run.round.case.reference, by=SYSTEM) as case:
        if not _keep(run, signals, error, case):
            return False
        _end_if_all_ended(case, run.round)
    return True


def keep_answered(run_id: int, signals: Sequence[Signal]) -> bool:
    """Keep what is answered of a run that has not ended; it stays, whatever comes later.

    Returns whether another look is wanted: a question that was never answered met a failure of the
    moment. Until the run ends its ``still_asked`` says of which parts.
    """
    run = CheckRun.objects.select_related("round__case").get(pk=run_id)
    with locked(run.round.case.reference, by=SYSTEM) as case:
        if CheckRun.objects.filter(pk=run_id).exclude(ended_at=None).exists():
            return False
        _add(run, _new(run, [signal for signal in signals if not signal.is_passing]), case)
        waiting = sorted({signal.part for signal in _new(run, signals)})
        CheckRun.objects.filter(pk=run_id).update(still_asked=waiting or None)
        return bool(waiting)


def end_overdue_rounds() -> int:
    """End every round whose deadline has passed: what has not answered is unknown."""
    overdue = CheckRound.objects.filter(ended_at=None, deadline_at__lte=timezone.now())
    rounds = list(overdue.order_by("deadline_at").values_list("case__reference", "number")[:100])
    for reference, number in rounds:
        end_round(reference, by=SYSTEM, number=number)
    return len(rounds)


def end_round(reference: str, *, by: Actor, number: int | None = None) -> None:
    """End the case's open round now; of that number alone, where one is given.

    Raises ``NotPermitted`` where a person asks: people wait, or see the deadline pass.
    """
    with locked(reference, by=by) as case:
        if not by.is_system:
            raise NotPermitted("You may not do this to this case.")
        check_round = _open_round(case)
        if check_round is None or number not in (None, check_round.number):
            return
        for run in check_round.runs.filter(ended_at=None).order_by("pk"):
            _keep(run, None, NOT_IN_TIME, case)
        _end_if_all_ended(case, check_round)


def _has_started_since(seq: int, case: Case) -> bool:
    return case.events.filter(kind=EventKind.CHECKS_STARTED, seq__gt=seq).exists()


def _why_not(case: Case) -> str | None:
    if case.state not in UNDER_REVIEW:
        return "Only a case in review is checked, and this one is not in review now."
    return "The checks of this case run already. Wait for them to end." if _open_round(case) else None


def _open(case: Case, by: Actor) -> CheckRound:
    now = timezone.now()
    minutes = policy_version(case.policy_id).antifraud.deadline_minutes
    check_round = CheckRound.objects.create(
        case=case,
        number=case.rounds.count() + 1,
        started_at=now,
        started_by_id=by.user_id,
        deadline_at=now + timedelta(minutes=minutes),
    )
    CheckRun.objects.bulk_create(CheckRun(round=check_round, check_slug=slug) for slug in registry())
    keep_traits(case)
    case.band = ""
    record(case, EventKind.CHECKS_STARTED, by=by, data={"round": check_round.number}, also_changed=["band"])
    return check_round


def _open_round(case: Case) -> CheckRound | None:
    return case.rounds.filter(ended_at=None).first()


def _keep(run: CheckRun, signals: Sequence[Signal] | None, error: str, case: Case) -> bool:
    now = timezone.now()
    new = _new(run, signals) if signals is not None else _missing(run, error, now)
    still_open = CheckRun.objects.filter(pk=run.pk, ended_at=None)
    ended = still_open.update(ended_at=now, error=error[:2000], still_asked=None)
    if ended:
        _add(run, new, case)
    return bool(ended)


def _add(run: CheckRun, signals: Sequence[Signal], case: Case) -> None:
    SignalRow.objects.bulk_create(rows_of(run, signals, policy_version(case.policy_id)))


def _new(run: CheckRun, signals: Sequence[Signal]) -> list[Signal]:
    """Those that answer what was not answered before."""
    answered = set(map(question_of, run.signals.all()))
    return [signal for signal in signals if question_of(signal) not in answered]


def _missing(run: CheckRun, why: str, at: datetime) -> list[Signal]:
    """An unknown for each part that was not answered, or not for all that was asked."""
    waiting = CheckRun.objects.values_list("still_asked", flat=True).get(pk=run.pk) or ()
    whole = set(run.signals.values_list("part", flat=True)).difference(waiting)
    return [signal for signal in unanswered(run.check_slug, why, at) if signal.part not in whole]


def _end_if_all_ended(case: Case, check_round: CheckRound) -> None:
    if check_round.runs.filter(ended_at=None).exists():
        return
    judgement = judge_round(check_round, policy_version(case.policy_id))
    check_round.ended_at, check_round.band = timezone.now(), judgement.band
    check_round.parts = judgement.parts_as_json()
    check_round.save(update_fields=["ended_at", "band", "parts"])
    case.band = judgement.band
    stored = CheckRound.objects.prefetch_related("runs__signals").get(pk=check_round.pk)
    data = {"round": check_round.number, "band": judgement.band.value, "found": digests.of_round(stored)}
    record(case, EventKind.CHECKS_ENDED, by=SYSTEM, data=data, also_changed=["band"])
    try_rules(case, check_round)
