"""Rounds of checks: started, ended run by run, ended at the deadline, run again; and what races do to them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cases.actions import customer, reviewer
from cases.actions.checks import end_overdue_rounds, end_round, end_run, start_checks
from cases.actors import SYSTEM
from cases.antifraud.registry import registry
from cases.antifraud.signals import Signal, Subject
from cases.digests import of_round
from cases.models import (
    Band,
    Case,
    CaseEvent,
    CaseTrait,
    CheckRound,
    CheckRun,
    EventKind,
    Finding,
    SignalRow,
    State,
    TraitKind,
)
from cases.proof import faults_of
from cases.refusals import Conflict, NotPermitted, NotThere
from cases.tasks import begin_checks
from outbox.models import Message
from subscriptions.policy.versions import policy_version
from tests.racing import at_once, overlapped
from tests.world import APPROVAL, World, make_world


def started(case: Case) -> CheckRound:
    """The round that the system opens as a review begins."""
    check_round = start_checks(case.reference, by=SYSTEM)
    assert check_round is not None
    return check_round


def runs(check_round: CheckRound) -> list[CheckRun]:
    return list(check_round.runs.order_by("check_slug"))


def signal(part: str, finding: Finding = Finding.CLEAR) -> Signal:
    return Signal(part, finding, f"{part} is {finding}.", "a test", timezone.now())


def kinds(case: Case) -> list[str]:
    return list(CaseEvent.objects.filter(case=case).values_list("kind", flat=True))


def stored(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


# --- starting ------------------------------------------------------------------------------------


def test_a_round_has_a_run_for_each_check_and_a_deadline(world: World) -> None:
    case = world.submitted()
    check_round = started(case)
    assert (check_round.number, check_round.started_by, check_round.ended_at) == (1, None, None)
    assert [run.check_slug for run in runs(check_round)] == sorted(registry())
    minutes = policy_version(case.policy_id).antifraud.deadline_minutes
    assert check_round.deadline_at == check_round.started_at + timedelta(minutes=minutes)
    event = CaseEvent.objects.get(case=case, kind=EventKind.CHECKS_STARTED)
    assert (event.data, event.from_state, event.to_state) == ({"round": 1}, "in_review", "in_review")
    (work,) = Message.objects.filter(topic="checks.run")
    assert work.payload["reference"] == case.reference


def test_what_ties_the_case_to_others_is_kept_as_it_is_now(world: World) -> None:
    world.knows(world.contoso, phone="+44 20 7946 0018", payment_fingerprint="fp_1")
    case = world.case_in(State.IN_REVIEW)
    world.knows(world.contoso, phone="", payment_fingerprint="fp_2")
    start_checks(case.reference, by=world.actor("rita"))
    assert set(CaseTrait.objects.filter(case=case).values_list("kind", "value")) == {
        (TraitKind.DOMAIN, "shop.example"),
        (TraitKind.ADDRESS, "203.0.113.7"),
        (TraitKind.CONTACT, "abuse@shop.example"),
        (TraitKind.PHONE, "+442079460018"),
        (TraitKind.PAYMENT, "fp_1"),
        (TraitKind.PAYMENT, "fp_2"),
    }


def test_one_review_starts_one_round_however_often_its_message_comes(world: World) -> None:
    case = world.submitted()
    (work,) = Message.objects.filter(topic="checks.start")
    begin_checks(work.payload)
    begin_checks(work.payload)
    end_round(case.reference, by=SYSTEM)
    begin_checks(work.payload)
    assert CheckRound.objects.filter(case=case).count() == 1
    assert stored(case).band


def test_a_question_that_comes_first_does_not_lose_the_round(world: World) -> None:
    case = world.submitted()
    reviewer.ask(case.reference, by=world.actor("rita"), text="To whom?")
    assert started(case).runs.count() == len(registry())


@pytest.mark.parametrize(
    "state", [State.WITH_PARTNER, State.APPROVED, State.DENIED, State.WITHDRAWN, State.REJECTED]
)
def test_what_is_not_reviewed_is_not_checked(world: World, state: State) -> None:
    case = world.case_in(state)
    before = kinds(case)
    assert start_checks(case.reference, by=SYSTEM) is None
    with pytest.raises(Conflict, match="Only a case in review is checked"):
        start_checks(case.reference, by=world.actor("rita"))
    assert kinds(case) == before


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("rita", None),
        ("sena", None),
        ("tied", NotPermitted),
        ("audrey", NotPermitted),
        ("olive", NotPermitted),
        ("opal", NotThere),
        ("petra", NotThere),
        ("mallory", NotThere),
        ("nora", NotThere),
    ],
)
def test_who_may_run_them_again(world: World, name: str, refusal: type[Exception] | None) -> None:
    case = world.case_in(State.IN_REVIEW)
    if refusal is None:
        again = start_checks(case.reference, by=world.actor(name))
        assert again is not None
        assert again.started_by == world.user(name)
    else:
        with pytest.raises(refusal):
            start_checks(case.reference, by=world.actor(name))
        assert CheckRound.objects.filter(case=case).count() == 1


def test_run_again_it_is_a_new_round_and_the_old_one_stays(world: World) -> None:
    case = world.case_in(State.IN_REVIEW)
    signals = SignalRow.objects.filter(run__round__case=case).order_by("id")
    before = list(CheckRound.objects.filter(case=case).values()), list(signals.values())
    rita = world.actor("rita")
    again = start_checks(case.reference, by=rita)
    assert again is not None
    assert again.number == 2
    assert stored(case).band == "", "until it has ended, nobody knows"
    with pytest.raises(Conflict, match="run already"):
        start_checks(case.reference, by=rita)
    for run in runs(again):
        end_run(run.pk, [signal("anything")])
    assert stored(case).band == Band.LOW
    first = CheckRound.objects.filter(case=case, number=1)
    assert (list(first.values()), list(signals.filter(run__round__number=1).values())) == before


# --- ending --------------------------------------------------------------------------------------


def test_the_last_run_ends_the_round_with_a_band_and_its_parts(world: World) -> None:
    case = world.submitted()
    check_round = started(case)
    first, *others, last = runs(check_round)
    part, weight = next(iter(registry()[first.check_slug].weights.items()))
    address = Subject(TraitKind.ADDRESS, "203.0.113.7")
    at = timezone.now()
    flagged = Signal(part, Finding.FLAGGED, "It is young.", "billing", at, address, {"days": 3})
    assert end_run(first.pk, [flagged])
    for run in others:
        assert end_run(run.pk, [signal("anything")])
    check_round.refresh_from_db()
    assert (check_round.ended_at, stored(case).band) == (None, "")
    assert end_run(last.pk, [])
    check_round.refresh_from_db()
    assert check_round.ended_at is not None
    assert check_round.parts == [
        {
            "check": first.check_slug,
            "part": part,
            "finding": "flagged",
            "weight": weight,
            "sentence": "It is young.",
        }
    ]
    assert stored(case).band == check_round.band in (Band.LOW, Band.ELEVATED)
    row = SignalRow.objects.get(run=first)
    assert (row.subject_kind, row.subject, row.evidence) == ("address", "203.0.113.7", {"days": 3})
    assert (row.weight, row.source, row.as_of) == (weight, "billing", at)
    event = CaseEvent.objects.get(case=case, kind=EventKind.CHECKS_ENDED)
    assert event.data == {"round": 1, "band": check_round.band, "found": of_round(check_round)}
    assert list(faults_of(stored(case))) == []


def test_a_check_that_failed_is_unknown_in_each_of_its_parts(world: World) -> None:
    case = world.submitted()
    account, *others = runs(started(case))
    assert account.check_slug == "account"
    for run in others:
        end_run(run.pk, [signal("anything")])
    assert end_run(account.pk, None, error="it failed (ZeroDivisionError)")
    account.refresh_from_db()
    assert account.error == "it failed (ZeroDivisionError)"
    rows = account.signals.all()
    assert {row.part for row in rows} == set(registry()["account"].weights)
    assert {row.finding for row in rows} == {Finding.UNKNOWN}
    assert "it failed" in rows[0].sentence
    assert stored(case).band == Band.INCOMPLETE, "unknown is never clear"


def test_a_check_that_the_code_no_longer_has_ends_as_well(world: World) -> None:
    check_round = started(world.submitted())
    CheckRun.objects.filter(round=check_round, check_slug="account").update(check_slug="retired")
    end_round(check_round.case.reference, by=SYSTEM)
    check_round.refresh_from_db()
    assert check_round.band == Band.INCOMPLETE
    assert SignalRow.objects.get(run__check_slug="retired").finding == Finding.UNKNOWN


def test_a_second_answer_is_dropped(world: World) -> None:
    case = world.submitted()
    check_round = started(case)
    run = runs(check_round)[0]
    assert end_run(run.pk, [signal("account_age")])
    assert not end_run(run.pk, [signal("account_age", Finding.FLAGGED)])
    assert not end_run(run.pk, None, error="too late")
    assert [row.finding for row in run.signals.all()] == [Finding.CLEAR]
    run.refresh_from_db()
    assert run.error == ""


def test_at_the_deadline_what_has_not_answered_is_unknown(world: World) -> None:
    case, other = world.submitted(), world.submitted()
    check_round, not_due = started(case), started(other)
    first, late, *_ = runs(check_round)
    end_run(first.pk, [signal("account_age")])
    CheckRound.objects.filter(pk=check_round.pk).update(deadline_at=timezone.now())
    assert end_overdue_rounds() == 1
    check_round.refresh_from_db()
    assert check_round.band == stored(case).band == Band.INCOMPLETE
    assert [row.finding for row in first.signals.all()] == [Finding.CLEAR]
    assert {row.finding for row in late.signals.all()} == {Finding.UNKNOWN}
    assert "did not answer in time" in late.signals.all()[0].sentence
    assert not end_run(late.pk, [signal("anything")]), "after the deadline it counts no more"
    assert {row.finding for row in late.signals.all()} == {Finding.UNKNOWN}
    assert end_overdue_rounds() == 0
    not_due.refresh_from_db()
    assert not_due.ended_at is None


def test_a_case_that_was_withdrawn_meanwhile_stays_so_and_its_round_ends(world: World) -> None:
    case = world.submitted()
    started(case)
    customer.withdraw(case.reference, by=world.actor("olive"))
    end_round(case.reference, by=SYSTEM)
    assert (stored(case).state, stored(case).band) == (State.WITHDRAWN, Band.INCOMPLETE)
    assert list(faults_of(stored(case))) == []


def test_ending_what_is_not_open_does_nothing(world: World) -> None:
    case = world.case_in(State.IN_REVIEW)
    before = kinds(case)
    end_round(case.reference, by=SYSTEM)
    assert kinds(case) == before


def test_a_sweep_that_comes_late_does_not_end_the_round_after(world: World) -> None:
    case = world.case_in(State.IN_REVIEW)
    again = started(case)
    end_round(case.reference, by=SYSTEM, number=again.number - 1)
    again.refresh_from_db()
    assert again.ended_at is None


@pytest.mark.parametrize(("name", "refusal"), [("sena", NotPermitted), ("mallory", NotThere)])
def test_no_person_ends_a_round(world: World, name: str, refusal: type[Exception]) -> None:
    case = world.submitted()
    started(case)
    with pytest.raises(refusal):
        end_round(case.reference, by=world.actor(name))
    assert stored(case).band == ""


# --- what may follow -----------------------------------------------------------------------------


def test_before_the_checks_have_ended_nobody_approves(world: World) -> None:
    case, rita = world.submitted(), world.actor("rita")
    with pytest.raises(Conflict, match="checks of this case have not ended") as refused:
        reviewer.approve(case.reference, APPROVAL, by=rita)
    assert refused.value.reference == case.reference
    started(case)
    with pytest.raises(Conflict, match="checks of this case have not ended"):
        reviewer.approve(case.reference, APPROVAL, by=rita)
    assert stored(case).state == State.IN_REVIEW
    end_round(case.reference, by=SYSTEM)
    assert reviewer.approve(case.reference, APPROVAL, by=rita).state == State.APPROVED


def test_whoever_looked_before_they_ended_looks_again(world: World) -> None:
    case = world.submitted()
    started(case)
    seen = stored(case).version
    end_round(case.reference, by=SYSTEM)
    with pytest.raises(Conflict, match="has changed since you looked"):
        reviewer.approve(case.reference, APPROVAL, by=world.actor("rita"), seen=seen)


# --- at once, on real connections ----------------------------------------------------------------


@pytest.fixture
def committed(transactional_db: None) -> World:
    """The cast, committed."""
    return make_world()


@pytest.fixture
def running(committed: World) -> CheckRound:
    """A round with two runs left."""
    check_round = started(committed.submitted())
    for run in runs(check_round)[2:]:
        end_run(run.pk, [])
    return check_round


def ends(check_round: CheckRound) -> int:
    return CaseEvent.objects.filter(case_id=check_round.case_id, kind=EventKind.CHECKS_ENDED).count()


def test_the_last_two_at_once_end_it_once(running: CheckRound) -> None:
    one, two = runs(running)[:2]
    assert overlapped(lambda: end_run(one.pk, []), lambda: end_run(two.pk, [])) == (True, True)
    running.refresh_from_db()
    assert running.ended_at is not None
    assert ends(running) == 1
    assert stored(running.case).band == Band.LOW


def test_one_run_answered_by_two_workers_counts_once(running: CheckRound) -> None:
    run = runs(running)[0]
    assert sorted(map(bool, at_once(lambda: end_run(run.pk, [signal("account_age")]), 4))) == [
        False,
        False,
        False,
        True,
    ]
    assert run.signals.count() == 1


def test_a_deadline_beside_the_last_answers(running: CheckRound) -> None:
    one, two = runs(running)[:2]
    end_run(one.pk, [])
    reference = running.case.reference
    _, answered = overlapped(lambda: end_round(reference, by=SYSTEM), lambda: end_run(two.pk, []))
    assert answered is False
    assert ends(running) == 1
    assert {row.finding for row in two.signals.all()} == {Finding.UNKNOWN}


def test_two_who_run_them_again_at_once_start_one_round(running: CheckRound) -> None:
    reference = running.case.reference
    end_round(reference, by=SYSTEM)
    answers = at_once(lambda: start_checks(reference, by=SYSTEM), 4)
    assert len([each for each in answers if isinstance(each, CheckRound)]) == 1
    assert CheckRound.objects.filter(case=running.case).count() == 2


def test_an_approval_waits_for_a_round_that_starts_and_is_refused(committed: World) -> None:
    reference = committed.case_in(State.IN_REVIEW).reference
    again, approved = overlapped(
        lambda: start_checks(reference, by=committed.actor("rita")),
        lambda: reviewer.approve(reference, APPROVAL, by=committed.actor("remy")),
    )
    assert isinstance(again, CheckRound)
    assert isinstance(approved, Conflict)
    assert "have not ended" in approved.message
