"""Every state by verb by role: what the table of the design allows happens, and nothing else does.

The table stands in ``tests.cases.states``. Each cell is run through the real actions: it moves the
case as the table says, or it refuses (404 to whom the case is not theirs to see, 403 to whom the
verb is not theirs to take, 409 where the state does not allow it) and leaves no row behind. The
buttons that a page would show are held against it, too.
"""

from collections.abc import Callable, Mapping

import pytest
from django.apps import apps
from django.db import connection

from cases.actions import customer, partner
from cases.actors import SYSTEM, Actor
from cases.machine import verbs_of
from cases.models import Case, CaseEvent, State
from cases.refusals import Refusal
from tests.cases.states import ACTS, LATER, MOVES, ROLES, SEE_ALL, SITUATIONS, VERBS, rows
from tests.undoing import undone
from tests.world import ATTESTATION, DETAILS, World


def test_every_state_stands_in_the_table() -> None:
    named = {start for start, _ in MOVES} | {end for end, _ in MOVES.values()}
    assert named | {"new"} == set(State.values)
    assert {situation.state for situation in SITUATIONS.values()} | {"new"} == set(State.values)


def test_the_machine_has_the_verbs_of_the_table_and_no_others() -> None:
    transitions = Case._meta.get_field("state").get_all_transitions(Case)
    machine = {(each.source, each.name, each.target) for each in transitions}
    table = {(start, verb, end) for (start, verb), (end, _) in MOVES.items()}
    assert machine == table | {("new", "submit", "submitted")}


def test_what_comes_later_is_not_there_yet() -> None:
    for _, verb, end, _ in rows(LATER):
        assert verb == "withdraw" or not hasattr(Case, verb)
        assert end in [*State.values, "awaiting_second"]
    assert "awaiting_second" not in State.values


@pytest.mark.parametrize("name", SITUATIONS)
def test_every_verb_by_every_role(world: World, name: str) -> None:
    situation = SITUATIONS[name]
    reference = situation.bring(world)
    case = Case.objects.get(reference=reference)
    assert (case.state, case.outcome) == (situation.state, situation.outcome)
    before = everything()
    expected: dict[str, object] = {}
    found: dict[str, object] = {}
    for role in ROLES:
        actor = actor_of(world, role)
        cells = {verb: situation.expected(verb, role) for verb in VERBS}
        buttons = {verb for verb, answer in cells.items() if isinstance(answer, str)}
        expected |= {f"{role}: {verb}": answer for verb, answer in cells.items()} | {f"{role} sees": buttons}
        found |= {f"{role}: {verb}": outcome_of(verb, case, actor, before) for verb in VERBS}
        found |= {f"{role} sees": set(verbs_of(case, actor))}
    assert differences(expected, found) == {}


SUBMIT = {
    "customer": {"olive": "in_review", "conrad": "in_review", "rhea": 403, "petra": 403, "prue": 403},
    "partner": {"olive": 403, "conrad": 403, "rhea": 403, "petra": "in_review", "prue": 403},
}
OTHERS = {role: 403 if role in SEE_ALL else 404 for role in ROLES}


@pytest.mark.parametrize("side", SUBMIT)
def test_submitting_by_every_role(world: World, side: str) -> None:
    """A customer's own request, and a partner's on their behalf: nobody may ask in the other's name."""
    subscription = world.subscription("MS-AZR-0003P", partner=world.northwind)

    def submit(by: Actor) -> Case:
        if side == "customer":
            return customer.ask_to_lift(subscription.pk, DETAILS, by=by)
        return partner.submit_for_customer(subscription.pk, DETAILS, ATTESTATION, by=by)

    found = {role: attempt(lambda: submit(actor_of(world, role))) for role in ROLES}  # noqa: B023  # called at once
    assert differences(OTHERS | SUBMIT[side], found) == {}


# --- looking at what happened --------------------------------------------------------------------


def actor_of(world: World, role: str) -> Actor:
    """A person of the cast, the system, or somebody who did not sign in."""
    return {"system": SYSTEM, "nobody": Actor(None, "Nobody")}.get(role) or world.actor(role)


def outcome_of(verb: str, case: Case, by: Actor, before: list[object]) -> object:
    """Where the verb leads, or the refusal's status; it is undone again."""
    kind, act = ACTS[verb]
    with undone():
        try:
            act(case.reference, verb, by)
        except Refusal as refusal:
            return refusal.status if everything() == before else f"{refusal.status}, but rows were left"
        connection.check_constraints()
        event = CaseEvent.objects.get(case=case, seq=case.version + 1)
        told = (event.kind, event.from_state, event.actor_id)
        return event.to_state if told == (kind, case.state, by.user_id) else f"recorded as {told}"


def attempt(submit: Callable[[], Case]) -> object:
    """The state of what was submitted, or the refusal's status; it is undone again."""
    with undone():
        before = everything()
        try:
            case = submit()
        except Refusal as refusal:
            return refusal.status if everything() == before else f"{refusal.status}, but rows were left"
        connection.check_constraints()
        return str(case.state)


def everything() -> list[object]:
    """Every case as it stands, and how many rows each table of cases and outbox holds."""
    models = [*apps.get_app_config("cases").get_models(), *apps.get_app_config("outbox").get_models()]
    counts = ", ".join(f"(SELECT count(*) FROM {model._meta.db_table})" for model in models)  # noqa: S608  # our own tables
    cases = "SELECT array_agg(cases_case::text ORDER BY id) FROM cases_case"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({cases}), {counts}")  # our own tables
        return list(cursor.fetchone() or ())


def differences(expected: Mapping[str, object], found: Mapping[str, object]) -> dict[str, str]:
    """The cells in which the two differ, as text to be read in a failure."""
    return {
        cell: f"the table says {expected[cell]}, it came to {found[cell]}"
        for cell in expected
        if expected[cell] != found[cell]
    }
