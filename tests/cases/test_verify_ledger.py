"""``manage.py verify_ledger``: what somebody changed who could switch the guard off."""

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from cases.actions.conversation import send_message, write_note
from cases.actions.reviewer import _start_exemption, deny, resume
from cases.actions.rules import load_shipped_rules
from cases.actors import SYSTEM
from cases.ledger import event_hash, record
from cases.machine import locked, move
from cases.management.commands import verify_ledger
from cases.models import AutoRule, Case, CaseEvent, EventKind, State
from cases.proof import KEPT_LATER, faults_of
from cases.proof_of_desk import TRIGGERS
from tests.world import DENIAL, FREE_TRIAL, RESUMPTION, World

OF_THE_CASE = "SELECT n.id FROM cases_checkrun n JOIN cases_checkround r ON r.id = n.round_id WHERE case_id ="

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
    "an attestation's partner": (
        "UPDATE cases_attestation SET partner_id = {adatum} WHERE {the_case}",
        "an attestation was changed",
    ),
    "an attestation's time": (
        "UPDATE cases_attestation SET at = now() WHERE {the_case}",
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
    "a message's side": (
        "UPDATE cases_casemessage SET side = 'desk' WHERE {the_case}",
        "a message was changed",
    ),
    "a message's kind": (
        "UPDATE cases_casemessage SET kind = 'answer' WHERE {the_case}",
        "a message was changed",
    ),
    "a message's time": ("UPDATE cases_casemessage SET at = now() WHERE {the_case}", "a message was changed"),
    "a note's time": (
        "UPDATE cases_privatenote SET at = now() WHERE {the_case}",
        "a private note was changed",
    ),
    "when it was sent": (
        "UPDATE cases_case SET submitted_at = submitted_at - interval '1 day' WHERE id = {id}",
        "how it was sent was changed",
    ),
    "when the terms were accepted": (
        "UPDATE cases_case SET terms_accepted_at = now() WHERE id = {id}",
        "how it was sent was changed",
    ),
    "the key": (
        "UPDATE cases_case SET idempotency_hash = repeat('0', 64) WHERE id = {id}",
        "how it was sent was changed",
    ),
    "when it moved": (
        "UPDATE cases_case SET moved_at = now() WHERE id = {id}",
        "the case does not stand where its last event left it",
    ),
    "the partner": (
        "UPDATE cases_case SET partner_id = {adatum} WHERE id = {id}",
        "what it was judged by was changed",
    ),
    "the flag": ("UPDATE cases_case SET flag = 'out_of_policy' WHERE id = {id}", "the flag was changed"),
    "the band": ("UPDATE cases_case SET band = 'low' WHERE id = {id}", "the band was changed"),
    "a round's band": (
        "UPDATE cases_checkround SET band = 'low' WHERE {the_case}",
        "a round of checks was changed",
    ),
    "a round's parts": (
        "UPDATE cases_checkround SET parts = '[]' WHERE {the_case}",
        "a round of checks was changed",
    ),
    "a round's number": (
        "UPDATE cases_checkround SET number = 2 WHERE {the_case}",
        "a round of checks was changed",
    ),
    "who started a round": (
        "UPDATE cases_checkround SET started_by_id = {somebody} WHERE {the_case}",
        "a round of checks was changed",
    ),
    "a round put in": (
        "INSERT INTO cases_checkround (case_id, number, started_at, deadline_at, ended_at, band, parts)"
        " SELECT case_id, 2, started_at, deadline_at, ended_at, 'low', '[]' FROM cases_checkround WHERE {the_case}",
        "a round of checks was changed",
    ),
    "a signal cleared": (
        "UPDATE cases_signalrow SET finding = 'clear' WHERE {of_the_case}",
        "a round of checks was changed",
    ),
    "a signal removed": (
        "DELETE FROM cases_signalrow WHERE {of_the_case} AND part = 'spf'",
        "a round of checks was changed",
    ),
    "an exemption of nobody's": (
        "INSERT INTO cases_exemption (case_id, subscription_id, starts_at)"
        " SELECT id, subscription_id, moved_at FROM cases_case WHERE id = {id}",
        "an exemption was changed, added or removed",
    ),
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
    """A denied case of a partner's, with checks, a message, a note and an attestation; others beside it."""
    world.case_in(State.DECLINED)
    reference = world.checked(world.submitted_by_partner()).reference
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


def test_heads_that_were_kept_find_a_past_that_was_written_anew(
    world: World, case: Case, as_superuser: Callable[[str], None], tmp_path: Path
) -> None:
    """A whole case removed, or a chain with right hashes, verifies by itself."""
    kept = tmp_path / "heads"
    kept.write_text(verify("--heads"))
    send_message(case.reference, by=world.actor("petra"), text="Since then.")
    assert verify("--against", str(kept)) == "The ledgers of 3 cases verify.\n"
    rows = f"DELETE FROM cases_{{}} WHERE case_id = {case.pk}"  # noqa: S608  # a number
    with undone():
        for table in ("attestation", "casemessage", "privatenote", "decision", "checkround", "caseevent"):
            as_superuser(rows.format(table))
        as_superuser(f"DELETE FROM cases_case WHERE id = {case.pk}")  # noqa: S608  # a number
        assert verify() == "The ledgers of 2 cases verify.\n"
        assert f"{case.reference}: event {case.version} is not the one" in complaint_of(
            lambda: verify("--against", str(kept))
        )
    kept.write_text("nonsense\n")
    assert "is not what --heads printed" in complaint_of(lambda: verify("--against", str(kept)))


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
