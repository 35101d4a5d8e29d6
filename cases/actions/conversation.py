"""Writing to each other: the rows that asking, answering, messages and notes share."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from cases import digests
from cases.actors import Actor, Side
from cases.ledger import record
from cases.machine import locked
from cases.models import Case, CaseMessage, EventKind, MessageKind, PrivateNote
from cases.permissions import may_decide, may_write, side_of
from cases.refusals import Invalid, NotPermitted
from cases.values import hash_of_key, text_of

MOST_IN_WINDOW = 20  # messages of one customer's or partner's person in one case
WINDOW = timedelta(hours=1)


def send_message(reference: str, *, by: Actor, text: str, idempotency_key: str = "") -> CaseMessage:
    """Write to everybody in the case; moves nothing, and works whatever its state.

    A key that was sent before replays its message. Raises ``Invalid`` where a customer or partner
    wrote too many within the hour: each goes out to everybody by mail.
    """
    with locked(reference, by=by) as case:
        if not may_write(case, by):
            raise NotPermitted("You may read this case, not write in it.")
        key = hash_of_key(idempotency_key)
        before = case.messages.filter(author=by.person_id)
        if key and (sent := before.filter(idempotency_hash=key).first()) is not None:
            return sent
        now = timezone.now()
        if not may_decide(case, by):
            _refuse_flood(before, now)
        message = say(case, MessageKind.MESSAGE, by=by, text=text, at=now, key=key)
        record(case, EventKind.MESSAGE, by=by, data=digests.of_message(message))
    return message


def _refuse_flood(before: QuerySet[CaseMessage], now: datetime) -> None:
    """Raise ``Invalid`` with the time from when the person may write again."""
    lately = before.filter(kind=MessageKind.MESSAGE, at__gt=now - WINDOW).order_by("-id")
    if (oldest := lately[MOST_IN_WINDOW - 1 : MOST_IN_WINDOW].first()) is not None:
        until = oldest.at + WINDOW
        minutes = (until - now) // timedelta(minutes=1) + 1
        sentence = f"You wrote {MOST_IN_WINDOW} messages here within an hour, and each is mailed to everybody. You can write again at {until:%H:%M} UTC, in {minutes} min; what you typed is kept here."
        raise Invalid({"text": sentence})


def write_note(reference: str, *, by: Actor, text: str) -> PrivateNote:
    """Write for the desk alone."""
    with locked(reference, by=by) as case:
        if not may_decide(case, by):
            raise NotPermitted("Only reviewers without an interest in the case write private notes.")
        note = PrivateNote(case=case, author_id=by.person_id, text=checked_text(text), at=timezone.now())
        note.save(force_insert=True)
        record(case, EventKind.NOTE, by=by, data=digests.of_note(note))
    return note


def say(
    case: Case, kind: MessageKind, *, by: Actor, text: str, at: datetime, key: str | None = None
) -> CaseMessage:
    """Write one message row of a locked case."""
    side = side_of(case, by) or Side.DESK
    message = CaseMessage(
        case=case,
        kind=kind,
        side=side,
        author_id=by.person_id,
        text=checked_text(text),
        at=at,
        idempotency_hash=key,
    )
    message.save(force_insert=True)
    return message


def checked_text(text: str) -> str:
    """The text without white space around it. Raises ``Invalid`` where it is empty, too long, or no text."""
    checked = optional_text("text", text)
    if not checked:
        raise Invalid({"text": "Write something first."})
    return checked


def optional_text(field: str, text: str) -> str:
    """The same where it may be empty; ``field`` is what an error is named after."""
    try:
        return text_of(text)
    except ValueError as error:
        raise Invalid({field: str(error)}) from None
