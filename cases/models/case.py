"""The case: its fields, and the state machine that alone assigns its state.

Call the verbs through ``cases.machine.move`` inside an action, never by themselves: django-fsm
asks no permission when a method is called, and saves nothing.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Self, TypeVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from cases import permissions
from cases.actors import Actor, Side
from cases.details import MailKind
from cases.models.state import EXEMPT_STATES, OPEN_STATES, State
from cases.reference import new_reference
from subscriptions.models import Customer, Partner, PolicyVersion, Subscription
from subscriptions.policy.outcome import Outcome

CLASSIFICATION = "Technical → Virtual Network → Connectivity → Cannot send e-mail (SMTP/Port 25)"
"""The notice's issue type for these cases (paragraph "Pay-As-You-Go Customers")."""

APPROVABLE = frozenset({Outcome.MAY_REQUEST, Outcome.VIA_PARTNER, Outcome.CANNOT_TELL, Outcome.NOT_BLOCKED})
DECIDABLE_BY_RULE = frozenset({Outcome.MAY_REQUEST, Outcome.VIA_PARTNER})


class Flag(models.TextChoices):
    """Why a case that is not in review needs a reviewer's eye."""

    DATA_DISPUTED = "data_disputed", "The customer says that the data is wrong"
    OUT_OF_POLICY = "out_of_policy", "The policy no longer allows the exemption"


Move = TypeVar("Move", bound=Callable[..., None])
Question = Callable[["Case"], bool]


def _verb(
    source: State | Sequence[State],
    target: State,
    *,
    who: Callable[["Case", Actor], bool],
    only_if: Question | None = None,
) -> Callable[[Move], Move]:
    """One verb of the machine: from where to where, who may take it, and what must hold of the case."""
    conditions: Any = [only_if] if only_if else []
    permission: Any = who  # of our actors; django-fsm thinks of Django's users
    made: Callable[[Move], Move] = transition(
        "state", source, target, conditions=conditions, permission=permission
    )
    return made


def _is_approvable(case: "Case") -> bool:
    """``never`` and ``not_yet`` are approved by nobody, and nothing before the checks have ended."""
    return case.outcome in APPROVABLE and case.band != ""


def _is_deniable(case: "Case") -> bool:
    """``not_blocked`` is never denied."""
    return case.outcome != Outcome.NOT_BLOCKED


def _is_plain(case: "Case") -> bool:
    """What a rule may decide at all: no riddle, not flagged, and checked."""
    return case.outcome in DECIDABLE_BY_RULE and not case.flag and case.band != ""


def _outcome_is(*outcomes: Outcome) -> Question:
    def judged(case: "Case") -> bool:
        return case.outcome in outcomes

    return judged


