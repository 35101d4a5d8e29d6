"""Whether a case is as its ledger says: the chain of its events, and every row that they cite."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cases.actions.conversation import said
from cases.actions.routing import judged
from cases.actions.submission import asked, attested
from cases.decisions import cited
from cases.details import AttestationDetails, RequestDetails
from cases.ledger import digest, event_hash
from cases.models import Case, CaseEvent, State
from cases.values import address_of

ROWS = ("events", "decisions", "messages", "notes", "attestations")
"""What is looked at beside the case itself: to be prefetched."""


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
    if (case.head, case.version, case.state) != (head, len(events), state):
        yield "the case does not stand where its last event left it"


Claim = tuple[str, Any, Any]
"""What it is about, what the events tell of it, and what the rows come to."""


def _claims(case: Case, events: Sequence[CaseEvent]) -> Iterator[Claim]:
    if events:
        yield "what was asked for", _told_at_birth(events[0]), _born_as(case)
        yield "what it was judged by", _last(events, "judged"), judged(case)["judged"]
    yield (
        "a decision or its notice",
        [_signed(event, "verb", "reasons", "policy", "notice", "row") for event in _with(events, "notice")],
        [(decision.made_by_id, cited(decision)) for decision in _in_order(case.decisions.all())],
    )
    yield (
        "a message",
        [_signed(event, "message", "digest") for event in _with(events, "message")],
        [(row.author_id, said(row)) for row in _in_order(case.messages.all())],
    )
    yield (
        "a private note",
        [_signed(event, "note", "digest") for event in _with(events, "note")],
        [
            (row.author_id, {"note": row.pk, "digest": digest(row.text)})
            for row in _in_order(case.notes.all())
        ],
    )
    yield (
        "an attestation",
        [_signed(event, "checked", "attestation") for event in _with(events, "attestation")],
        [
            (row.author_id, attested(AttestationDetails(row.checked, row.text)))
            for row in _in_order(case.attestations.all())
        ],
    )


def _told_at_birth(event: CaseEvent) -> list[object]:
    return [event.actor_id, event.side, event.data.get("subscription"), event.data.get("details")]


def _born_as(case: Case) -> list[object]:
    about = str(case.subscription_id)
    return [case.submitted_by_id, case.submitted_side, about, asked(_details_of(case))]


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


def _with(events: Iterable[CaseEvent], key: str) -> list[CaseEvent]:
    return [event for event in events if key in event.data]


def _last(events: Sequence[CaseEvent], key: str) -> object:
    return next((event.data[key] for event in reversed(events) if key in event.data), None)


def _signed(event: CaseEvent, *keys: str) -> tuple[int | None, Mapping[str, object]]:
    return event.actor_id, {key: event.data.get(key) for key in keys}


def _in_order(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: int(row.pk))
