"""Celery tasks of cases, and the outbox's handlers that hand them out: thin, they call actions."""

from collections.abc import Sequence
from typing import Any

import structlog
from celery import Task, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from cases.actions.check_runs import (
    GRACE,
    IN_QUEUE,
    await_answer,
    give_up,
    in_hand,
    limit_of,
    lost_runs,
    make_check,
    take_back,
)
from cases.actions.checks import end_overdue_rounds, start_checks
from cases.actions.policies import give_up_replay, replay_draft
from cases.actions.rules import give_up_replay_of_rule, replay_rule
from cases.actions.system import flag_by_policy, note_offer_changes, note_policy_in_force
from cases.actors import SYSTEM
from cases.models import CheckRun
from cases.telling import messages_of_flags
from outbox.put import NewMessage

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 3
FIRST_WAIT = 5  # seconds, then twice as long each time
REPLAY_SECONDS = 540  # with what follows less than the broker waits before it hands a task out again


@shared_task
def sweep_offer_changes() -> int:
    """Take note of what an import changed, also where its command died before it could."""
    return note_offer_changes()


@shared_task
def sweep_overdue_checks() -> int:
    """End rounds that are open past their deadline, and hand out again what is due, or was lost."""
    ended = end_overdue_rounds()
    for run_id, slug in lost_runs():
        with transaction.atomic():  # where the broker is away, nobody has taken it back
            if take_back(run_id, slug):
                _hand_out(run_id, slug)
    return ended


@shared_task
def sweep_policy_in_force() -> None:
    """Take note of a version that came into force by its date, or was loaded by an operator."""
    note_policy_in_force()


def look_at_exemptions(payload: dict[str, Any]) -> Sequence[NewMessage]:
    """The outbox's handler of a version that came into force: flags what it forbids, then tells of all of it.

    Killed in the middle it is tried again like any message, and goes on where it was.
    """
    policy_id = payload["policy"]
    flag_by_policy(policy_id)
    return messages_of_flags(f"flagged/policy/{policy_id}", {"policy": policy_id})


def begin_checks(payload: dict[str, Any]) -> Sequence[NewMessage]:
    """The outbox's handler as a review begins."""
    start_checks(payload["reference"], by=SYSTEM, asked_at=payload["seq"])
    return ()


def hand_out_checks(payload: dict[str, Any]) -> Sequence[NewMessage]:
    """The outbox's handler of a started round: one task for each check. Raises where the broker is away."""
    runs = CheckRun.objects.filter(round__case__reference=payload["reference"], ended_at=None)
    # Where the broker is away, nobody waits for them; and no worker begins before all are handed out.
    with transaction.atomic():
        for run_id, slug in runs.order_by("pk").values_list("pk", "check_slug"):
            await_answer(run_id, in_hand(slug) + IN_QUEUE)
            _hand_out(run_id, slug)
    return ()


def _hand_out(run_id: int, slug: str) -> None:
    run_check.apply_async((run_id,), soft_time_limit=limit_of(slug), time_limit=in_hand(slug))


@shared_task(bind=True, max_retries=MOST_ATTEMPTS - 1)
def run_check(self: "Task[[int], None]", run_id: int) -> None:
    """Make one check; one that crashes or takes too long is tried again, and then it is unknown."""
    try:
        make_check(run_id, may_look_again=True)
    except (Exception, SoftTimeLimitExceeded) as error:  # whatever a check met, the round goes on
        log.warning("check.failed", run=run_id, error=repr(error))
        if self.request.retries < MOST_ATTEMPTS - 1:
            wait = FIRST_WAIT * 2**self.request.retries
            await_answer(run_id, wait + GRACE)
            raise self.retry(countdown=wait) from error
        give_up(run_id, error, "it took too long" * isinstance(error, SoftTimeLimitExceeded))


def hand_out_replay(payload: dict[str, Any]) -> Sequence[NewMessage]:
    """The outbox's handler of a draft's replay that was asked for. Raises where the broker is away."""
    replay_policy.apply_async((payload["id"],))
    return ()


def hand_out_replay_of_rule(payload: dict[str, Any]) -> Sequence[NewMessage]:
    """The outbox's handler of a rule's."""
    hold_against_history.apply_async((payload["id"],))
    return ()


@shared_task(soft_time_limit=REPLAY_SECONDS, time_limit=REPLAY_SECONDS + 30)
def replay_policy(draft_id: int) -> None:
    """Hold a draft against every subscription; where that fails, its page says so."""
    try:
        replay_draft(draft_id)
    except (Exception, SoftTimeLimitExceeded) as error:  # whatever it was, somebody may ask again
        log.exception("policy.replay_failed", draft=draft_id, error=repr(error))
        give_up_replay(draft_id)


@shared_task(soft_time_limit=REPLAY_SECONDS, time_limit=REPLAY_SECONDS + 30)
def hold_against_history(rule_id: str) -> None:
    """Hold a rule against every case; where that fails, its page says so."""
    try:
        replay_rule(rule_id)
    except (Exception, SoftTimeLimitExceeded) as error:  # whatever it was, somebody may ask again
        log.exception("rule.replay_failed", rule=rule_id, error=repr(error))
        give_up_replay_of_rule(rule_id)
