"""Making one check of a round: what a worker's task and the command line share."""

from cases.actions.checks import end_run
from cases.antifraud.rounds import look
from cases.models import CheckRun


def make_check(run_id: int) -> None:
    """Look, and keep what was seen; nothing where that was done. Raises whatever the check raises."""
    run = CheckRun.objects.select_related("round__case__subscription", "round__case__customer").get(pk=run_id)
    if run.ended_at is None:
        end_run(run_id, look(run, run.round.case))


def give_up(run_id: int, error: BaseException, why: str = "") -> None:
    """Keep that the check met this error: each of its parts is unknown, never clear."""
    end_run(run_id, None, error=why or f"it failed ({type(error).__name__})")
