"""``manage.py verify_ledger``: what somebody changed who could switch the guard off."""

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from cases.actions.conversation import send_message, write_note
from cases.actions.reviewer import deny
from cases.management.commands import verify_ledger
from cases.models import Case, State
from cases.proof import faults_of
from tests.world import DENIAL, FREE_TRIAL, World

CHANGES = {
    "an event's words": (
        "UPDATE cases_caseevent SET data = data || '{{\"x\": 1}}' WHERE {the_case} AND seq = 3",
        "event 3 was changed",
    ),
    "an event's time": (
        "UPDATE cases_caseevent SET at = at + interval '1 microsecond' WHERE {the_case} AND seq = 3",
        "event 3 was changed",
    ),
    "an event's actor": (
        "UPDATE cases_caseevent SET actor_name = 'Mallory' WHERE {the_case} AND seq = 3",
        "event 3 was changed",
    ),
    "an event's kind": (
        "UPDATE cases_caseevent SET kind = 'message' WHERE {the_case} AND seq = 2",
        "event 2 was changed",
    ),
    "an event's hash": (
        "UPDATE cases_caseevent SET hash = repeat('0', 64) WHERE {the_case} AND seq = 3",
        "event 4 does not follow the one before it",
    ),
    "a first event removed": (
        "DELETE FROM cases_caseevent WHERE {the_case} AND seq = 1",
        "event 1 is missing",
    ),
    "a middle event removed": (
        "DELETE FROM cases_caseevent WHERE {the_case} AND seq = 3",
        "event 3 is missing",
    ),
    "a middle event removed, the rest counted anew": (
        "DELETE FROM cases_caseevent WHERE {the_case} AND seq = 3;"
        "UPDATE cases_caseevent SET seq = seq - 1 WHERE {the_case} AND seq > 3",
        "event 3 does not follow the one before it",
    ),
    "the end cut off": (
        "DELETE FROM cases_caseevent WHERE {the_case} AND seq = (SELECT max(seq) FROM cases_caseevent WHERE {the_case})",
        "the case does not stand where its last event left it",
    ),
    "an event put in": (
        "INSERT INTO cases_caseevent (case_id, seq, kind, from_state, to_state, at, side, actor_name, data, previous, hash)"
        " SELECT case_id, seq + 1, 'message', to_state, to_state, at, side, actor_name, '{{}}', hash, repeat('f', 64)"
        " FROM cases_caseevent WHERE {the_case} ORDER BY seq DESC LIMIT 1",
        "was changed",
    ),
    "every event removed": (
        "DELETE FROM cases_caseevent WHERE {the_case}",
        "the case does not stand where its last event left it",
    ),
    "the case's state": (
        "UPDATE cases_case SET state = 'revoked' WHERE id = {id}",
        "the case does not stand where its last event left it",
    ),
    "the case's version": (
        "UPDATE cases_case SET version = version + 1 WHERE id = {id}",
        "the case does not stand where its last event left it",
    ),
    "the notice of a decision": (
        'UPDATE cases_decision SET notice = notice || \'{{"what": ""}}\' WHERE {the_case}',
        "a decision or its notice was changed",
    ),
    "a decision's private note": (
        "UPDATE cases_decision SET private_note = '' WHERE {the_case}",
        "a decision or its notice was changed",
    ),
    "a decision's author": (
        "UPDATE cases_decision SET made_by_id = NULL WHERE {the_case}",
        "a decision or its notice was changed",
    ),
    "a decision's reasons": (
        "UPDATE cases_decision SET reasons = '{{no_answer}}' WHERE {the_case}",
        "a decision or its notice was changed",
    ),
    "a decision's time": (
        "UPDATE cases_decision SET made_at = made_at - interval '1 day' WHERE {the_case}",
        "a decision or its notice was changed",
    ),
    "a decision removed": (
        "DELETE FROM cases_decision WHERE {the_case}",
        "a decision or its notice was changed",
    ),
    "a message": ("UPDATE cases_casemessage SET text = 'No.' WHERE {the_case}", "a message was changed"),
    "a message's author": (
        "UPDATE cases_casemessage SET author_id = {somebody} WHERE {the_case}",
        "a message was changed",
    ),
    "a message removed": ("DELETE FROM cases_casemessage WHERE {the_case}", "a message was changed"),
    "a message put in": (
        "INSERT INTO cases_casemessage (case_id, kind, side, author_id, text, at)"
        " SELECT case_id, kind, side, author_id, 'Never written', at FROM cases_casemessage WHERE {the_case}",
        "a message was changed, added or removed",
    ),
    "a private note": (
        "UPDATE cases_privatenote SET text = '' WHERE {the_case}",
        "a private note was changed",
    ),
    "a private note removed": (
        "DELETE FROM cases_privatenote WHERE {the_case}",
        "a private note was changed",
    ),
    "an attestation": (
        "UPDATE cases_attestation SET text = '' WHERE {the_case}",
        "an attestation was changed",
    ),
    "what was attested": (
        "UPDATE cases_attestation SET checked = '{{identity}}' WHERE {the_case}",
        "an attestation was changed",
    ),
    "why direct": (
        "UPDATE cases_case SET why_direct = 'Because.' WHERE id = {id}",
        "what was asked for was changed",
    ),
    "the volume": (
        "UPDATE cases_case SET daily_volume = 1 WHERE id = {id}",
        "what was asked for was changed",
    ),
    "an address": (
        "UPDATE cases_case SET sending_addresses = '{{203.0.113.8}}' WHERE id = {id}",
        "what was asked for was changed",
    ),
    "the subscription": (
        "UPDATE cases_case SET subscription_id = '{other}' WHERE id = {id}",
        "what was asked for was changed",
    ),
    "who asked": (
        "UPDATE cases_case SET submitted_by_id = {somebody} WHERE id = {id}",
        "what was asked for was changed",
    ),
    "in whose name": (
        "UPDATE cases_case SET submitted_side = 'customer' WHERE id = {id}",
        "what was asked for was changed",
    ),
    "the outcome": (
        "UPDATE cases_case SET outcome = 'may_request' WHERE id = {id}",
        "what it was judged by was changed",
    ),
    "the facts": ("UPDATE cases_case SET facts = '[]' WHERE id = {id}", "what it was judged by was changed"),
    "the policy": (
        "UPDATE cases_case SET policy_id = 'example-qualified' WHERE id = {id}",
        "what it was judged by was changed",
    ),
}


