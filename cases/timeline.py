"""What happened to a case, in the words and with the names that a side may read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.actors import Side
from cases.event_words import WORDS
from cases.ledger import digest
from cases.models import CaseEvent, CaseMessage, Decision, EventKind, PrivateNote
from cases.notices.statement import Statement

REVIEW_TEAM = "Review team"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline; ``text`` and ``notice`` are what it unfolds to.

    ``private_note`` is what a decision's maker wrote for the desk beside it.
    """

    seq: int
    kind: str
    title: str
    at: datetime
    who: str
    side: str
    text: str = ""
    notice: Statement | None = None
    is_private: bool = False
    private_note: str = ""


def timeline(
    side: Side,
    events: Iterable[CaseEvent],
    messages: Iterable[CaseMessage],
    decisions: Iterable[Decision],
    notes: Iterable[PrivateNote] = (),
) -> list[Entry]:
    """A case's events, as ``side`` may read them, with what was written and decided in them.

    ``notes`` are the desk's, and shown to it alone.
    """
    texts = {("message", message.pk): message.text for message in messages}
    if side == Side.DESK:
        texts |= {("note", note.pk): note.text for note in notes}
    made = {digest(decision.notice): decision for decision in decisions}  # as ``cases.digests.of_decision``
    read = [event for event in events if _may_read(event, side)]
    return [_entry(event, side, texts, made.get(event.data.get("notice", ""))) for event in read]


def _may_read(event: CaseEvent, side: Side) -> bool:
    return side == Side.DESK or not WORDS[EventKind(event.kind)].is_private


def _entry(
    event: CaseEvent, side: Side, texts: dict[tuple[str, int], str], decision: Decision | None
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
        notice=Statement.from_json(decision.notice) if decision else None,
        is_private=words.is_private,
        private_note=decision.private_note if decision and side == Side.DESK else "",
    )


def _who(event: CaseEvent, side: Side) -> str:
    """Reviewers are named to each other, not to those they decide about."""
    return REVIEW_TEAM if event.side == Side.DESK and side != Side.DESK else event.actor_name


def _text(event: CaseEvent, texts: dict[tuple[str, int], str]) -> str:
    for table in ("message", "note"):
        if table in event.data:
            return texts.get((table, event.data[table]), "")
    if event.kind == EventKind.FLAGGED:
        return _what_changed(event.data.get("before"), event.data.get("after"))
    if "round" in event.data:
        return _of_round(event.data)
    return str(event.data.get("why", ""))


def _of_round(data: Mapping[str, Any]) -> str:
    """Which round of checks it was, and what came of it."""
    return f"Round {data['round']}: {data['band']}" if "band" in data else f"Round {data['round']}"


def _what_changed(before: object, after: object) -> str:
    """Which facts an import changed, and how; the two are the maps that ``OfferChange`` keeps."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return ""
    changed = [name for name in after if after[name] != before.get(name)]
    lines = [
        f"{name.replace('_', ' ').capitalize()}: {before.get(name) or 'not known'} → {after[name] or 'not known'}"
        for name in changed
    ]
    return "\n".join(lines)
