"""What somebody changed who could switch the guard off is found, and named."""

import re
from collections.abc import Callable

import pytest
from django.db import connection

from cases.actions.customer import answer
from cases.actions.partner import vouch
from cases.actions.reviewer import _start_exemption, resume
from cases.actions.rules import load_shipped_rules
from cases.actors import SYSTEM
from cases.ledger import event_hash, record
from cases.machine import locked, move
from cases.models import AutoRule, Case, CaseEvent, EventKind, State
from cases.proof import KEPT_LATER
from cases.proof_of_desk import TRIGGERS
from tests.cases.proof.changes import CHANGES, OF_THE_CASE
from tests.cases.proof.verifying import complaint_of, verify
from tests.undoing import undone
from tests.world import ATTESTATION, RESUMPTION, World


def test_every_change_is_found_and_named(
    world: World, case: Case, as_superuser: Callable[[str], None]
) -> None:
    assert verify() == "The ledgers of 3 cases verify.\n"
    values = {
        "id": case.pk,
        "the_case": f"case_id = {case.pk}",
        "somebody": world.user("mallory").pk,
        "other": world.subscription().pk,
        "adatum": world.adatum.pk,
        "of_the_case": f"run_id IN ({OF_THE_CASE} {case.pk})",
    }
    missed = {}
    for change, (sql, fault) in CHANGES.items():
        with undone():
            as_superuser(sql.format(**values))
            complaint = complaint_of(verify)
        if not re.search(f"^{case.reference}: .*{fault}", complaint, re.MULTILINE):
            missed[change] = complaint
    assert missed == {}


EXEMPTIONS = {
    "ended": "UPDATE cases_exemption SET ends_at = starts_at WHERE ends_at IS NULL",
    "begun before its decision": "UPDATE cases_exemption SET starts_at = starts_at - interval '1 hour'",
    "given to another": "UPDATE cases_exemption SET subscription_id = '{other}'",
    "running longer": "UPDATE cases_exemption SET ends_at = ends_at + interval '1 minute'",
    "removed": "DELETE FROM cases_exemption",
}


@pytest.mark.parametrize("change", EXEMPTIONS)
def test_every_change_of_an_exemption_is_found(
    world: World, as_superuser: Callable[[str], None], change: str
) -> None:
    rita = world.actor("rita")
    case = world.case_in(State.SUSPENDED)
    resume(case.reference, RESUMPTION, by=rita)
    assert verify() == "The ledgers of 1 cases verify.\n"
    other = world.subscription().pk
    with undone():
        as_superuser(EXEMPTIONS[change].format(other=other))
        assert "an exemption was changed, added or removed" in complaint_of(verify)


def test_an_approval_that_is_no_decision_is_found(world: World) -> None:
    """Moved by an event with its right hash, which the guard lets through: the decision is missing."""
    reference = world.case_in(State.IN_REVIEW).reference
    with locked(reference, by=SYSTEM) as case:
        move(case, "approve", by=world.actor("rita"))
        approved = record(case, EventKind.APPROVED, by=world.actor("rita"))
        _start_exemption(case, approved.at)
    assert "what an event decided was changed, added or removed" in complaint_of(verify)


DUE = {
    State.WITH_PARTNER: "due_at = NULL",
    State.IN_REVIEW: "due_at = due_at + interval '1 microsecond'",
    State.AWAITING_ANSWER: "due_left = due_left - interval '1 hour'",
    State.APPROVED: "due_left = interval '1 day'",
}


def test_every_change_of_a_due_time_is_found(world: World, as_superuser: Callable[[str], None]) -> None:
    """While the clock runs, stands still, runs on after an answer, and when there is nothing to wait for."""
    cases = [(world.case_in(state), change) for state, change in DUE.items()]
    asked = world.case_in(State.AWAITING_ANSWER)
    cases.append((answer(asked.reference, by=world.actor("olive"), text="To buyers."), DUE[State.IN_REVIEW]))
    vouched = world.case_in(State.WITH_PARTNER)
    cases.append((vouch(vouched.reference, ATTESTATION, by=world.actor("petra")), DUE[State.IN_REVIEW]))
    assert verify() == f"The ledgers of {len(cases)} cases verify.\n"
    for case, change in cases:
        with undone():
            as_superuser(f"UPDATE cases_case SET {change} WHERE id = {case.pk}")  # noqa: S608  # ours, and a number
            assert complaint_of(verify).startswith(f"{case.reference}: by when it is due was changed")


def test_what_older_events_did_not_keep_yet_is_no_fault(
    case: Case, as_superuser: Callable[[str], None]
) -> None:
    """A ledger as it was written before: its events keep less, and each verifies."""
    events = list(case.events.order_by("seq"))
    for event, previous in zip(events, [None, *events], strict=False):
        event.data = {name: event.data[name] for name in event.data if name not in KEPT_LATER}
        event.previous = previous.hash if previous else ""
        event.hash = event_hash(case.reference, event)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        CaseEvent.objects.bulk_update(events, ["data", "previous", "hash"])
        Case.objects.filter(pk=case.pk).update(head=events[-1].hash)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert verify() == "The ledgers of 3 cases verify.\n"
    as_superuser(f"UPDATE cases_casemessage SET text = 'No.' WHERE case_id = {case.pk}")  # noqa: S608  # a number
    assert "a message was changed" in complaint_of(verify)


def test_the_guard_itself_is_looked_at(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        assert {name for (name,) in cursor.fetchall()} == TRIGGERS, "every trigger is one that is looked for"
        cursor.execute("ALTER TABLE cases_exemption DISABLE TRIGGER exemptions_follow_events")
        cursor.execute("DROP TRIGGER events_stay ON cases_caseevent")
    complaint = complaint_of(verify)
    assert "guard: the trigger events_stay is missing or switched off" in complaint
    assert "guard: the trigger exemptions_follow_events is missing or switched off" in complaint


BESIDE = {
    "a rule that is on": (
        "UPDATE cases_autorule SET mode = 'on', proposed_by_id = {rita}, confirmed_by_id = {sena} WHERE id = '{rule}'",
        "rule {rule}: nobody switched it to where it stands",
    ),
    "a policy": (
        "UPDATE subscriptions_policyversion SET document = document || ' ' WHERE id = 'azure-2017-11-15'",
        "policy azure-2017-11-15: its document was changed",
    ),
}


@pytest.mark.parametrize("change", BESIDE)
def test_what_cases_rest_on_is_looked_at(
    world: World, as_superuser: Callable[[str], None], change: str
) -> None:
    load_shipped_rules()
    assert verify() == "The ledgers of 0 cases verify.\n"
    values = {
        "rule": AutoRule.objects.order_by("pk").values_list("pk", flat=True)[0],
        "rita": world.user("rita").pk,
        "sena": world.user("sena").pk,
    }
    sql, fault = BESIDE[change]
    as_superuser(sql.format(**values))
    assert fault.format(**values) in complaint_of(verify)
