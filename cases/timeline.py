"""What happened to a case, in the words and with the names that a side may read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.actors import Side
from cases.ledger import digest
from cases.models import Case, CaseEvent, CaseMessage, Decision, EventKind, PrivateNote
from cases.notices.event_words import WORDS
from cases.notices.statement import Statement

REVIEW_TEAM = "Review team"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline; ``text`` and ``notice`` are what it unfolds to."""

    seq: int
    kind: str
    title: str
    at: datetime
    who: str
    side: str
    text: str = ""
    notice: Statement | None = None
    is_private: bool = False


def timeline(case: Case, side: Side) -> list[Entry]:
    """The case's events, oldest first, as ``side`` may read them. Three queries, four for the desk."""
    texts, notices = _texts(case, side), _notices(case)
    events = [event for event in case.events.all() if _may_read(event, side)]
    return [_entry(event, side, texts, notices) for event in events]


def _may_read(event: CaseEvent, side: Side) -> bool:
    return side == Side.DESK or not WORDS[EventKind(event.kind)].is_private


def _entry(
    event: CaseEvent, side: Side, texts: dict[tuple[str, int], str], notices: dict[str, Statement]
) -> Entry:
    words = WORDS[EventKind(event.kind)]
    return Entry(
        seq=event.seq,
        kind=event.kind,
        title=words.title,
        at=event.at,
        who=_who(event, side),
        side=event.side,
        text=_text(event, texts) if side == Side.DESK or "why" not in event.data else "",
        notice=notices.get(event.data.get("notice", "")),
        is_private=words.is_private,
    )


def _who(event: CaseEvent, side: Side) -> str:
    """Reviewers are named to each other, not to those they decide about."""
    return REVIEW_TEAM if event.side == Side.DESK and side != Side.DESK else event.actor_name


def _text(event: CaseEvent, texts: dict[tuple[str, int], str]) -> str:
    for table in ("message", "note"):
        if table in event.data:
            return texts.get((table, event.data[table]), "")
    return str(event.data.get("why", ""))


def _texts(case: Case, side: Side) -> dict[tuple[str, int], str]:
    messages: Iterable[CaseMessage] = case.messages.all()
    texts = {("message", message.pk): message.text for message in messages}
    if side == Side.DESK:
        notes: Iterable[PrivateNote] = case.notes.all()
        texts |= {("note", note.pk): note.text for note in notes}
    return texts


def _notices(case: Case) -> dict[str, Statement]:
    """By the digest that the ledger cites; see ``cases.decisions.cited``."""
    decisions: Iterable[Decision] = case.decisions.all()
    return {digest(d.notice): Statement.from_json(d.notice) for d in decisions}