def verify(*references: str) -> str:
    """What the command prints. Raises ``CommandError`` with what it complains of."""
    out, complaints = StringIO(), StringIO()
    try:
        call_command("verify_ledger", *references, stdout=out, stderr=complaints)
    except CommandError as error:
        raise CommandError(f"{complaints.getvalue()}{error}", returncode=error.returncode) from None
    assert complaints.getvalue() == ""
    return out.getvalue()


def complaint_of(command: Callable[[], str]) -> str:
    """What the command complains of; empty if it does not."""
    try:
        command()
    except CommandError as error:
        return f"{error}" if error.returncode == 1 else f"exit code {error.returncode}"
    return ""


@contextmanager
def undone() -> Iterator[None]:
    """What happens within leaves no trace."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def case(world: World) -> Case:
    """A denied case of a partner's, with a message, a note and an attestation; and others beside it."""
    world.case_in(State.DECLINED)
    reference = world.submitted_by_partner().reference
    send_message(reference, by=world.actor("petra"), text="Please hurry.")
    write_note(reference, by=world.actor("rita"), text="In a hurry.")
    deny(reference, DENIAL, by=world.actor("rita"))
    world.case_in(State.REVOKED)
    return Case.objects.get(reference=reference)


@pytest.fixture
def as_superuser() -> Callable[[str], None]:
    """Run SQL past every trigger and foreign key."""

    def run(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql)
            assert cursor.rowcount > 0
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    return run


def test_every_change_is_found_and_named(
    world: World, case: Case, as_superuser: Callable[[str], None]
) -> None:
    assert verify() == "The ledgers of 3 cases verify.\n"
    values = {
        "id": case.pk,
        "the_case": f"case_id = {case.pk}",
        "somebody": world.user("mallory").pk,
        "other": world.subscription().pk,
    }
    missed = {}
    for change, (sql, fault) in CHANGES.items():
        with undone():
            as_superuser(sql.format(**values))
            complaint = complaint_of(verify)
        if not re.search(f"^{case.reference}: .*{fault}", complaint, re.MULTILINE):
            missed[change] = complaint
    assert missed == {}


def test_the_complaint_names_the_case_that_was_changed_and_no_other(
    case: Case, as_superuser: Callable[[str], None]
) -> None:
    with undone():
        as_superuser(f"UPDATE cases_case SET state = 'revoked' WHERE id = {case.pk}")  # noqa: S608  # a number
        complaint = complaint_of(verify)
    assert complaint.splitlines() == [
        f"{case.reference}: the case does not stand where its last event left it",
        "1 faults in the ledgers of 3 cases.",
    ]


def test_single_cases_can_be_verified(case: Case, as_superuser: Callable[[str], None]) -> None:
    other = Case.objects.exclude(pk=case.pk).earliest("pk").reference
    with undone():
        as_superuser(f"UPDATE cases_case SET state = 'approved' WHERE id = {case.pk}")  # noqa: S608  # a number
        assert verify(other.lower()) == "The ledgers of 1 cases verify.\n"
        assert "1 faults in the ledgers of 2 cases" in complaint_of(lambda: verify(other, case.reference))


@pytest.mark.parametrize(
    ("typed", "answer"), [("UB-0000-0001", "no case reference"), ("UB-0000-000X", "do not exist")]
)
def test_a_case_that_is_not_there_is_no_success(db: None, typed: str, answer: str) -> None:
    with pytest.raises(CommandError, match=answer):
        verify(typed)


def test_a_case_that_moves_while_it_is_read_is_read_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row was read before the event was written, its events after it: nothing is wrong."""
    stale = world.submitted()
    send_message(stale.reference, by=world.actor("olive"), text="In between.")
    assert list(faults_of(stale)) != []
    monkeypatch.setattr(verify_ledger, "_cases", lambda typed: iter([stale]))
    assert verify() == "The ledgers of 1 cases verify.\n"


def test_no_more_than_two_batches_are_held_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []

    def alive() -> int:
        gc.collect()
        # By its type: `isinstance` would wake the lazy objects of others, and some of them may no longer wake.
        return sum(issubclass(type(each), Case) for each in gc.get_objects())

    def counted(case: Case) -> Iterator[str]:
        held.append(alive() - of_others)
        return faults_of(case)

    for _ in range(12):
        world.submitted(world.subscription(FREE_TRIAL))
    of_others = alive()  # what tests before this one left behind
    monkeypatch.setattr(verify_ledger, "BATCH", 3)
    monkeypatch.setattr(verify_ledger, "faults_of", counted)
    verify()
    assert len(held) == 12
    assert 3 <= max(held) <= 6
