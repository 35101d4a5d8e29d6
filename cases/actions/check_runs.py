"""Making one check of a round: what a worker's task and the command line share."""

from datetime import datetime, timedelta

from django.utils import timezone

from cases.actions.checks import end_run, keep_answered
from cases.antifraud.registry import registry
from cases.antifraud.rounds import SOONEST, look, next_look
from cases.models import CheckRun

GRACE = 5  # seconds from a check's time limit until it is cut off
IN_QUEUE = 60  # seconds that a task may wait for a worker until its broker counts as having lost it
LEFT = 1  # second, for a check that nobody knows any more


def make_check(run_id: int, *, may_look_again: bool = False) -> None:
    """Look, and keep what was seen; nothing where that was done. Raises whatever the check raises.

    With ``may_look_again`` a check that met a failure of the moment stays open: what is answered is
    kept, and it is handed out again with back-off for as long as its round has time (``lost_runs``).
    """
    run = CheckRun.objects.select_related("round__case__subscription", "round__case__customer").get(pk=run_id)
    if run.ended_at is not None:
        return
    await_answer(run_id, in_hand(run.check_slug))
    signals = look(run, run.round.case)
    wait = _until_next_look(run) if may_look_again else None
    if wait is not None and keep_answered(run_id, signals):
        await_answer(run_id, wait)
    else:
        end_run(run_id, signals)


def _until_next_look(run: CheckRun) -> float | None:
    taking = timedelta(seconds=SOONEST + in_hand(run.check_slug))
    return next_look(run.round.started_at, run.round.deadline_at - taking, timezone.now())


def give_up(run_id: int, error: BaseException, why: str = "") -> None:
    """Keep that the check met this error: each of its parts is unknown, never clear."""
    end_run(run_id, None, error=why or f"it failed ({type(error).__name__})")


def await_answer(run_id: int, seconds: float) -> None:
    """Nobody else has to see to the run for so many seconds: it is handed out, in hand, or waits for its next look."""
    CheckRun.objects.filter(pk=run_id, ended_at=None).update(awaited_until=_in(seconds))


def take_back(run_id: int, slug: str) -> bool:
    """Whether it is time for the run's next look; true for one who asks, who hands it out again."""
    lost = CheckRun.objects.filter(pk=run_id, ended_at=None, awaited_until__lt=timezone.now())
    return bool(lost.update(awaited_until=_in(in_hand(slug) + IN_QUEUE)))


def _in(seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds)


def lost_runs() -> list[tuple[int, str]]:
    """The runs of open rounds whose next look is due, or whose task or worker is no more: number and check."""
    lost = CheckRun.objects.filter(round__ended_at=None, ended_at=None, awaited_until__lt=timezone.now())
    return list(lost.order_by("awaited_until").values_list("pk", "check_slug")[:100])


def in_hand(slug: str) -> int:
    """How many seconds a worker may have the check in hand."""
    return limit_of(slug) + GRACE


def limit_of(slug: str) -> int:
    """How many seconds the check may take."""
    return registry()[slug].seconds if slug in registry() else LEFT
