"""What customers do: ask, answer, withdraw. Partners answer and withdraw what they submitted."""

from uuid import UUID

from django.utils import timezone

from cases import digests
from cases.actions.conversation import say
from cases.actions.submission import Submission, submit
from cases.actors import Actor, Side
from cases.details import RequestDetails
from cases.due import end_clock, restart_clock
from cases.ledger import record
from cases.machine import locked, move
from cases.models import Case, EventKind, MessageKind


def ask_to_lift(
    subscription_id: UUID, details: RequestDetails, *, by: Actor, idempotency_key: str = ""
) -> Case:
    """A customer's request, judged and moved on at once. Raises what ``submit`` raises."""
    return submit(Submission(subscription_id, Side.CUSTOMER, details, idempotency_key=idempotency_key), by=by)


def answer(reference: str, *, by: Actor, text: str) -> Case:
    """Answer the question that the case waits on; the due time runs on with what was left."""
    with locked(reference, by=by) as case:
        move(case, "answer", by=by)
        now = timezone.now()
        message = say(case, MessageKind.ANSWER, by=by, text=text, at=now)
        restart_clock(case, now)
        told = {**digests.of_message(message), **digests.of_clock(case)}
        record(case, EventKind.ANSWERED, by=by, data=told)
    return case


def withdraw(reference: str, *, by: Actor) -> Case:
    """Take the request back."""
    with locked(reference, by=by) as case:
        move(case, "withdraw", by=by)
        end_clock(case)
        record(case, EventKind.WITHDRAWN, by=by)
    return case
