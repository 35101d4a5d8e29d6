"""Submitting: judge, write the case with everything that follows at once, in one transaction.

What serves it is a handful of statements, whatever the outcome: the subscription with what
stands in the way, the case in the state it ends in, all its events, all its messages.
"""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import OuterRef
from django.utils import timezone

from cases.access import visible_subscriptions
from cases.actions.routing import follow_route, judge_case
from cases.actors import SYSTEM, Actor, Side
from cases.details import AttestationDetails, RequestDetails
from cases.ledger import chain, digest, record_birth
from cases.machine import move
from cases.models import (
    CLASSIFICATION,
    Attestation,
    Case,
    Checked,
    Decision,
    EventKind,
    State,
)
from cases.reference import new_reference
from cases.refusals import Conflict, Invalid, NotThere
from cases.standing import refuse_open_case, standing_of, standing_reference
from subscriptions.models import Subscription
from subscriptions.policy.document import Policy
from subscriptions.policy.versions import active_policy

TRIES = 3


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
        """The key as it is stored: hashed, since a client may put anything into it."""
        return hashlib.sha256(self.idempotency_key.encode()).hexdigest() if self.idempotency_key else None


def submit(submission: Submission, *, by: Actor) -> Case:
    """Make the case and move it on at once; replays the first answer to an idempotency key.

    Raises ``NotThere``, ``NotPermitted``, ``Invalid``, and ``Conflict`` where a case is open.
    """
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return _submit_once(submission, by)
        except IntegrityError as error:
            # Unique indexes decide races: between two keys, two posts, two equal references.
            if (answer := _first_answer(submission, by)) is not None:
                return answer
            refuse_open_case(submission.subscription_id)
            if "reference" not in str(error):
                raise
    raise Conflict("The request could not be numbered. Nothing was kept; send it again.")


def _submit_once(submission: Submission, by: Actor) -> Case:
    now = timezone.now()
    subscription = _locked_subscription(submission.subscription_id, by)
    policy = active_policy(now)
    case = _new_case(submission, subscription, policy, by, now)
    move(case, "submit", by=by)
    birth = chain(case, EventKind.SUBMITTED, by=by, data=_said(submission), from_state=State.NEW)
    standing = standing_reference(subscription.standing)  # type: ignore[attr-defined]  # annotated
    step = follow_route(case, policy, now, standing=standing)
    if case.is_open:
        submission.details.require_reviewable()
    next_event = chain(case, step.kind, by=SYSTEM, data=step.data, from_state=State.SUBMITTED)
    record_birth(case, [birth, next_event])
    _write_with_case(case, step.decision, attestation_of(submission.attestation, case, by, now))
    return case


def _locked_subscription(subscription_id: UUID, by: Actor) -> Subscription:
    """The subscription, locked against a submission or an approval at the same time."""
    rows = visible_subscriptions(by).select_related("customer", "partner")
    rows = rows.annotate(standing=standing_of(OuterRef("pk")))
    subscription = rows.select_for_update(of=("self",), no_key=True).filter(pk=subscription_id).first()
    if subscription is None:
        raise NotThere("There is no such subscription.")
    return subscription


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
        terms_accepted_at=at if details.is_terms_accepted else None,
        data_claim=details.data_claim,
    )
    judge_case(case, policy, at)
    return case


def _said(submission: Submission) -> dict[str, object]:
    """What was submitted, for the ledger: a digest, since the case keeps the words."""
    return {"details": digest(asdict(submission.details)), "classification": CLASSIFICATION}


def _write_with_case(case: Case, decision: Decision | None, attestation: Attestation | None) -> None:
    for row in (decision, attestation):
        if row is not None:
            row.case = case
            row.save(force_insert=True)


def attestation_of(
    details: AttestationDetails | None, case: Case, by: Actor, at: datetime
) -> Attestation | None:
    """The partner's attestation as an unsaved row. Raises ``Invalid`` where nothing was checked."""
    if details is None or case.partner_id is None:
        return None
    if set(details.checked) != set(Checked.values):
        raise Invalid({"checked": "Confirm each of the points: a request needs your word on all of them."})
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
    case = Case.objects.filter(submitted_by_id=by.person_id, idempotency_hash=submission.key_hash).first()
    if case is not None and case.subscription_id != submission.subscription_id:
        raise Conflict(
            "This idempotency key was used for another subscription. Take a new one.", case.reference
        )
    return case
