"""How a value looks as a chip: its word, its meaning (which is its colour) and its picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cases.actors import Side
from cases.models import EventKind, Flag, State
from cases.timeline import Entry
from subscriptions.policy.wording import OUTCOME_WORDS


@dataclass(frozen=True, slots=True)
class Look:
    """``meaning`` is ``open``, ``blocked``, ``waiting``, ``held`` or ``plain``."""

    label: str
    meaning: str
    icon: str


_STATES = {
    State.SUBMITTED: ("held", "inbox"),
    State.WITH_PARTNER: ("waiting", "partner"),
    State.IN_REVIEW: ("held", "desk"),
    State.AWAITING_ANSWER: ("waiting", "question"),
    State.APPROVED: ("open", "gate-open"),
    State.SUSPENDED: ("held", "pause"),
    State.DENIED: ("blocked", "gate-closed"),
    State.REJECTED: ("blocked", "gate-closed"),
    State.NOT_NEEDED: ("open", "check"),
    State.DECLINED: ("blocked", "cross"),
    State.WITHDRAWN: ("plain", "undo"),
    State.REVOKED: ("blocked", "gate-closed"),
}

_OTHERS = {
    "exempt": Look("Exempt", "open", "gate-open"),
    "blocked": Look("Blocked", "blocked", "gate-closed"),
    "clear": Look("Clear", "open", "check"),
    "flagged": Look("Flagged", "blocked", "flag"),
    "unknown": Look("Unknown", "waiting", "question"),
    "low": Look("Low", "open", "check"),
    "elevated": Look("Elevated", "waiting", "warning"),
    "high": Look("High", "blocked", "flag"),
    "incomplete": Look("Incomplete", "held", "question"),
    "off": Look("Off", "plain", "pause"),
    "shadow": Look("In the shadow", "held", "search"),
    "proposed": Look("Proposed", "waiting", "clock"),
    "on": Look("On", "open", "check"),
    "acted": Look("Decided", "open", "check"),
    "fits": Look("Fits", "held", "check"),
    "other": Look("Does not fit", "plain", "cross"),
    "in_force": Look("In force", "open", "check"),
    "to_come": Look("To come", "held", "clock"),
    "earlier": Look("Earlier", "plain", "undo"),
    "example": Look("Example", "plain", "document"),
    "draft": Look("Draft", "waiting", "clock"),
    "published": Look("Published", "open", "check"),
    "discarded": Look("Discarded", "plain", "cross"),
    "pass": Look("Ready", "open", "check"),
    "fail": Look("To fix", "blocked", "cross"),
    "private": Look("Private to the desk", "held", "lock"),
    "overdue": Look("Overdue", "blocked", "clock"),
    "vouched": Look("Vouched", "plain", "partner"),
    "answered": Look("Answered", "held", "question"),
    Flag.DATA_DISPUTED.value: Look("Data disputed", "waiting", "flag"),
    Flag.OUT_OF_POLICY.value: Look("Out of policy", "blocked", "flag"),
}

LOOKS: Mapping[str, Look] = MappingProxyType(
    {state.value: Look(str(state.label), *look) for state, look in _STATES.items()}
    | {outcome.value: Look(words.chip, words.meaning, words.icon) for outcome, words in OUTCOME_WORDS.items()}
    | _OTHERS
)
"""By the value of a state, an outcome, a check's finding, a band, a flag, or a subscription's status."""

_PRIVATE = Look("", "held", "lock")
_DECIDED: Mapping[str, Look] = {
    EventKind.APPROVED: Look("", "open", "gate-open"),
    EventKind.RESUMED: Look("", "open", "gate-open"),
    EventKind.DENIED: Look("", "blocked", "gate-closed"),
    EventKind.REVOKED: Look("", "blocked", "gate-closed"),
    EventKind.REJECTED: Look("", "blocked", "gate-closed"),
    EventKind.DECLINED: Look("", "blocked", "gate-closed"),
    EventKind.SUSPENDED: Look("", "held", "pause"),
    EventKind.ASKED: Look("", "waiting", "question"),
    EventKind.ANSWERED: Look("", "waiting", "question"),
}
_OF_SIDE: Mapping[str, Look] = {
    Side.CUSTOMER: Look("", "plain", "person"),
    Side.PARTNER: Look("", "plain", "partner"),
    Side.DESK: Look("", "plain", "desk"),
}
_OF_NOBODY = Look("", "plain", "document")


def look_of(entry: Entry, *, is_coloured: bool) -> Look:
    """Of a line of a timeline, whose words are its own: by what it did where that is coloured, or by who did it."""
    if entry.is_private:
        return _PRIVATE
    by_side = _OF_SIDE.get(entry.side, _OF_NOBODY)
    return _DECIDED.get(entry.kind, by_side) if is_coloured else by_side
