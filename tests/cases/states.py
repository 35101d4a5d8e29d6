"""The table of the design: which verb leads from where to where, who takes it, and a case in every situation.

It is written down here by itself, from the design and not from the code; ``test_states`` holds the code against it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from cases.actions import customer, partner, reviewer
from cases.actions.checks import start_checks
from cases.actions.reviewer import Verdict
from cases.actors import Actor
from cases.ledger import record
from cases.machine import locked, move
from cases.models import EventKind, State
from subscriptions.models import Subscription
from subscriptions.policy.outcome import Outcome
from tests.world import (
    APPROVAL,
    ATTESTATION,
    CSP,
    DECLINED,
    DENIAL,
    ENTERPRISE,
    FREE_TRIAL,
    PEOPLE,
    RESUMPTION,
    REVOCATION,
    UNHEARD_OF,
    World,
)

# --- the table of the design --------------------------------------------------------------------

TABLE = """
from             verb                 to               who
submitted        reject               rejected         system
submitted        close_as_not_needed  not_needed       system
submitted        route_to_partner     with_partner     system
with_partner     vouch                in_review        partner
with_partner     decline              declined         partner
submitted        start_review         in_review        system
in_review        ask                  awaiting_answer  reviewer
awaiting_answer  answer               in_review        submitter
in_review        approve              approved         reviewer
in_review        deny                 denied           reviewer
in_review        approve_by_rule      approved         system
in_review        deny_by_rule         denied           system
approved         suspend              suspended        reviewer
suspended        resume               approved         reviewer
approved         revoke               revoked          senior
suspended        revoke               revoked          senior
submitted        withdraw             withdrawn        submitter
with_partner     withdraw             withdrawn        submitter
in_review        withdraw             withdrawn        submitter
awaiting_answer  withdraw             withdrawn        submitter
rejected         reopen               submitted        reviewer
"""

LATER = """
in_review        propose              awaiting_second  reviewer
awaiting_second  confirm_approval     approved         senior
awaiting_second  confirm_denial       denied           senior
awaiting_second  send_back            in_review        senior
awaiting_second  withdraw             withdrawn        submitter
denied           reinstate            approved         appeals
revoked          reinstate            approved         appeals
"""
"""In the design, and not built yet. Whoever builds a row moves it up."""

CONDITIONS = {
    "reject": {Outcome.NEVER, Outcome.NOT_YET},
    "route_to_partner": {Outcome.VIA_PARTNER},
    "start_review": {Outcome.MAY_REQUEST, Outcome.VIA_PARTNER, Outcome.CANNOT_TELL},
    "approve_by_rule": {Outcome.MAY_REQUEST, Outcome.VIA_PARTNER},
    "deny_by_rule": {Outcome.MAY_REQUEST, Outcome.VIA_PARTNER},
}
"""Verbs that the table ties to an outcome, beside those that ask for nothing."""

AFTER_CHECKS = {"approve", "approve_by_rule", "deny_by_rule"}
"""Verbs that nobody takes before the anti-fraud checks have ended."""

WHO = {
    "system": {"system"},
    "partner": {"petra"},
    "reviewer": {"rita", "remy", "sena"},
    "senior": {"sena"},
}
"""``tied`` is a senior reviewer who belongs to the customer: an interest, so no verb at all."""

SUBMITTER = {"customer": {"olive", "conrad"}, "partner": {"petra"}}
ROLES = [*PEOPLE, "nobody", "system"]
SEE_ALL = {"system", "rita", "remy", "sena", "tied", "audrey"}
SEE = {"contoso": {"olive", "conrad", "rhea"}, "northwind": {"petra", "prue"}}


def rows(table: str) -> list[list[str]]:
    """The table's rows, without its head."""
    return [line.split() for line in table.strip().splitlines() if not line.startswith("from")]


MOVES = {(start, verb): (end, who) for start, verb, end, who in rows(TABLE)}
VERBS = list(dict.fromkeys(verb for _, verb, _, _ in rows(TABLE)))