class Case(models.Model):
    """One unblock request for one subscription.

    ``version`` counts its events and ``head`` is the last one's hash, so that the ledger's end
    cannot be cut off unseen. ``due_at`` runs while the ball is with us or with the partner;
    while an answer is awaited it stands still and ``due_left`` keeps what remained. ``band`` is
    blank until the anti-fraud checks have ended, and again while a new round of them runs.
    """

    recorded_state: str = State.NEW
    """The state that the ledger's last event led to; the ledger sets it, it is no column."""

    reference = models.CharField(max_length=12, default=new_reference, editable=False)
    state = FSMField(max_length=16, choices=State, default=State.NEW, protected=True)
    version = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="")

    # Each of these three leads an index below; Django's own beside them would only cost.
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="cases", db_index=False)
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="cases", null=True, blank=True, db_index=False
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    submitted_side = models.CharField(max_length=8, choices=[(s, s.title()) for s in Side])
    submitted_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    idempotency_hash = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001  # unique where given

    outcome = models.CharField(max_length=16)
    family = models.CharField(max_length=64, blank=True)
    eligibility = models.JSONField()
    facts = models.JSONField()
    # Of these there are a handful, and none is ever deleted: nobody asks for the cases of one.
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+", db_index=False)

    why_direct = models.TextField(blank=True)
    mail_kind = models.CharField(max_length=16, choices=MailKind, blank=True)
    daily_volume = models.PositiveIntegerField(null=True, blank=True)
    sending_domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    sending_addresses = ArrayField(models.GenericIPAddressField(), default=list, blank=True)
    abuse_contact = models.EmailField(blank=True)
    dkim_selector = models.CharField(max_length=63, blank=True)
    helo_name = models.CharField(max_length=253, blank=True)
    terms_accepted_at = models.DateTimeField(null=True, blank=True)
    data_claim = models.TextField(blank=True)

    due_at = models.DateTimeField(null=True, blank=True)
    due_left = models.DurationField(null=True, blank=True)
    flag = models.CharField(max_length=16, choices=Flag, blank=True)
    band = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription"], condition=Q(state__in=OPEN_STATES), name="one_open_case"
            ),
            models.UniqueConstraint(
                fields=["subscription"], condition=Q(state__in=EXEMPT_STATES), name="one_exempt_case"
            ),
            # Not ``unique=True``, which adds an index for LIKE.
            models.UniqueConstraint(fields=["reference"], name="one_case_per_reference"),
            models.UniqueConstraint(fields=["submitted_by", "idempotency_hash"], name="one_case_per_key"),
            models.CheckConstraint(condition=~Q(state=State.NEW), name="new_is_never_stored"),
        ]
        indexes = [
            # The queue: each set of its filters is walked in the queue's own order (cases.queue).
            models.Index(fields=["due_at", "id"], name="queue_any"),
            models.Index(fields=["state", "due_at", "id"], name="queue_s"),
            models.Index(fields=["family", "due_at", "id"], name="queue_f"),
            models.Index(fields=["outcome", "due_at", "id"], name="queue_o"),
            models.Index(fields=["partner", "due_at", "id"], name="queue_p"),
            models.Index(fields=["state", "family", "due_at", "id"], name="queue_sf"),
            models.Index(fields=["state", "outcome", "due_at", "id"], name="queue_so"),
            models.Index(fields=["family", "outcome", "due_at", "id"], name="queue_fo"),
            models.Index(fields=["state", "family", "outcome", "due_at", "id"], name="queue_sfo"),
            models.Index(fields=["band", "due_at", "id"], name="queue_b"),
            models.Index(fields=["state", "band", "due_at", "id"], name="queue_sb"),
            models.Index(fields=["due_at", "id"], name="flagged_cases", condition=~Q(flag="")),
            models.Index(fields=["customer", "id"], name="customers_cases"),
            models.Index(fields=["partner", "state", "id"], name="partners_cases"),
            models.Index(fields=["subscription", "id"], name="subscriptions_cases"),
        ]

    def __str__(self) -> str:
        return self.reference

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **kwargs: Any
    ) -> Self:
        """A stored case stands where its last event left it."""
        case = super().from_db(db, field_names, values, **kwargs)
        if "state" in field_names:
            case.recorded_state = case.state
        return case

    @property
    def is_open(self) -> bool:
        """Somebody still has to do something before it is decided."""
        return self.state in OPEN_STATES

    @_verb(State.NEW, State.SUBMITTED, who=permissions.may_submit)
    def submit(self) -> None:
        """A customer asks, or their partner on their behalf."""

    @_verb(
        State.SUBMITTED,
        State.REJECTED,
        only_if=_outcome_is(Outcome.NEVER, Outcome.NOT_YET),
        who=permissions.is_system,
    )
    def reject(self) -> None:
        """The policy says never, or not yet."""

    @_verb(State.SUBMITTED, State.NOT_NEEDED, who=permissions.is_system)
    def close_as_not_needed(self) -> None:
        """Nothing is blocked, or the subscription is exempt already."""

    @_verb(
        State.SUBMITTED,
        State.WITH_PARTNER,
        only_if=_outcome_is(Outcome.VIA_PARTNER),
        who=permissions.is_system,
    )
    def route_to_partner(self) -> None:
        """The policy says that the customer's CSP asks."""

    @_verb(
        State.SUBMITTED,
        State.IN_REVIEW,
        only_if=_outcome_is(Outcome.MAY_REQUEST, Outcome.VIA_PARTNER, Outcome.CANNOT_TELL),
        who=permissions.is_system,
    )
    def start_review(self) -> None:
        """A person decides."""

    @_verb(State.WITH_PARTNER, State.IN_REVIEW, who=permissions.is_partner)
    def vouch(self) -> None:
        """The partner stands by its customer's request."""

    @_verb(State.WITH_PARTNER, State.DECLINED, who=permissions.is_partner)
    def decline(self) -> None:
        """The partner does not pass the request on."""

    @_verb(State.IN_REVIEW, State.AWAITING_ANSWER, who=permissions.may_decide)
    def ask(self) -> None:
        """A reviewer needs to know more."""

    @_verb(State.AWAITING_ANSWER, State.IN_REVIEW, who=permissions.is_submitting_side)
    def answer(self) -> None:
        """Whoever submitted answers."""

    @_verb(State.IN_REVIEW, State.APPROVED, only_if=_is_approvable, who=permissions.may_decide)
    def approve(self) -> None:
        """The subscription becomes exempt."""

    @_verb(State.IN_REVIEW, State.DENIED, only_if=_is_deniable, who=permissions.may_decide)
    def deny(self) -> None:
        """The block stays."""

    @_verb(State.IN_REVIEW, State.APPROVED, only_if=_is_plain, who=permissions.is_system)
    def approve_by_rule(self) -> None:
        """A rule that is on lets the subscription become exempt."""

    @_verb(State.IN_REVIEW, State.DENIED, only_if=_is_plain, who=permissions.is_system)
    def deny_by_rule(self) -> None:
        """A rule that is on leaves the block."""

    @_verb(State.APPROVED, State.SUSPENDED, who=permissions.may_decide)
    def suspend(self) -> None:
        """The exemption ends for now."""

    @_verb(State.SUSPENDED, State.APPROVED, who=permissions.may_decide)
    def resume(self) -> None:
        """The exemption counts again."""

    @_verb(EXEMPT_STATES, State.REVOKED, who=permissions.may_revoke)
    def revoke(self) -> None:
        """The exemption ends for good."""

    @_verb(OPEN_STATES, State.WITHDRAWN, who=permissions.is_submitting_side)
    def withdraw(self) -> None:
        """Whoever submitted takes the request back."""

    @_verb(State.REJECTED, State.SUBMITTED, who=permissions.may_decide)
    def reopen(self) -> None:
        """The data that it was rejected by was wrong: it is judged again."""
