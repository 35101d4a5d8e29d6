"""Whether a case is as its ledger says: the chain of its events, and every row that they cite."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from cases import digests
from cases.details import RequestDetails
from cases.ledger import event_hash
from cases.models import (
    OPEN_STATES,
    Case,
    CaseEvent,
    CheckRound,
    EventKind,
    Flag,
    State,
)
from cases.values import address_of

ROWS = ("events", "decisions", "messages", "notes", "attestations", "exemptions", "rounds__runs__signals")
"""What is looked at beside the case itself: to be prefetched."""

KEPT_LATER = frozenset({"kind", "side", "at", "sent", "partner", "found", "due", "left"})
"""What events did not keep from the beginning: it counts where one has it, so that older ones stay proven."""

DECIDING = {
    EventKind.REJECTED: "reject",
    EventKind.NOT_NEEDED: "close",
    EventKind.DECLINED: "decline",
    EventKind.APPROVED: "approve",
    EventKind.DENIED: "deny",
    EventKind.SUSPENDED: "suspend",
    EventKind.RESUMED: "resume",
    EventKind.REVOKED: "revoke",
}
"""Events that are decisions, and the verb of each."""

UNFLAGGING = frozenset({EventKind.FLAG_CLEARED, EventKind.REVOKED, EventKind.REOPENED})


def faults_of(case: Case) -> Iterator[str]:
    """What is wrong with a case, in words; nothing when it verifies."""
    events = sorted(case.events.all(), key=lambda event: event.seq)
    yield from _chain_faults(case, events)
    for what, told, kept in _claims(case, events):
        if told != kept:
            yield f"{what} was changed, added or removed"


def _chain_faults(case: Case, events: Sequence[CaseEvent]) -> Iterator[str]:
    head, state = "", State.NEW.value
    for number, event in enumerate(events, start=1):
        if event.seq != number:
            yield f"event {number} is missing"
            return
        if event.previous != head or event.from_state != state:
            yield f"event {number} does not follow the one before it"
        if event.hash != event_hash(case.reference, event):
            yield f"event {number} was changed"
        head, state = event.hash, event.to_state
    moved_at = events[-1].at if events else case.moved_at
    if (case.head, case.version, case.state, case.moved_at) != (head, len(events), state, moved_at):
        yield "the case does not stand where its last event left it"


Claim = tuple[str, Any, Any]
"""What it is about, what the events tell of it, and what the rows come to."""


def _claims(case: Case, events: Sequence[CaseEvent]) -> Iterator[Claim]:
    if events:
        yield "what was asked for", _told_at_birth(events[0]), _born_as(case)
        yield "how it was sent", *_last_of(events, digests.of_sending(case), "sent")
        yield "what it was judged by", *_last_of(events, digests.of_judgement(case), "judged")
    yield "what an event decided", *_deciding(events)
    yield "a decision or its notice", *_cited(events, "notice", _decisions(case))
    yield "a message", *_cited(events, "message", _written(case.messages, digests.of_message))
    yield "a private note", *_cited(events, "note", _written(case.notes, digests.of_note))
    yield (
        "an attestation",
        *_cited(events, "attestation", _written(case.attestations, digests.of_attestation)),
    )
    yield "an exemption", _times_approved(case, events), _exemptions(case)
    yield "a round of checks", *_rounds(case, events)
    yield "by when it is due", *_due(events, case)
    yield "the band", _band_after(events), case.band
    yield "the flag", _flag_after(events, case), case.flag


Row = tuple[int | None, Mapping[str, object]]
"""Who made it, and what the ledger keeps of it."""


def _cited(events: Iterable[CaseEvent], key: str, rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The events that cite something by ``key``, and the rows that should be what they cite."""
    citing = [event for event in events if key in event.data]
    told = [(event.actor_id, event.data) for event in citing]
    kept = [
        (made_by, event.data | _known_to(event, of_row))
        for event, (made_by, of_row) in zip(citing, rows, strict=False)
    ]
    return told, [*kept, *rows[len(citing) :]]


def _known_to(event: CaseEvent, of_row: Mapping[str, object]) -> dict[str, object]:
    return {name: kept for name, kept in of_row.items() if name in event.data or name not in KEPT_LATER}


def _last_of(
    events: Sequence[CaseEvent], of_case: Mapping[str, object], key: str
) -> tuple[object, dict[str, object]]:
    """What the last event tells that has ``key``, and the case's own; nothing where none needs to."""
    last = next((event for event in reversed(events) if key in event.data), None)
    if last is None:
        return {}, {name: of_case[name] for name in of_case if name not in KEPT_LATER}
    known = _known_to(last, of_case)
    return {name: last.data.get(name) for name in known}, known