# --- how each verb is taken, and what it is called in the ledger ---------------------------------


def by_system(kind: EventKind) -> Callable[[str, str, Actor], object]:
    """The system's verbs run inside a submission: here each is taken by itself, by anybody."""

    def act(reference: str, verb: str, by: Actor) -> None:
        with locked(reference, by=by) as case:
            move(case, verb, by=by)
            record(case, kind, by=by)

    return act


def by_rule(settle: Callable[..., None], verdict: Verdict) -> Callable[[str, str, Actor], object]:
    """A rule's verbs run as a round ends: here each is taken by itself, by anybody."""

    def act(reference: str, verb: str, by: Actor) -> None:
        with locked(reference, by=by) as case:
            move(case, verb, by=by)
            settle(case, verdict, by=by, rule="mine")

    return act


Act = Callable[[str, str, Actor], object]
ACTS: dict[str, tuple[EventKind, Act]] = {
    "reject": (EventKind.REJECTED, by_system(EventKind.REJECTED)),
    "close_as_not_needed": (EventKind.NOT_NEEDED, by_system(EventKind.NOT_NEEDED)),
    "route_to_partner": (EventKind.ROUTED, by_system(EventKind.ROUTED)),
    "start_review": (EventKind.REVIEW_STARTED, by_system(EventKind.REVIEW_STARTED)),
    "vouch": (EventKind.VOUCHED, lambda ref, _, by: partner.vouch(ref, ATTESTATION, by=by)),
    "decline": (EventKind.DECLINED, lambda ref, _, by: partner.decline(ref, DECLINED, by=by)),
    "approve_by_rule": (EventKind.APPROVED, by_rule(reviewer.grant, APPROVAL)),
    "deny_by_rule": (EventKind.DENIED, by_rule(reviewer.refuse, DENIAL)),
    "ask": (EventKind.ASKED, lambda ref, _, by: reviewer.ask(ref, by=by, text="To whom?")),
    "answer": (EventKind.ANSWERED, lambda ref, _, by: customer.answer(ref, by=by, text="To buyers.")),
    "approve": (EventKind.APPROVED, lambda ref, _, by: reviewer.approve(ref, APPROVAL, by=by)),
    "deny": (EventKind.DENIED, lambda ref, _, by: reviewer.deny(ref, DENIAL, by=by)),
    "suspend": (EventKind.SUSPENDED, lambda ref, _, by: reviewer.suspend(ref, REVOCATION, by=by)),
    "resume": (EventKind.RESUMED, lambda ref, _, by: reviewer.resume(ref, RESUMPTION, by=by)),
    "revoke": (EventKind.REVOKED, lambda ref, _, by: reviewer.revoke(ref, REVOCATION, by=by)),
    "withdraw": (EventKind.WITHDRAWN, lambda ref, _, by: customer.withdraw(ref, by=by)),
    "reopen": (EventKind.REOPENED, lambda ref, _, by: reviewer.reopen(ref, by=by, text="Wrong offer.")),
}


# --- the situations that a case can be in --------------------------------------------------------


@dataclass(frozen=True)
class Situation:
    """A state, how a case comes there, and in whose name it was asked for."""

    state: str
    bring: Callable[[World], str]
    side: str = "customer"
    outcome: Outcome = Outcome.MAY_REQUEST
    seen_by: set[str] = field(default_factory=lambda: SEE["contoso"])
    is_checked: bool = True

    def expected(self, verb: str, role: str) -> str | int:
        """The state after the verb, or the status of the refusal."""
        if role not in SEE_ALL | self.seen_by:
            return 404
        allowed = {name for _, name, _, who in rows(TABLE) if name == verb for name in self._people(who)}
        if role not in allowed:
            return 403
        if (self.state, verb) not in MOVES or self.outcome not in CONDITIONS.get(verb, {self.outcome}):
            return 409
        if verb in AFTER_CHECKS and not self.is_checked:
            return 409
        return MOVES[self.state, verb][0]

    def _people(self, who: str) -> set[str]:
        people = SUBMITTER[self.side] if who == "submitter" else WHO[who]
        return people & (SEE_ALL | self.seen_by)


