"""The rounds of a case's checks, as the page of the case and its refreshed part show them."""

from typing import Any

from cases.actions.checks import UNDER_REVIEW
from cases.actors import Actor
from cases.antifraud.rules.shown import trials_of_round
from cases.antifraud.shown import ShownRound, shown_rounds
from cases.dossier import SIGNALS_SHOWN, rounds_for_review
from cases.models import Case
from cases.permissions import may_decide


def checks_of(case: Case, actor: Actor) -> dict[str, Any]:
    """Its ``rounds``, the newest first: ``latest``, the ``earlier`` ones, and whether they may be run again. Two queries."""
    rounds = shown_rounds(rounds_for_review(case), SIGNALS_SHOWN)
    latest: ShownRound | None = rounds[0] if rounds else None
    is_running = latest is not None and latest.is_running
    return {
        "rounds": rounds,
        "latest": latest,
        "earlier_rounds": rounds[1:],
        "rounds_left_out": latest.round.number - len(rounds) if latest else 0,
        "trials": trials_of_round(latest.round.pk) if latest and latest.round.ended_at else [],
        "may_run_checks": not is_running and case.state in UNDER_REVIEW and may_decide(case, actor),
    }
