"""Moving a case: the one way to take a verb of the state machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django_fsm import Transition, can_proceed

from cases.access import of_reference, visible_cases
from cases.actors import Actor
from cases.models import Case, State
from cases.refusals import Conflict, NotPermitted, NotThere


@contextmanager
def locked(reference: str, *, by: Actor) -> Iterator[Case]:
    """One transaction around one case, locked before its state is looked at.

    Raises ``NotThere`` where the actor may not see it, and where it is not.
    """
    with transaction.atomic():
        rows = visible_cases(by).select_related("subscription", "customer", "partner")
        case = of_reference(rows.select_for_update(of=("self",)), reference).first()
        if case is None:
            raise NotThere("There is no such case.")
        yield case


def move(case: Case, verb: str, *, by: Actor, seen: int | None = None) -> None:
    """Take ``verb``; the caller records it in the same transaction. Raises what ``require`` raises."""
    require(case, verb, by=by, seen=seen)
    getattr(case, verb)()


def require(case: Case, verb: str, *, by: Actor, seen: int | None = None) -> None:
    """Take nothing yet: for a page that shows a step before it is taken.

    ``seen`` is the version that the actor looked at, where they decide by what they saw.

    Raises ``NotPermitted`` where the actor may not take it in any state, ``Conflict`` where the
    case is in a state (or was judged in a way) that does not allow it, or is not as it was seen.
    """
    method = getattr(case, verb)
    if not _permission(method)(case, by):
        raise NotPermitted("You may not do this to this case.")
    refuse_if_changed(case, seen)
    if not can_proceed(method):
        raise Conflict(_why_not(case, verb), case.reference)


def refuse_if_changed(case: Case, seen: int | None) -> None:
    """Raise ``Conflict`` where something happened after the version that was seen; ``None`` asks nothing."""
    if seen is not None and seen != case.version:
        message = f"This case has changed since you looked at it: it is {_state_of(case)} now. Look again before you decide."
        raise Conflict(message, case.reference)


def verbs_of(case: Case, actor: Actor) -> frozenset[str]:
    """What the actor may do with the case now: what a page's buttons are made from."""
    available: Iterator[Transition] = case.get_available_user_state_transitions(actor)  # type: ignore[attr-defined]  # added by FSMField
    return frozenset(transition.name for transition in available)


def _permission(method: Any) -> Any:
    transitions = method._django_fsm.transitions.values()  # noqa: SLF001  # it has no public name
    return next(iter(transitions)).permission


def _why_not(case: Case, verb: str) -> str:
    if verb == "approve" and case.state == State.IN_REVIEW and not case.band:
        return "The checks of this case have not ended, and before that nobody can approve it. Wait for them, or run them again."
    return f"This case is {_state_of(case)}, so this cannot be done to it now. Look at it again: somebody may have been first."


def _state_of(case: Case) -> str:
    return State(case.state).label.lower()
