"""What reviewers do: ask, decide, suspend, resume, revoke. Each does it, records it, refuses, races."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from cases.actions import conversation, customer, reviewer
from cases.actions.reviewer import Verdict, draft_verdict
from cases.actors import Actor
from cases.models import (
    Case,
    CaseEvent,
    CaseMessage,
    Decision,
    EventKind,
    Exemption,
    PrivateNote,
    State,
    Verb,
)
from cases.refusals import Conflict, Invalid, NotPermitted, NotThere, Refusal
from subscriptions.models import CustomerMember, Role, Subscription, SubscriptionState
from tests.racing import together
from tests.world import (
    APPROVAL,
    BEFORE,
    DENIAL,
    FREE_TRIAL,
    RESUMPTION,
    REVOCATION,
    UNHEARD_OF,
    World,
    make_world,
)

Decide = Callable[..., Case]
DECISIONS: dict[str, tuple[State, Decide, Verdict, str, State, EventKind, bool]] = {
    "approve": (
        State.IN_REVIEW,
        reviewer.approve,
        APPROVAL,
        "rita",
        State.APPROVED,
        EventKind.APPROVED,
        True,
    ),
    "deny": (State.IN_REVIEW, reviewer.deny, DENIAL, "rita", State.DENIED, EventKind.DENIED, False),
    "suspend": (
        State.APPROVED,
        reviewer.suspend,
        REVOCATION,
        "remy",
        State.SUSPENDED,
        EventKind.SUSPENDED,
        False,
    ),
    "resume": (State.SUSPENDED, reviewer.resume, RESUMPTION, "rita", State.APPROVED, EventKind.RESUMED, True),
    "revoke": (State.APPROVED, reviewer.revoke, REVOCATION, "sena", State.REVOKED, EventKind.REVOKED, False),
}
"""From where, how, with what and by whom, to where, recorded as what, and whether exempt afterwards."""


def _kinds(case: Case) -> list[str]:
    return list(CaseEvent.objects.filter(case=case).order_by("seq").values_list("kind", flat=True))


def _is_exempt(case: Case) -> bool:
    return Exemption.objects.filter(subscription=case.subscription_id, ends_at=None).exists()


@pytest.mark.parametrize("verb", DECISIONS)
def test_a_decision_moves_is_recorded_and_has_its_effect(world: World, verb: str) -> None:
    start, act, verdict, who, end, kind, is_exempt = DECISIONS[verb]
    case = world.case_in(start)
    act(case.reference, verdict, by=world.actor(who))
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.due_at, stored.due_left) == (end, None, None)
    assert stored.version == case.version + 1
    event = CaseEvent.objects.get(case=case, seq=stored.version)
    assert (event.kind, event.actor, event.side) == (kind, world.user(who), "desk")
    decision = Decision.objects.filter(case=case).latest("id")
    assert (decision.verb, decision.reasons, decision.made_by) == (verb, verdict.reasons, world.user(who))
    assert decision.private_note == verdict.private_note
    assert _is_exempt(case) is is_exempt
    call_command("verify_ledger", verbosity=0)


@pytest.mark.parametrize("verb", DECISIONS)
def test_the_draft_is_the_notice_that_is_stored(world: World, verb: str) -> None:
    start, act, verdict, who, *_ = DECISIONS[verb]
    case, by = world.case_in(start), world.actor(who)
    verdict = replace(verdict, text="  Words of our own.  ", private_note="Not for them.")
    drafted = draft_verdict(case, Verb(verb), verdict, by=by, at=timezone.now()).notice
    act(case.reference, verdict, by=by)
    stored = Decision.objects.filter(case=case).latest("id").notice
    assert {**stored, "since": ""} == {**drafted, "since": ""}
    assert stored["text"] == "Words of our own."
    assert "Not for them" not in str(stored)


def test_an_exemption_is_of_one_subscription_alone(world: World) -> None:
    case, other = world.case_in(State.APPROVED), world.subscription()
    assert _is_exempt(case)
    assert not Exemption.objects.filter(subscription=other).exists()


@pytest.mark.parametrize("verb", DECISIONS)
@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("tied", NotPermitted),  # a senior who belongs to the customer
        ("audrey", NotPermitted),
        ("olive", NotPermitted),
        ("mallory", NotThere),
        ("opal", NotThere),
        ("nora", NotThere),
    ],
)
def test_who_may_not_decide(world: World, verb: str, who: str, refusal: type[Refusal]) -> None:
    start, act, verdict, *_ = DECISIONS[verb]
    case = world.case_in(start)
    with pytest.raises(refusal):
        act(case.reference, verdict, by=world.actor(who), seen=1)
    assert Case.objects.get(pk=case.pk).version == case.version


def test_who_submitted_does_not_decide(world: World) -> None:
    """Not even when they have left the customer since."""
    member = CustomerMember.objects.create(
        user=world.user("rita"), customer=world.contoso, role=Role.CONTRIBUTOR
    )
    case = world.submitted(by="rita")
    member.delete()
    with pytest.raises(NotPermitted):
        reviewer.approve(case.reference, APPROVAL, by=world.actor("rita"))


def test_only_a_senior_revokes(world: World) -> None:
    case = world.case_in(State.APPROVED)
    with pytest.raises(NotPermitted):
        reviewer.revoke(case.reference, REVOCATION, by=world.actor("rita"))
    assert _is_exempt(case)


@pytest.mark.parametrize("verb", DECISIONS)
def test_the_second_decision_is_told_that_somebody_was_first(world: World, verb: str) -> None:
    start, act, verdict, who, end, *_ = DECISIONS[verb]
    case, by = world.case_in(start), world.actor(who)
    act(case.reference, verdict, by=by)
    with pytest.raises(Conflict) as refused:
        act(case.reference, verdict, by=by)
    assert refused.value.reference == case.reference
    assert end.label.lower() in refused.value.message


TEXTS: dict[str, tuple[State, Callable[..., Any]]] = {
    "ask": (State.IN_REVIEW, reviewer.ask),
    "reopen": (State.REJECTED, reviewer.reopen),
}


def _acts_on(world: World, verb: str) -> tuple[Case, Callable[[int | None], Any]]:
    """A case, and the verb on it by who may take it, as seen at some version."""
    if verb in TEXTS:
        start, write = TEXTS[verb]
        case = world.case_in(start)
        return case, lambda seen: write(case.reference, by=world.actor("rita"), text="Why?", seen=seen)
    start, act, verdict, who, *_ = DECISIONS[verb]
    case = world.case_in(start)
    return case, lambda seen: act(case.reference, verdict, by=world.actor(who), seen=seen)


@pytest.mark.parametrize("verb", [*DECISIONS, *TEXTS])
def test_what_changed_since_it_was_seen_is_not_decided(world: World, verb: str) -> None:
    case, act = _acts_on(world, verb)
    conversation.send_message(case.reference, by=world.actor("olive"), text="One more thing.")
    with pytest.raises(Conflict, match="changed since you looked"):
        act(case.version)
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.version) == (case.state, case.version + 1)
    act(stored.version)
    assert Case.objects.get(pk=case.pk).state != case.state or verb == "reopen"


def test_what_the_facts_came_to_forbid_is_not_approved(world: World) -> None:
    case = world.checked(world.submitted(world.subscription(UNHEARD_OF)))
    assert case.outcome == "cannot_tell"
    Subscription.objects.filter(pk=case.subscription_id).update(offer_id=FREE_TRIAL)
    with pytest.raises(Conflict, match="never"):
        reviewer.approve(case.reference, APPROVAL, by=world.actor("rita"))
    assert not _is_exempt(case)
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW


def test_what_is_not_blocked_is_not_denied(world: World) -> None:
    case = world.submitted()
    Subscription.objects.filter(pk=case.subscription_id).update(created_at=BEFORE)
    with pytest.raises(Conflict):
        reviewer.deny(case.reference, DENIAL, by=world.actor("rita"))
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW


@pytest.mark.parametrize("verb", ["approve", "resume"])
@pytest.mark.parametrize("change", ["deleted", "sold"])
def test_no_exemption_for_what_is_gone_or_somebody_elses(world: World, verb: str, change: str) -> None:
    start, act, verdict, who, *_ = DECISIONS[verb]
    case = world.case_in(start)
    rows = Subscription.objects.filter(pk=case.subscription_id)
    if change == "deleted":
        rows.update(state=SubscriptionState.DELETED)
    else:
        rows.update(customer=world.fabrikam)
    with pytest.raises(Conflict):
        act(case.reference, verdict, by=world.actor(who))
    assert not _is_exempt(case)


def test_asking_stops_the_clock_and_the_answer_starts_it_again(world: World) -> None:
    case = world.case_in(State.IN_REVIEW)
    reviewer.ask(case.reference, by=world.actor("rita"), text="To whom?")
    asked = Case.objects.get(pk=case.pk)
    assert (asked.state, asked.due_at) == (State.AWAITING_ANSWER, None)
    assert asked.due_left is not None
    customer.answer(case.reference, by=world.actor("olive"), text="To our own customers.")
    answered = Case.objects.get(pk=case.pk)
    assert answered.state == State.IN_REVIEW
    assert answered.due_at is not None
    assert list(CaseMessage.objects.filter(case=case).order_by("pk").values_list("kind", "side")) == [
        ("question", "desk"),
        ("answer", "customer"),
    ]


@pytest.mark.parametrize("text", ["", " \n ", "x" * 5001, "a\0b"])
def test_a_question_says_something(world: World, text: str) -> None:
    case = world.case_in(State.IN_REVIEW)
    with pytest.raises(Invalid) as refused:
        reviewer.ask(case.reference, by=world.actor("rita"), text=text)
    assert list(refused.value.errors) == ["text"]
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW


@pytest.mark.parametrize("who", ["tied", "audrey", "olive"])
def test_who_may_not_write_notes(world: World, who: str) -> None:
    case = world.case_in(State.IN_REVIEW)
    with pytest.raises(NotPermitted):
        conversation.write_note(case.reference, by=world.actor(who), text="Hm.")
    assert not PrivateNote.objects.exists()


def test_each_decision_is_kept_with_what_it_was(world: World) -> None:
    """The verbs that decide leave one decision each, by whoever took it."""
    olive, rita, sena = world.actor("olive"), world.actor("rita"), world.actor("sena")
    reference = world.case_in(State.IN_REVIEW).reference
    reviewer.approve(reference, APPROVAL, by=rita)
    reviewer.suspend(reference, REVOCATION, by=rita)
    reviewer.resume(reference, RESUMPTION, by=sena)
    reviewer.revoke(reference, REVOCATION, by=sena)
    decisions = Case.objects.get(reference=reference).decisions.order_by("id")
    assert list(decisions.values_list("verb", "made_by_id", "is_automated")) == [
        (Verb.APPROVE, rita.user_id, False),
        (Verb.SUSPEND, rita.user_id, False),
        (Verb.RESUME, sena.user_id, False),
        (Verb.REVOKE, sena.user_id, False),
    ]
    assert olive.user_id not in decisions.values_list("made_by_id", flat=True)


def _job(act: Decide, case: Case, verdict: Verdict, by: Actor) -> Callable[[], Case]:
    return lambda: act(case.reference, verdict, by=by, seen=case.version)


@pytest.mark.usefixtures("transactional_db")
def test_two_who_decide_at_once_have_one_effect() -> None:
    world = make_world()
    case, rita, remy = world.case_in(State.IN_REVIEW), world.actor("rita"), world.actor("remy")
    told = together(
        _job(reviewer.approve, case, APPROVAL, rita),
        _job(reviewer.deny, case, DENIAL, remy),
        _job(reviewer.approve, case, APPROVAL, remy),
        _job(reviewer.deny, case, DENIAL, rita),
    )
    assert sorted(type(each).__name__ for each in told) == ["Case", "Conflict", "Conflict", "Conflict"]
    stored = Case.objects.get(pk=case.pk)
    assert Decision.objects.filter(case=case).count() == 1
    assert stored.version == case.version + 1
    assert _is_exempt(case) is (stored.state == State.APPROVED)
    call_command("verify_ledger", verbosity=0)


@pytest.mark.usefixtures("transactional_db")
def test_suspending_and_revoking_at_once_ends_the_exemption_once() -> None:
    world = make_world()
    case = world.case_in(State.APPROVED)
    told = together(
        _job(reviewer.suspend, case, REVOCATION, world.actor("rita")),
        _job(reviewer.revoke, case, REVOCATION, world.actor("sena")),
    )
    assert sorted(type(each).__name__ for each in told) == ["Case", "Conflict"]
    assert not _is_exempt(case)
    assert Exemption.objects.filter(case=case).count() == 1


@pytest.mark.usefixtures("transactional_db")
def test_a_request_that_is_withdrawn_at_once_is_decided_or_withdrawn_never_both() -> None:
    world = make_world()
    case = world.case_in(State.IN_REVIEW)
    told = together(
        _job(reviewer.approve, case, APPROVAL, world.actor("rita")),
        lambda: customer.withdraw(case.reference, by=world.actor("olive")),
    )
    assert sorted(type(each).__name__ for each in told) == ["Case", "Conflict"]
    stored = Case.objects.get(pk=case.pk)
    assert _is_exempt(case) is (stored.state == State.APPROVED)
    assert stored.version == case.version + 1
