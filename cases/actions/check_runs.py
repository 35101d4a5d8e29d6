"""Making one check of a round: what a worker's task and the command line share."""

from datetime import timedelta

from django.utils import timezone

from cases.actions.checks import end_run
from cases.antifraud.registry import registry
from cases.antifraud.rounds import look
from cases.models import CheckRun

GRACE = 5  # seconds from a check's time limit until it is cut off
LEFT = 1  # second, for a check that nobody knows any more


def make_check(run_id: int) -> None:
    """Look, and keep what was seen; nothing where that was done. Raises whatever the check raises."""
    run = CheckRun.objects.select_related("round__case__subscription", "round__case__customer").get(pk=run_id)
    if run.ended_at is None:
        await_answer(run_id, limit_of(run.check_slug) + GRACE)
        end_run(run_id, look(run, run.round.case))


def give_up(run_id: int, error: BaseException, why: str = "") -> None:
    """Keep that the check met this error: each of its parts is unknown, never clear."""
    end_run(run_id, None, error=why or f"it failed ({type(error).__name__})")


def await_answer(run_id: int, seconds: int) -> None:
    """Somebody has the run in hand, and ends it or tries it again within so many seconds."""
    until = timezone.now() + timedelta(seconds=seconds)
    CheckRun.objects.filter(pk=run_id, ended_at=None).update(awaited_until=until)


def take_back(run_id: int) -> bool:
    """Whether whoever had the run in hand is no more; true for one who asks, who hands it out again."""
    lost = CheckRun.objects.filter(pk=run_id, ended_at=None, awaited_until__lt=timezone.now())
    return bool(lost.update(awaited_until=None))


def lost_runs() -> list[tuple[int, str]]:
    """The runs of open rounds that nobody answers for any more: number and check."""
    lost = CheckRun.objects.filter(round__ended_at=None, ended_at=None, awaited_until__lt=timezone.now())
    return list(lost.order_by("awaited_until").values_list("pk", "check_slug")[:100])


def limit_of(slug: str) -> int:
    """How many seconds the check may take."""
    return registry()[slug].seconds if slug in registry() else LEFT
