"""What the ledger keeps of each thing that an event is about: enough to prove it unchanged.

Rows keep the words, events their digests. What is kept may grow: ``cases.proof.KEPT_LATER`` names
what older events do not have.
"""

from collections.abc import Mapping
from dataclasses import asdict

from cases.details import RequestDetails
from cases.ledger import digest, utc
from cases.models import (
    Attestation,
    Case,
    CaseMessage,
    CheckRound,
    CheckRun,
    Decision,
    PrivateNote,
)

Kept = Mapping[str, object]

ASKED_LATER = frozenset({"dkim_selector", "helo_name"})
SEEN = ("part", "finding", "weight", "sentence", "subject_kind", "subject", "evidence", "source")


def of_request(details: RequestDetails) -> str:
    """Of what was asked. A question that came later counts where it was answered."""
    said = asdict(details)
    return digest({name: said[name] for name in said if said[name] or name not in ASKED_LATER})


def of_sending(case: Case) -> Kept:
    """Of how a request came: when, on which terms, under which key."""
    terms = case.terms_accepted_at
    return {"sent": digest([utc(case.submitted_at), terms and utc(terms), case.idempotency_hash])}


def of_judgement(case: Case) -> Kept:
    """Of what the case was judged by, and of its partner."""
    judgement = [case.outcome, case.family, case.eligibility, case.facts, case.policy_id]
    return {"judged": digest(judgement), "partner": case.partner_id}


def of_clock(case: Case) -> Kept:
    """Of by when it is due, or what is left of that while somebody else has the ball."""
    return {
        "due": None if case.due_at is None else utc(case.due_at),
        "left": None if case.due_left is None else str(case.due_left),
    }


def of_decision(decision: Decision) -> Kept:
    """Of a decision and its notice."""
    return {
        "verb": str(decision.verb),
        "reasons": list(decision.reasons),
        "policy": decision.policy_id,
        "notice": digest(decision.notice),
        "row": digest([decision.text, decision.private_note, decision.is_automated, utc(decision.made_at)]),
    }


def of_message(message: CaseMessage) -> Kept:
    """Of a question, an answer or a message."""
    return {
        "message": message.pk,
        "digest": digest(message.text),
        "kind": str(message.kind),
        "side": str(message.side),
        "at": utc(message.at),
    }


def of_note(note: PrivateNote) -> Kept:
    """Of a private note."""
    return {"note": note.pk, "digest": digest(note.text), "at": utc(note.at)}


def of_attestation(row: Attestation | None) -> Kept:
    """Of an attestation; nothing where there is none."""
    if row is None:
        return {}
    checked = list(row.checked)
    return {"checked": checked, "attestation": digest(row.text), "partner": row.partner_id, "at": utc(row.at)}


def of_round(check_round: CheckRound) -> str:
    """Of what an ended round found: its runs, their signals and its parts.

    From the rows as they are stored, since JSON may be read otherwise than it was written.
    """
    runs = sorted(check_round.runs.all(), key=lambda run: run.check_slug)
    return digest([check_round.parts, [_told_by(run) for run in runs]])


def _told_by(run: CheckRun) -> list[object]:
    rows = sorted(run.signals.all(), key=lambda row: row.pk)
    signals = [[*(getattr(row, name) for name in SEEN), utc(row.as_of)] for row in rows]
    return [run.check_slug, run.error, signals]
