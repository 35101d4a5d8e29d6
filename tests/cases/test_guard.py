"""The database's own guard: whoever writes past the actions is refused by PostgreSQL, in words."""

import re
from collections.abc import Mapping
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cases.actions import reviewer
from cases.actions.conversation import send_message, write_note
from cases.ledger import chain, record
from cases.machine import locked, move
from cases.models import Case, CaseEvent, Decision, EventKind, Exemption, State
from tests.world import APPROVAL, REVOCATION, World

pytestmark = pytest.mark.django_db(transaction=True)

APPEND_ONLY = "is refused: the ledger is append-only"
NOT_LED_THERE = "without the event that led there"
NOT_AS_ITS_EVENTS = "does not stand where its last event left it"
FIXED = "what case .* is about, and who asked, is fixed"
NOT_AFTER = "does not follow the one before it"


def event(seq: int = 3, start: str = "in_review", end: str = "in_review", previous: str = "{head}") -> str:
    """The SQL of a next event, all in order but for what is given."""
    return (
        "INSERT INTO cases_caseevent"  # noqa: S608  # our own values
        " (case_id, seq, kind, from_state, to_state, at, side, actor_name, data, previous, hash)"
        f" VALUES ({{id}}, {seq}, 'message', '{start}', '{end}', now(), 'desk', 'X', '{{{{}}}}', '{previous}', 'x')"
    )


REFUSED = {
    "an event changed": ("UPDATE cases_caseevent SET kind = 'note' WHERE case_id = {id}", APPEND_ONLY),
    "an event changed to what it is": (
        "UPDATE cases_caseevent SET kind = kind WHERE case_id = {id}",
        APPEND_ONLY,
    ),
    "an event removed": ("DELETE FROM cases_caseevent WHERE case_id = {id} AND seq = 2", APPEND_ONLY),
    "all events removed": ("TRUNCATE cases_caseevent", APPEND_ONLY),
    "everything removed": ("TRUNCATE cases_case CASCADE", APPEND_ONLY),
    "a decision changed": ("UPDATE cases_decision SET private_note = 'x'", APPEND_ONLY),
    "a decision removed": ("DELETE FROM cases_decision", APPEND_ONLY),
    "all decisions removed": ("TRUNCATE cases_decision", APPEND_ONLY),
    "a case removed": ("DELETE FROM cases_case WHERE id = {id}", APPEND_ONLY),
    "an event left out": (event(seq=4), NOT_AFTER),
    "an event in an event's place": (event(seq=2), NOT_AFTER),
    "an event before all": (event(seq=0), NOT_AFTER),
    "an event after another": (event(previous="0" * 64), NOT_AFTER),
    "an event after none": (event(previous=""), NOT_AFTER),
    "an event from elsewhere": (event(start="approved", end="approved"), NOT_AFTER),
    "a move that no verb makes": (event(end="revoked"), "no verb moves a case from in_review to revoked"),
    "a move back to the start": (event(end="new"), "no verb moves a case from in_review to new"),
    "an event that its case does not know": (event(), NOT_AS_ITS_EVENTS),
    "a move that its case did not make": (event(end="approved"), NOT_AS_ITS_EVENTS),
    "a state": ("UPDATE cases_case SET state = 'approved' WHERE id = {id}", NOT_LED_THERE),
    "a version": ("UPDATE cases_case SET version = 1 WHERE id = {id}", NOT_LED_THERE),
    "a head": ("UPDATE cases_case SET head = '' WHERE id = {id}", NOT_LED_THERE),
    "a state of before": (
        "UPDATE cases_case SET (state, version, head) = (SELECT to_state, seq, hash FROM cases_caseevent"
        " WHERE case_id = {id} AND seq = 1) WHERE id = {id}",
        NOT_LED_THERE,
    ),
    "a reference": ("UPDATE cases_case SET reference = 'UB-0000-000X' WHERE id = {id}", FIXED),
    "another subscription": (
        "UPDATE cases_case SET subscription_id = (SELECT id FROM subscriptions_subscription"
        " WHERE id <> subscription_id LIMIT 1) WHERE id = {id}",
        FIXED,
    ),
    "another customer": ("UPDATE cases_case SET customer_id = customer_id + 1 WHERE id = {id}", FIXED),
    "another sender": ("UPDATE cases_case SET submitted_by_id = submitted_by_id + 1 WHERE id = {id}", FIXED),
    "another side": ("UPDATE cases_case SET submitted_side = 'partner' WHERE id = {id}", FIXED),
    "another number": ("UPDATE cases_case SET id = id + 1000 WHERE id = {id}", FIXED),
}


@pytest.fixture
def world(transactional_db: None) -> World:
    """The cast, committed: the guard is asked at the end of real transactions."""
    from tests.world import make_world

    return make_world()


@pytest.fixture
def case(world: World) -> Case:
    """A case in review; a denied one, with its decision, beside it."""
    world.case_in(State.DENIED)
    return Case.objects.get(pk=world.submitted().pk)


