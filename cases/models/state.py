"""The states of a case, grouped as the rules speak of them."""

from django.db import models


class State(models.TextChoices):
    """Where a case stands. ``NEW`` is never stored: a case is born by being submitted."""

    NEW = "new", "New"
    SUBMITTED = "submitted", "Submitted"
    WITH_PARTNER = "with_partner", "With the partner"
    IN_REVIEW = "in_review", "In review"
    AWAITING_ANSWER = "awaiting_answer", "Waiting for an answer"
    APPROVED = "approved", "Approved"
    SUSPENDED = "suspended", "Suspended"
    DENIED = "denied", "Denied"
    REJECTED = "rejected", "Rejected"
    NOT_NEEDED = "not_needed", "Not needed"
    DECLINED = "declined", "Declined by the partner"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REVOKED = "revoked", "Revoked"


OPEN_STATES = (State.SUBMITTED, State.WITH_PARTNER, State.IN_REVIEW, State.AWAITING_ANSWER)
EXEMPT_STATES = (State.APPROVED, State.SUSPENDED)
"""States in which an exemption exists or may come back."""
