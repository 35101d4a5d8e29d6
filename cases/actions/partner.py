"""What partners do: submit for a customer, vouch, decline."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from cases import digests
from cases.actions.routing import start_review_clock
from cases.actions.submission import Submission, attestation_of, submit
from cases.actors import Actor, Side
from cases.decisions import draft
from cases.details import AttestationDetails, DeclineDetails, RequestDetails
from cases.due import end_clock
from cases.ledger import record
from cases.machine import locked, move
from cases.models import Case, Decision, EventKind, Verb
from cases.notices.statement import ReasonText
from subscriptions.policy.versions import policy_version


def submit_for_customer(
    subscription_id: UUID,
    details: RequestDetails,
    attestation: AttestationDetails,
    *,
    by: Actor,
    idempotency_key: str = "",
) -> Case:
    """A partner's request on behalf of its customer. Raises what ``submit`` raises."""
    return submit(Submission(subscription_id, Side.PARTNER, details, attestation, idempotency_key), by=by)


def vouch(reference: str, attestation: AttestationDetails, *, by: Actor) -> Case:
    """Stand by the customer's request: the desk reviews it."""
    with locked(reference, by=by) as case:
        move(case, "vouch", by=by)
        now = timezone.now()
        row = attestation_of(attestation.cleaned(), case, by, now)
        if row is not None:
            row.save(force_insert=True)
        start_review_clock(case, policy_version(case.policy_id), now)
        told = {**digests.of_attestation(row), **digests.of_clock(case)}
        record(case, EventKind.VOUCHED, by=by, data=told)
    return case


def decline(reference: str, details: DeclineDetails, *, by: Actor) -> Case:
    """Do not pass the request on; the customer reads why, and what would change it."""
    with locked(reference, by=by) as case:
        move(case, "decline", by=by)
        end_clock(case)
        decision = draft_decline(case, details, by=by, at=timezone.now())
        decision.save(force_insert=True)
        record(case, EventKind.DECLINED, by=by, data=digests.of_decision(decision))
    return case


def draft_decline(case: Case, details: DeclineDetails, *, by: Actor, at: datetime) -> Decision:
    """The decision that ``decline`` saves, with the notice as the customer would get it.

    Raises ``Invalid`` where the partner's words are missing, or too long.
    """
    details = details.cleaned()
    reason = ReasonText("partner_declined", "", details.text, details.would_change)
    policy = policy_version(case.policy_id)
    return draft(case, Verb.DECLINE, by=by, policy=policy, at=at, reasons=[reason])
