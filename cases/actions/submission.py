"""Submitting: judge, write the case with everything that follows at once, in one transaction.

What serves it is a handful of statements, whatever the outcome: the subscription locked and read
with what stands in the way, the case in the state it ends in, all its events, all its messages.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg import Error as PostgresError

from cases import digests
from cases.actions.routing import follow_route, judge_case
from cases.actors import SYSTEM, Actor, Side
from cases.details import AttestationDetails, RequestDetails
from cases.ledger import chain, record_birth
from cases.machine import move
from cases.models import (
    CLASSIFICATION,
    Attestation,
    Case,
    Decision,
    EventKind,
    State,
)
from cases.reference import new_reference
from cases.refusals import Conflict, Invalid
from cases.standing import (
    exempt_by,
    lock_subscription,
    policy_by_now,
    refuse_beside_others,
    refuse_unless_free,
    rejection_on_record,
)
from cases.values import hash_of_key
from subscriptions.models import Subscription
from subscriptions.policy.document import Policy
from subscriptions.policy.outcome import Outcome

TRIES = 3
DECIDED_BY_INDEX = frozenset({"one_open_case", "one_case_per_key", "one_case_per_reference"})


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything that a submission is made from; ``idempotency_key`` is the client's own."""

    subscription_id: UUID
    side: Side
    details: RequestDetails
    attestation: AttestationDetails | None = None
    idempotency_key: str = ""

    @property
    def key_hash(self) -> str | None:
        """The key as it is stored."""
        return hash_of_key(self.idempotency_key)

    def cleaned(self) -> Self:
        """With its details and attestation as they are kept. Raises ``Invalid``."""
        attestation = self.attestation and self.attestation.cleaned()
        return replace(self, details=self.details.cleaned(), attestation=attestation)


def submit(submission: Submission, *, by: Actor) -> Case:
    """Make the case and move it on at once; replays the first answer to an idempotency key.

    A rejection that is on record already is the answer to whoever does not say that the data is wrong.

    Raises ``NotThere``, ``NotPermitted``, ``Invalid``, and ``Conflict`` where a case is open or
    suspended, where the subscription is deleted, or where the key was used for another one.
    """
    submission = submission.cleaned()
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return _submit_once(submission, by)
        except (IntegrityError, Conflict, Invalid) as fault:
            # A key that was answered before meets its own case here, by an index or a refusal: so a
            # first post need not ask. Two equal references are what is left to be tried again.
            if (answered := _first_answer(submission, by)) is not None:
                return answered
            if not isinstance(fault, IntegrityError) or _constraint(fault) not in DECIDED_BY_INDEX:
                raise
    raise Conflict("Too much happened at once. Nothing was kept; send the request again.")


def _submit_once(submission: Submission, by: Actor) -> Case:
    subscription = lock_subscription(submission.subscription_id, by=by)
    now = timezone.now()  # who waited for the lock is judged by the policy of now, and so as of now
    refuse_beside_others(subscription, by=by)
    refuse_unless_free(subscription)
    policy = policy_by_now(subscription)
    case = _new_case(submission, subscription, policy, by, now)
    move(case, "submit", by=by)
    if (rejected := _rejected_already(case)) is not None:
        return rejected
    attestation = attestation_of(submission.attestation, case, by, now)
    told = {**_said(submission), **digests.of_sending(case), **digests.of_attestation(attestation)}
    birth = chain(case, EventKind.SUBMITTED, by=by, data=told, from_state=State.NEW)
    step = follow_route(case, policy, now, exempt_by=exempt_by(subscription))
    if case.is_open:
        submission.details.require_reviewable()
    next_event = chain(case, step.kind, by=SYSTEM, data=step.data, from_state=State.SUBMITTED)
    record_birth(case, [birth, next_event])
    _write_with_case(case, step.decision, attestation)
    return case


def _rejected_already(case: Case) -> Case | None:
    if case.data_claim or case.outcome not in (Outcome.NEVER, Outcome.NOT_YET):
        return None
    return rejection_on_record(case.subscription, case.outcome, case.policy_id, case.facts)


def _constraint(error: IntegrityError) -> str | None:
    """The name of the constraint that PostgreSQL says was violated."""
    return error.__cause__.diag.constraint_name if isinstance(error.__cause__, PostgresError) else None


def _new_case(
    submission: Submission, subscription: Subscription, policy: Policy, by: Actor, at: datetime
) -> Case:
    details = submission.details
    case = Case(
        reference=new_reference(),
        subscription=subscription,
        customer=subscription.customer,
        partner=subscription.partner,
        submitted_by_id=by.person_id,
        submitted_side=submission.side,
        submitted_at=at,
        idempotency_hash=submission.key_hash,
        why_direct=details.why_direct,
        mail_kind=details.mail_kind,
        daily_volume=details.daily_volume,
        sending_domains=list(details.sending_domains),
        sending_addresses=list(details.sending_addresses),
        abuse_contact=details.abuse_contact,
        dkim_selector=details.dkim_selector,
        helo_name=details.helo_name,
        terms_accepted_at=at if details.is_terms_accepted else None,
        data_claim=details.data_claim,
    )
    judge_case(case, policy, at)
    return case


def _said(submission: Submission) -> dict[str, object]:
    """What was submitted, for the ledger: digests, since the rows keep the words."""
    return {
        "subscription": str(submission.subscription_id),
        "details": digests.of_request(submission.details),
        "classification": CLASSIFICATION,
    }


def _write_with_case(case: Case, decision: Decision | None, attestation: Attestation | None) -> None:
    for row in (decision, attestation):
        if row is not None:
            row.case = case
            row.save(force_insert=True)


def attestation_of(
    details: AttestationDetails | None, case: Case, by: Actor, at: datetime
) -> Attestation | None:
    """The partner's attestation as an unsaved row."""
    if details is None or case.partner_id is None:
        return None
    return Attestation(
        case=case,
        partner_id=case.partner_id,
        author_id=by.person_id,
        checked=list(details.checked),
        text=details.text,
        at=at,
    )


def _first_answer(submission: Submission, by: Actor) -> Case | None:
    """The case that the same key made before. Raises ``Conflict`` where it made another one."""
    if submission.key_hash is None:
        return None
    case = Case.objects.filter(submitted_by_id=by.user_id, idempotency_hash=submission.key_hash).first()
    if case is not None and case.subscription_id != submission.subscription_id:
        raise Conflict(
            "This idempotency key was used for another subscription. Take a new one.", case.reference
        )
    return case