def _due(events: Sequence[CaseEvent], case: Case) -> tuple[object, object]:
    """As the last event that set it tells; after its end nothing is due any more."""
    of_case = digests.of_clock(case)
    if case.state in OPEN_STATES:
        return _last_of(events, of_case, "due")
    return dict.fromkeys(of_case), of_case


def _written(rows: Any, told: Callable[[Any], Mapping[str, object]]) -> list[Row]:
    return [(row.author_id, told(row)) for row in _in_order(rows.all())]


def _decisions(case: Case) -> list[Row]:
    return [(row.made_by_id, digests.of_decision(row)) for row in _in_order(case.decisions.all())]


def _deciding(events: Sequence[CaseEvent]) -> tuple[list[object], list[object]]:
    """Each event that decides cites a decision of its verb, and no other event cites one."""
    told: list[object] = [
        (event.seq, DECIDING[EventKind(event.kind)]) for event in events if event.kind in DECIDING
    ]
    return told, [(event.seq, event.data.get("verb")) for event in events if "notice" in event.data]


def _times_approved(case: Case, events: Iterable[CaseEvent]) -> list[object]:
    """From when until when the events let the subscription be exempt."""
    times: list[list[datetime | None]] = []
    for event in events:
        if event.from_state == event.to_state:
            continue
        if event.from_state == State.APPROVED and times:
            times[-1][1] = event.at
        if event.to_state == State.APPROVED:
            times.append([event.at, None])
    return [(case.subscription_id, *each) for each in times]


def _exemptions(case: Case) -> list[object]:
    return [(row.subscription_id, row.starts_at, row.ends_at) for row in _in_order(case.exemptions.all())]


def _rounds(case: Case, events: Sequence[CaseEvent]) -> tuple[list[object], list[object]]:
    """Who started each round and what it came to."""
    started = [event for event in events if event.kind == EventKind.CHECKS_STARTED]
    ended = {event.data.get("round"): event for event in events if event.kind == EventKind.CHECKS_ENDED}
    told: list[object] = [
        (event.data.get("round"), event.actor_id, _came_to(ended.get(event.data.get("round"))))
        for event in started
    ]
    kept: list[object] = [
        (row.number, row.started_by_id, _ended_as(row, ended.get(row.number)))
        for row in _in_order(case.rounds.all())
    ]
    return told, kept


def _came_to(event: CaseEvent | None) -> tuple[object, object]:
    return (event.data.get("band"), event.data.get("found")) if event else ("", None)


def _ended_as(row: CheckRound, event: CaseEvent | None) -> tuple[object, object]:
    return row.band, digests.of_round(row) if event and "found" in event.data else None


def _band_after(events: Iterable[CaseEvent]) -> object:
    band = ""
    for event in events:
        if event.kind in (EventKind.CHECKS_STARTED, EventKind.CHECKS_ENDED):
            band = event.data.get("band", "")
    return band


def _flag_after(events: Iterable[CaseEvent], case: Case) -> str:
    """A rejection that is disputed as the case is born is flagged, and a flag that an import set."""
    flag = ""
    for event in events:
        if event.kind == EventKind.FLAGGED:
            flag = event.data.get("flag", "")
        elif event.kind in UNFLAGGING:
            flag = ""
        elif event.kind == EventKind.REJECTED and event.seq == 2 and case.data_claim:
            flag = Flag.DATA_DISPUTED
    return flag


def _told_at_birth(event: CaseEvent) -> list[object]:
    return [event.actor_id, event.side, event.data.get("subscription"), event.data.get("details")]


def _born_as(case: Case) -> list[object]:
    about = str(case.subscription_id)
    return [case.submitted_by_id, case.submitted_side, about, digests.of_request(_details_of(case))]


def _details_of(case: Case) -> RequestDetails:
    """What was asked, as it was digested; PostgreSQL writes some addresses in another form."""
    return RequestDetails(
        why_direct=case.why_direct,
        mail_kind=case.mail_kind,
        daily_volume=case.daily_volume,
        sending_domains=case.sending_domains,
        sending_addresses=[address_of(str(address)) for address in case.sending_addresses],
        abuse_contact=case.abuse_contact,
        dkim_selector=case.dkim_selector,
        helo_name=case.helo_name,
        is_terms_accepted=case.terms_accepted_at is not None,
        data_claim=case.data_claim,
    )


def _in_order(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: int(row.pk))