def rows() -> list[object]:
    """Everything that the guard stands over."""
    return [list(model.objects.order_by("pk").values()) for model in (Case, CaseEvent, Decision)]


def test_what_sql_alone_is_refused(case: Case) -> None:
    before = rows()
    assert refusals_missed(REFUSED, {"id": case.pk, "head": case.head}) == {}
    assert rows() == before


def refusals_missed(refused: dict[str, tuple[str, str]], values: Mapping[str, object]) -> dict[str, str]:
    """What each of these statements came to, where it was not refused for its reason."""
    missed = {}
    for name, (sql, reason) in refused.items():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql.format(**values))
        except DatabaseError as error:
            if not re.search(reason, str(error)):
                missed[name] = str(error)
        else:
            missed[name] = "went through"
    return missed


def test_no_queryset_goes_round_the_machine(case: Case) -> None:
    with pytest.raises(DatabaseError, match=NOT_LED_THERE):
        Case.objects.filter(pk=case.pk).update(state=State.APPROVED)
    with pytest.raises(DatabaseError, match=NOT_LED_THERE):
        Case.objects.filter(pk=case.pk).bulk_update([Case(pk=case.pk, state=State.DENIED)], ["state"])
    with pytest.raises(DatabaseError, match=APPEND_ONLY):
        CaseEvent.objects.filter(case=case).update(actor_name="Mallory")
    with pytest.raises(DatabaseError, match=APPEND_ONLY):
        CaseEvent.objects.filter(case=case)._raw_delete("default")


def test_no_state_is_assigned_in_python(case: Case) -> None:
    with pytest.raises(AttributeError, match="not allowed"):
        case.state = State.APPROVED


def test_a_move_that_records_nothing_fails(world: World, case: Case) -> None:
    rita = world.actor("rita")

    def forgetful() -> None:
        with locked(case.reference, by=rita) as moved:
            move(moved, "deny", by=rita)
            moved.save()

    with pytest.raises(DatabaseError, match=NOT_LED_THERE):
        forgetful()
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW


def test_a_record_that_moves_nothing_fails_at_the_commit(world: World, case: Case) -> None:
    """The event is there, and the case was not written with it."""
    rita = world.actor("rita")

    def half() -> None:
        with locked(case.reference, by=rita) as moved:
            move(moved, "deny", by=rita)
            chain(moved, EventKind.DENIED, by=rita, from_state=State.IN_REVIEW).save()

    with pytest.raises(DatabaseError, match=NOT_AS_ITS_EVENTS):
        half()
    assert CaseEvent.objects.filter(case=case).count() == 2


def test_a_case_is_not_born_without_its_events(world: World, case: Case) -> None:
    copy = Case.objects.get(pk=world.case_in(State.WITHDRAWN).pk)
    copy.pk, copy.reference = None, "UB-0000-000X"
    with pytest.raises(DatabaseError, match=NOT_AS_ITS_EVENTS):
        copy.save(force_insert=True)
    assert not Case.objects.filter(reference="UB-0000-000X").exists()


def test_a_case_that_is_new_is_never_stored(case: Case) -> None:
    with pytest.raises(DatabaseError, match="new_is_never_stored"):
        Case.objects.create(
            subscription_id=case.subscription_id,
            customer_id=case.customer_id,
            submitted_by_id=case.submitted_by_id,
            submitted_at=timezone.now(),
            moved_at=timezone.now(),
            eligibility={},
            facts=[],
            policy_id=case.policy_id,
        )


def test_what_moves_by_the_rules_goes_through(world: World, case: Case) -> None:
    """The guard stops nobody who moves and records: also two moves in one transaction."""
    rita = world.actor("rita")
    with transaction.atomic():
        with locked(case.reference, by=rita) as moved:
            move(moved, "ask", by=rita)
            record(moved, EventKind.ASKED, by=rita)
        olive = world.actor("olive")
        with locked(case.reference, by=olive) as moved:
            move(moved, "answer", by=olive)
            record(moved, EventKind.ANSWERED, by=olive)
    assert Case.objects.get(pk=case.pk).version == 4


def test_the_guard_knows_the_moves_of_the_machine() -> None:
    """A new edge of the machine needs a migration; the last one that lists moves is held here."""
    guard = import_module("cases.migrations.0002_guard")
    transitions = Case._meta.get_field("state").get_all_transitions(Case)
    machine = {(str(each.source), str(each.target)) for each in transitions}
    assert set(guard.MOVES) == machine
    states = State.values
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a, b FROM unnest(%s::text[]) a, unnest(%s::text[]) b WHERE cases_is_move(a, b)",
            [states, states],
        )
        assert set(cursor.fetchall()) == machine


NOT_APPROVED = "starts without the approval of its case"
NOT_ENDED_SO = "ends with the event that ends it, and stays as it was"
NO_BAND = "is what its checks came to"


