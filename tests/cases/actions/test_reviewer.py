"""What reviewers do: ask, decide, suspend, resume, revoke, clear a flag. Each does it, records it, refuses, races."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from cases.actions import conversation, customer, reviewer
from cases.actions.reviewer import Verdict, draft_verdict
from cases.actions.system import note_offer_changes
from cases.actors import Actor
from cases.models import (
    Case,
    CaseEvent,
    CaseMessage,
    Decision,
    EventKind,
    Exemption,
    Flag,
    PrivateNote,
    ReasonCode,
    State,
    Verb,
)
from cases.refusals import Conflict, Invalid, NotPermitted, NotThere, Refusal
from subscriptions.models import CustomerMember, OfferChange, Role, Subscription, SubscriptionState
from tests.cases.views.checking import Find, ended, found, quiet
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


@pytest.mark.parametrize(
    ("verdict", "field"),
    [
        (Verdict([]), "reasons"),
        (Verdict(["relay_would_do"]), "reasons"),  # for denying
        (Verdict(["no_such_code"]), "reasons"),
        (replace(APPROVAL, text="x" * 5001), "text"),
        (replace(APPROVAL, text="a\0b"), "text"),
        (replace(APPROVAL, private_note="x" * 5001), "private_note"),
    ],
)
def test_a_bad_verdict_names_its_field_and_decides_nothing(
    world: World, verdict: Verdict, field: str
) -> None:
    case = world.case_in(State.IN_REVIEW)
    with pytest.raises(Invalid) as refused:
        reviewer.approve(case.reference, verdict, by=world.actor("rita"))
    assert list(refused.value.errors) == [field]
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW
    assert not _is_exempt(case)


def test_a_retired_reason_is_not_cited(world: World) -> None:
    ReasonCode.objects.filter(code="direct_sending_justified").update(is_active=False)
    with pytest.raises(Invalid):
        reviewer.approve(world.checked(world.submitted()).reference, APPROVAL, by=world.actor("rita"))


def test_reasons_stand_in_the_order_of_the_list(world: World) -> None:
    case = world.case_in(State.IN_REVIEW)
    verdict = Verdict(["trust_checks_not_passed", "relay_would_do"])
    reviewer.deny(case.reference, verdict, by=world.actor("rita"))
    assert Decision.objects.get(case=case).reasons == ["relay_would_do", "trust_checks_not_passed"]


def _asked_and_answered(world: World) -> Case:
    case = world.case_in(State.AWAITING_ANSWER)
    return customer.answer(case.reference, by=world.actor("olive"), text="To our members.")


SOME_ALONE: dict[str, tuple[Callable[[World], Case], ...]] = {
    "partner_vouched": (World.submitted_by_partner,),
    "data_clarified": (lambda world: world.submitted(world.subscription(UNHEARD_OF)), _asked_and_answered),
    "no_answer": (_asked_and_answered,),
}


@pytest.mark.parametrize("code", SOME_ALONE)
def test_a_reason_that_cannot_be_true_of_the_case_is_refused(world: World, code: str) -> None:
    act = reviewer.deny if code == "no_answer" else reviewer.approve
    verdict, rita = Verdict([code], private_note="Known to us."), world.actor("rita")
    with pytest.raises(Invalid, match="Choose another reason"):
        act(world.checked(world.submitted()).reference, verdict, by=rita)
    for bring in SOME_ALONE[code]:
        act(world.checked(bring(world)).reference, verdict, by=rita)


@pytest.mark.parametrize(("find", "is_needed"), [(None, True), (found, True), (quiet, False)])
def test_an_approval_against_the_checks_says_why(world: World, find: Find | None, is_needed: bool) -> None:
    case = ended(world.submitted(), find) if find else world.checked(world.submitted())
    plain, rita = Verdict(APPROVAL.reasons, private_note=" "), world.actor("rita")
    if is_needed:
        with pytest.raises(Invalid) as refused:
            reviewer.approve(case.reference, plain, by=rita)
        assert list(refused.value.errors) == ["private_note"]
    verdict = APPROVAL if is_needed else plain
    assert reviewer.approve(case.reference, verdict, by=rita).state == State.APPROVED


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


def _out_of_policy(world: World) -> Case:
    """An exempt case whose offer an import changed to one that the policy never exempts."""
    case = world.case_in(State.APPROVED)
    Subscription.objects.filter(pk=case.subscription_id).update(offer_id=FREE_TRIAL)
    OfferChange.objects.create(
        subscription=case.subscription, before={"offer_id": "MS-AZR-0003P"}, after={"offer_id": FREE_TRIAL}
    )
    assert note_offer_changes() == 1
    return Case.objects.get(pk=case.pk)


def test_clearing_a_flag_takes_a_reason_and_leaves_the_case_as_it_is(world: World) -> None:
    case, rita = _out_of_policy(world), world.actor("rita")
    assert case.flag == Flag.OUT_OF_POLICY
    with pytest.raises(Invalid):
        reviewer.clear_flag(case.reference, by=rita, text=" ")
    reviewer.clear_flag(case.reference, by=rita, text="A merger; the old contract holds.", seen=case.version)
    stored = Case.objects.get(pk=case.pk)
    assert (stored.flag, stored.state) == ("", State.APPROVED)
    event = CaseEvent.objects.get(case=case, seq=stored.version)
    assert (event.kind, event.data["why"]) == (EventKind.FLAG_CLEARED, "A merger; the old contract holds.")
    with pytest.raises(Conflict, match="not flagged"):
        reviewer.clear_flag(case.reference, by=rita, text="Again.")


@pytest.mark.parametrize("who", ["tied", "audrey", "olive"])
def test_who_may_not_clear_a_flag(world: World, who: str) -> None:
    case = _out_of_policy(world)
    with pytest.raises(NotPermitted):
        reviewer.clear_flag(case.reference, by=world.actor(who), text="Fine by me.")


def test_what_somebody_looked_at_is_not_flagged_again(world: World) -> None:
    from cases.details import RequestDetails

    subscription = world.subscription(FREE_TRIAL)
    details = RequestDetails(data_claim="We pay since May.")
    case = customer.ask_to_lift(subscription.pk, details, by=world.actor("olive"))
    assert case.flag == Flag.DATA_DISPUTED
    reviewer.reopen(case.reference, by=world.actor("rita"), text="Checked with billing.")
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.flag) == (State.REJECTED, "")


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
