"""What a reviewer may do with a case, in words, keys and buttons; whether they may, the machine says."""

from collections.abc import Callable
from dataclasses import dataclass

from cases.actions import reviewer
from cases.actors import Actor
from cases.machine import verbs_of
from cases.models import APPROVABLE, Case, State, Verb
from cases.permissions import has_interest


@dataclass(frozen=True, slots=True)
class DeskVerb:
    """A verb of the machine as the desk says it; ``key`` chooses it, ``button`` does it.

    ``verdict`` is what it decides, ``None`` for one that takes a text alone.
    """

    name: str
    label: str
    key: str
    button: str
    note: str
    done: str
    verdict: Verb | None = None
    is_danger: bool = False


DESK_VERBS = (
    DeskVerb(
        "approve",
        "Approve",
        "a",
        "Approve and notify",
        "Port 25 opens for this one subscription, at once.",
        "Approved. {told} told, and port 25 is open for this subscription.",
        Verb.APPROVE,
    ),
    DeskVerb(
        "deny",
        "Deny",
        "d",
        "Deny and notify",
        "The block stays.",
        "Denied. {told} told why, and what would change it.",
        Verb.DENY,
        is_danger=True,
    ),
    DeskVerb(
        "ask",
        "Ask",
        "q",
        "Send the question",
        "The due time stands still until whoever submitted answers.",
        "Asked. The due time stands still until they answer.",
    ),
    DeskVerb(
        "suspend",
        "Suspend",
        "s",
        "Suspend and notify",
        "Port 25 is blocked again until you resume or revoke.",
        "Suspended. {told} told, and port 25 is blocked again.",
        Verb.SUSPEND,
        is_danger=True,
    ),
    DeskVerb(
        "resume",
        "Resume",
        "r",
        "Resume and notify",
        "Port 25 opens again for this subscription.",
        "Resumed. {told} told, and port 25 is open again.",
        Verb.RESUME,
    ),
    DeskVerb(
        "revoke",
        "Revoke",
        "v",
        "Revoke and notify",
        "The exemption ends for good.",
        "Revoked. {told} told, and port 25 is blocked again.",
        Verb.REVOKE,
        is_danger=True,
    ),
    DeskVerb(
        "reopen",
        "Open again",
        "o",
        "Open again and judge anew",
        "It is judged by today's facts and the policy in force. Say what was wrong.",
        "Opened again: by today's facts it is now {state}.",
    ),
)
BY_NAME = {verb.name: verb for verb in DESK_VERBS}

DECIDE: dict[str, Callable[..., Case]] = {
    "approve": reviewer.approve,
    "deny": reviewer.deny,
    "suspend": reviewer.suspend,
    "resume": reviewer.resume,
    "revoke": reviewer.revoke,
}


def desk_verbs_of(case: Case, actor: Actor) -> list[DeskVerb]:
    """What this person may do now, in the order of the buttons."""
    may = verbs_of(case, actor)
    return [verb for verb in DESK_VERBS if verb.name in may]


def done_words(verb: DeskVerb, case: Case) -> str:
    """What is said once it is done."""
    told = f"{case.customer.name} and {case.partner.name} are" if case.partner else f"{case.customer.name} is"
    return verb.done.format(told=told, state=State(case.state).label.lower())


def why_not(case: Case, actor: Actor) -> str:
    """Why there is nothing, or not everything, that this person can do; empty where there is no more to say."""
    if not actor.is_reviewer:
        return "You read this case as an auditor. Reviewers decide it."
    if has_interest(case, actor):
        return f"You are tied to this case: {_tie(case, actor)}. Somebody else decides it."
    if case.state == State.IN_REVIEW and case.outcome in APPROVABLE and not case.band:
        return "Nobody can approve it before its checks have ended. It can be denied or asked about."
    if case.state in (State.APPROVED, State.SUSPENDED) and not actor.is_senior:
        return "Revoking for good is for senior reviewers."
    return _NOTHING_TO_DO.get(State(case.state), "")


def _tie(case: Case, actor: Actor) -> str:
    if case.customer_id in actor.customers:
        return f"you belong to {case.customer.name}"
    if case.partner is not None and case.partner_id in actor.partners:
        return f"you belong to {case.partner.name}"
    return "you sent this request"


_NOTHING_TO_DO = {
    State.WITH_PARTNER: "The partner looks at it first. It comes to review once they vouch.",
    State.AWAITING_ANSWER: "It waits for an answer, and comes back to review with it.",
    State.DENIED: "It is denied. A new request can be made at any time.",
    State.REVOKED: "The exemption is revoked. A new request can be made at any time.",
    State.NOT_NEEDED: "Nothing is blocked, so there is nothing to decide.",
    State.DECLINED: "The partner declined it. Nothing is left to decide.",
    State.WITHDRAWN: "It was withdrawn. Nothing is left to decide.",
}