def exemption(case: str, about: str = "subscription_id", at: str = "moved_at", until: str = "NULL") -> str:
    """The SQL of an exemption of that case, all in order but for what is given."""
    return (
        "INSERT INTO cases_exemption (case_id, subscription_id, starts_at, ends_at)"  # noqa: S608  # our own values
        f" SELECT id, {about}, {at}, {until} FROM cases_case WHERE id = {case}"
    )


AN_HOUR_AGO = "now() - interval '1 hour'"
REFUSED_OF_THE_NETWORK = {
    "an exemption of a denied case": (exemption("{denied}"), NOT_APPROVED),
    "of one in review": (exemption("{open}"), NOT_APPROVED),
    "of one that is suspended": (exemption("{suspended}"), NOT_APPROVED),
    "of another subscription": (
        exemption("{approved}", about="(SELECT subscription_id FROM cases_case WHERE id = {denied})"),
        NOT_APPROVED,
    ),
    "from before the decision": (exemption("{approved}", at=AN_HOUR_AGO), NOT_APPROVED),
    "one that has ended": (exemption("{approved}", until="moved_at"), NOT_APPROVED),
    "a second one at the same time": (exemption("{approved}"), "one_exemption_at_a_time"),
    "one that is ended by nobody": (
        "UPDATE cases_exemption SET ends_at = now() WHERE case_id = {approved}",
        NOT_ENDED_SO,
    ),
    "one that runs on": (
        "UPDATE cases_exemption SET ends_at = NULL WHERE case_id = {suspended}",
        NOT_ENDED_SO,
    ),
    "one that ended earlier": (
        "UPDATE cases_exemption SET ends_at = starts_at WHERE case_id = {suspended}",
        NOT_ENDED_SO,
    ),
    "one that started earlier": (
        "UPDATE cases_exemption SET starts_at = now() - interval '1 hour' WHERE case_id = {approved}",
        NOT_ENDED_SO,
    ),
    "one that is given away": (
        "UPDATE cases_exemption SET subscription_id = (SELECT subscription_id FROM cases_case WHERE id = {denied})"
        " WHERE case_id = {approved}",
        NOT_ENDED_SO,
    ),
    "one of another case": (
        "UPDATE cases_exemption SET case_id = {denied} WHERE case_id = {approved}",
        NOT_ENDED_SO,
    ),
    "an exemption removed": ("DELETE FROM cases_exemption WHERE case_id = {approved}", APPEND_ONLY),
    "all exemptions removed": ("TRUNCATE cases_exemption", APPEND_ONLY),
    "a band before the checks": ("UPDATE cases_case SET band = 'low' WHERE id = {open}", NO_BAND),
    "a better band": ("UPDATE cases_case SET band = 'low' WHERE id = {checked}", NO_BAND),
    "a signal cleared": ("UPDATE cases_signalrow SET finding = 'clear'", APPEND_ONLY),
    "a signal removed": ("DELETE FROM cases_signalrow", APPEND_ONLY),
    "an ended round": ("UPDATE cases_checkround SET band = 'low', parts = '[]'", APPEND_ONLY),
    "a message changed": ("UPDATE cases_casemessage SET side = 'desk'", APPEND_ONLY),
    "a note removed": ("DELETE FROM cases_privatenote", APPEND_ONLY),
    "an attestation changed": ("UPDATE cases_attestation SET at = now()", APPEND_ONLY),
}


def test_what_the_network_obeys_follows_from_events_alone(world: World, case: Case) -> None:
    send_message(case.reference, by=world.actor("olive"), text="Hello.")
    write_note(case.reference, by=world.actor("rita"), text="Hm.")
    world.submitted_by_partner()
    ids = {
        "open": case.pk,
        "checked": world.case_in(State.IN_REVIEW).pk,
        "denied": Case.objects.get(state=State.DENIED).pk,
        "approved": world.case_in(State.APPROVED).pk,
        "suspended": world.case_in(State.SUSPENDED).pk,
    }
    kept = list(Exemption.objects.order_by("pk").values())
    assert refusals_missed(REFUSED_OF_THE_NETWORK, ids) == {}
    assert list(Exemption.objects.order_by("pk").values()) == kept


def test_a_case_is_not_approved_without_an_exemption_nor_left_with_one(
    world: World, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever moves it: the commit fails."""
    rita, checked = world.actor("rita"), world.checked(case)
    with monkeypatch.context() as forgetful:
        forgetful.setattr(reviewer, "_start_exemption", lambda case, at: None)
        with pytest.raises(DatabaseError, match="is approved, and 0 exemptions of it run"):
            reviewer.approve(checked.reference, APPROVAL, by=rita)
    approved = world.case_in(State.APPROVED)
    monkeypatch.setattr(reviewer, "_end_exemption", lambda case, at: None)
    with pytest.raises(DatabaseError, match="is suspended, and 1 exemptions of it run"):
        reviewer.suspend(approved.reference, REVOCATION, by=rita)
    assert Case.objects.get(pk=approved.pk).state == State.APPROVED
