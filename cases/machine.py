"""Moving a case: the one way to take a verb of the state machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django_fsm import Transition, can_proceed

from cases.access import visible_cases
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
        case = rows.select_for_update(of=("self",)).filter(reference=reference).first()
        if case is None:
            raise NotThere("There is no such case.")
        yield case


def move(case: Case, verb: str, *, by: Actor) -> None:
    """Take ``verb``; the caller records it in the same transaction. Raises what ``require`` raises."""
    require(case, verb, by=by)
    getattr(case, verb)()


def require(case: Case, verb: str, *, by: Actor) -> None:
    """Take nothing yet: for a page that shows a step before it is taken.

    Raises ``NotPermitted`` where the actor may not take it in any state, ``Conflict`` where the
    case is in a state (or was judged in a way) that does not allow it.
    """
    method = getattr(case, verb)
    if not _permission(method)(case, by):
        raise NotPermitted("You may not do this to this case.")
    if not can_proceed(method):
        raise Conflict(_why_not(case), case.reference)


def verbs_of(case: Case, actor: Actor) -> frozenset[str]:
    """What the actor may do with the case now: what a page's buttons are made from."""
    available: Iterator[Transition] = case.get_available_user_state_transitions(actor)  # type: ignore[attr-defined]  # added by FSMField
    return frozenset(transition.name for transition in available)


def _permission(method: Any) -> Any:
    transitions = method._django_fsm.transitions.values()  # noqa: SLF001  # it has no public name
    return next(iter(transitions)).permission


def _why_not(case: Case) -> str:
    state = State(case.state).label.lower()
    return f"This case is {state}, so this cannot be done to it now. Look at it again: somebody may have been first."