def in_state(state: State) -> Callable[[World], str]:
    """By the cast's own ways."""
    return lambda world: world.case_in(state).reference


def by_partner(state: State) -> Callable[[World], str]:
    """A case that the partner submitted for its customer."""

    def bring(world: World) -> str:
        reference = world.checked(world.submitted_by_partner()).reference
        if state == State.AWAITING_ANSWER:
            reviewer.ask(reference, by=world.actor("rita"), text="To whom?")
        return reference

    return bring


def being_checked(world: World) -> str:
    """A case whose checks ended once and run again."""
    reference = world.case_in(State.IN_REVIEW).reference
    start_checks(reference, by=world.actor("rita"))
    return reference


def as_submitted(offer_id: str) -> Callable[[World], str]:
    """A case between submission and what follows: nobody ever sees one, but its verbs are in the table.

    It was rejected first, reopened, and then nothing followed.
    """

    def bring(world: World) -> str:
        case = world.submitted(world.subscription(FREE_TRIAL))
        Subscription.objects.filter(pk=case.subscription_id).update(offer_id=offer_id)
        with locked(case.reference, by=world.actor("rita")) as moved:
            move(moved, "reopen", by=world.actor("rita"))
            record(moved, EventKind.REOPENED, by=world.actor("rita"))
            moved.outcome = OUTCOMES[offer_id]
            moved.save(update_fields=["outcome"])
        return case.reference

    return bring


OUTCOMES = {
    "MS-AZR-0003P": Outcome.MAY_REQUEST,
    FREE_TRIAL: Outcome.NEVER,
    ENTERPRISE: Outcome.NOT_BLOCKED,
    CSP: Outcome.VIA_PARTNER,
    UNHEARD_OF: Outcome.CANNOT_TELL,
    "not-yet": Outcome.NOT_YET,
}
THROUGH_PARTNER = SEE["contoso"] | SEE["northwind"]
SITUATIONS = {
    **{
        f"submitted, {outcome}": Situation("submitted", as_submitted(offer), outcome=outcome)
        for offer, outcome in OUTCOMES.items()
    },
    "with the partner": Situation(
        "with_partner",
        in_state(State.WITH_PARTNER),
        outcome=Outcome.VIA_PARTNER,
        seen_by=THROUGH_PARTNER,
    ),
    "in review": Situation("in_review", in_state(State.IN_REVIEW)),
    "in review, checks not started": Situation(
        "in_review", lambda world: world.submitted().reference, is_checked=False
    ),
    "in review, checks running": Situation("in_review", being_checked, is_checked=False),
    "in review for a partner": Situation(
        "in_review", by_partner(State.IN_REVIEW), "partner", Outcome.VIA_PARTNER, THROUGH_PARTNER
    ),
    "awaiting the customer": Situation("awaiting_answer", in_state(State.AWAITING_ANSWER)),
    "awaiting the partner": Situation(
        "awaiting_answer", by_partner(State.AWAITING_ANSWER), "partner", Outcome.VIA_PARTNER, THROUGH_PARTNER
    ),
    "approved": Situation("approved", in_state(State.APPROVED)),
    "suspended": Situation("suspended", in_state(State.SUSPENDED)),
    "denied": Situation("denied", in_state(State.DENIED)),
    "revoked": Situation("revoked", in_state(State.REVOKED)),
    "rejected": Situation("rejected", in_state(State.REJECTED), outcome=Outcome.NEVER),
    "not needed": Situation("not_needed", in_state(State.NOT_NEEDED), outcome=Outcome.NOT_BLOCKED),
    "declined": Situation(
        "declined", in_state(State.DECLINED), outcome=Outcome.VIA_PARTNER, seen_by=THROUGH_PARTNER
    ),
    "withdrawn": Situation("withdrawn", in_state(State.WITHDRAWN)),
}
