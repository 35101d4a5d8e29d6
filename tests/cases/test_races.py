"""Two at once: one wins, the other is told who did, and what must never stand side by side never does."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.db import transaction

from cases.actions.customer import answer, ask_to_lift, withdraw
from cases.actions.partner import decline, vouch
from cases.actions.reviewer import approve, ask, deny, reopen, resume, revoke, suspend
from cases.actions.system import note_offer_changes
from cases.models import EXEMPT_STATES, OPEN_STATES, Case, Exemption, Flag, State
from cases.proof import faults_of
from cases.refusals import Conflict, Refusal
from subscriptions.models import OfferChange, Subscription
from tests.racing import at_once, overlapped
from tests.world import (
    APPROVAL,
    ATTESTATION,
    DECLINED,
    DENIAL,
    DETAILS,
    FREE_TRIAL,
    PAY_AS_YOU_GO,
    RESUMPTION,
    REVOCATION,
    World,
    make_world,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    """The cast, committed, so that other connections see it."""
    return make_world()


@pytest.fixture(autouse=True)
def _nothing_is_wrong_afterwards(world: World) -> Iterator[None]:
    """Whatever raced: every ledger verifies, and no subscription is both open and exempt, or twice either."""
    yield
    for case in Case.objects.all():
        assert list(faults_of(case)) == []
    for subscription in Subscription.objects.all():
        standing = Case.objects.filter(subscription=subscription, state__in=(*OPEN_STATES, *EXEMPT_STATES))
        assert standing.count() <= 1
        exempt = Case.objects.filter(subscription=subscription, state=State.APPROVED).exists()
        assert Exemption.objects.filter(subscription=subscription, ends_at=None).count() == exempt


def change_offer(subscription_id: UUID, offer_id: str) -> None:
    """What an import writes."""
    with transaction.atomic():
        Subscription.objects.filter(pk=subscription_id).update(offer_id=offer_id)
        OfferChange.objects.create(
            subscription_id=subscription_id, before={"offer_id": PAY_AS_YOU_GO}, after={"offer_id": offer_id}
        )


def send(world: World, subscription_id: UUID, key: str = "", by: str = "olive") -> Callable[[], Case]:
    """A request, ready to be sent."""
    actor = world.actor(by)
    return lambda: ask_to_lift(subscription_id, DETAILS, by=actor, idempotency_key=key)


# --- submitting -----------------------------------------------------------------------------------


def test_one_of_two_posts_makes_the_case(world: World) -> None:
    subscription = world.subscription().pk
    first, second = overlapped(send(world, subscription), send(world, subscription, by="conrad"))
    assert isinstance(first, Case)
    assert isinstance(second, Conflict)
    assert second.reference == first.reference
    assert Case.objects.count() == 1


def test_one_of_many_posts_makes_the_case(world: World) -> None:
    answers = at_once(send(world, world.subscription().pk), 8)
    (case,) = [each for each in answers if isinstance(each, Case)]
    assert {each.reference for each in answers if isinstance(each, Conflict)} == {case.reference}
    assert Case.objects.count() == 1


@pytest.mark.parametrize("offer_id", [PAY_AS_YOU_GO, FREE_TRIAL])
def test_a_key_replays_to_all_who_come_at_once(world: World, offer_id: str) -> None:
    answers = at_once(send(world, world.subscription(offer_id).pk, "k-1"), 8)
    assert {each.pk if isinstance(each, Case) else each for each in answers} == {Case.objects.get().pk}


def test_a_rejection_that_is_asked_for_at_once_is_put_on_record_once(world: World) -> None:
    answers = at_once(send(world, world.subscription(FREE_TRIAL).pk), 6)
    assert {each.pk if isinstance(each, Case) else each for each in answers} == {Case.objects.get().pk}


def test_one_key_at_once_for_two_subscriptions(world: World) -> None:
    one, other = world.subscription().pk, world.subscription().pk
    first, second = overlapped(send(world, one, "k-1"), send(world, other, "k-1"))
    assert isinstance(first, Case)
    assert isinstance(second, Conflict)
    assert (second.status, second.reference) == (409, first.reference)
    assert Case.objects.count() == 1


def test_two_equal_references_are_told_apart(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random numbers may meet: the second is drawn again."""
    drawn = iter(["UB-0000-000X", "UB-0000-000X", world.submitted().reference, "UB-7K3M-92QX"])
    monkeypatch.setattr("cases.actions.submission.new_reference", lambda: next(drawn))
    assert send(world, world.subscription().pk)().reference == "UB-0000-000X"
    assert send(world, world.subscription().pk)().reference == "UB-7K3M-92QX"


def test_a_request_beside_an_approval_finds_the_subscription_exempt(world: World) -> None:
    case, rita = world.case_in(State.IN_REVIEW), world.actor("rita")
    approved, asked = overlapped(
        lambda: approve(case.reference, APPROVAL, by=rita), send(world, case.subscription_id)
    )
    assert isinstance(approved, Case)
    assert isinstance(asked, Case)
    assert (approved.state, asked.state) == (State.APPROVED, State.NOT_NEEDED)


def test_a_request_beside_a_denial_finds_the_way_free(world: World) -> None:
    case, rita = world.submitted(), world.actor("rita")
    denied, asked = overlapped(
        lambda: deny(case.reference, DENIAL, by=rita), send(world, case.subscription_id)
    )
    assert isinstance(denied, Case)
    assert isinstance(asked, Case)
    assert asked.state == State.IN_REVIEW


# --- one verb beside another ----------------------------------------------------------------------

Verb = Callable[[str, World], Case]
VERBS: dict[str, Verb] = {
    "approve": lambda ref, world: approve(ref, APPROVAL, by=world.actor("rita")),
    "approve again": lambda ref, world: approve(ref, APPROVAL, by=world.actor("remy")),
    "deny": lambda ref, world: deny(ref, DENIAL, by=world.actor("remy")),
    "ask": lambda ref, world: ask(ref, by=world.actor("remy"), text="To whom?"),
    "ask again": lambda ref, world: ask(ref, by=world.actor("rita"), text="Why?"),
    "answer": lambda ref, world: answer(ref, by=world.actor("olive"), text="To buyers."),
    "answer again": lambda ref, world: answer(ref, by=world.actor("conrad"), text="To all."),
    "withdraw": lambda ref, world: withdraw(ref, by=world.actor("olive")),
    "suspend": lambda ref, world: suspend(ref, REVOCATION, by=world.actor("rita")),
    "revoke": lambda ref, world: revoke(ref, REVOCATION, by=world.actor("sena")),
    "revoke again": lambda ref, world: revoke(ref, REVOCATION, by=world.actor("sena")),
    "resume": lambda ref, world: resume(ref, RESUMPTION, by=world.actor("rita")),
    "reopen": lambda ref, world: reopen(ref, by=world.actor("rita"), text="Wrong offer."),
    "reopen again": lambda ref, world: reopen(ref, by=world.actor("remy"), text="Wrong offer."),
    "vouch": lambda ref, world: vouch(ref, ATTESTATION, by=world.actor("petra")),
    "decline": lambda ref, world: decline(ref, DECLINED, by=world.actor("petra")),
}


@pytest.mark.parametrize(
    ("state", "winner", "loser"),
    [
        (State.IN_REVIEW, "approve", "withdraw"),
        (State.IN_REVIEW, "withdraw", "approve"),
        (State.IN_REVIEW, "approve", "approve again"),
        (State.IN_REVIEW, "approve", "deny"),
        (State.IN_REVIEW, "deny", "approve"),
        (State.IN_REVIEW, "ask", "ask again"),
        (State.AWAITING_ANSWER, "answer", "answer again"),
        (State.AWAITING_ANSWER, "withdraw", "answer"),
        (State.WITH_PARTNER, "vouch", "decline"),
        (State.WITH_PARTNER, "withdraw", "vouch"),
        (State.APPROVED, "revoke", "suspend"),
        (State.APPROVED, "revoke", "revoke again"),
        (State.SUSPENDED, "revoke", "resume"),
    ],
)
def test_one_wins_and_the_other_is_told(world: World, state: State, winner: str, loser: str) -> None:
    case = world.case_in(state)
    before = Case.objects.get(pk=case.pk).version
    first, second = overlapped(
        lambda: VERBS[winner](case.reference, world), lambda: VERBS[loser](case.reference, world)
    )
    assert isinstance(first, Case), first
    assert isinstance(second, Conflict), second
    assert second.reference == case.reference
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.version) == (first.state, before + 1)


def test_approved_by_many_at_once_there_is_one_exemption(world: World) -> None:
    case, rita = world.case_in(State.IN_REVIEW), world.actor("rita")
    answers = at_once(lambda: approve(case.reference, APPROVAL, by=rita), 6)
    assert len([each for each in answers if isinstance(each, Case)]) == 1
    assert len([each for each in answers if isinstance(each, Conflict)]) == 5
    assert Exemption.objects.count() == 1


# --- reopening beside a new request ---------------------------------------------------------------


@pytest.fixture
def rejected(world: World) -> Case:
    """A case that was rejected for an offer that was wrong."""
    case = world.submitted(world.subscription(FREE_TRIAL))
    Subscription.objects.filter(pk=case.subscription_id).update(offer_id=PAY_AS_YOU_GO)
    return case


def test_a_new_request_waits_for_the_reopening_and_finds_its_case_open(world: World, rejected: Case) -> None:
    first, second = overlapped(
        lambda: VERBS["reopen"](rejected.reference, world), send(world, rejected.subscription_id)
    )
    assert isinstance(first, Case)
    assert isinstance(second, Conflict)
    assert second.reference == rejected.reference


def test_the_reopening_waits_for_a_new_request_and_finds_its_case_open(world: World, rejected: Case) -> None:
    first, second = overlapped(
        send(world, rejected.subscription_id), lambda: VERBS["reopen"](rejected.reference, world)
    )
    assert isinstance(first, Case)
    assert isinstance(second, Conflict)
    assert second.reference == first.reference
    assert Case.objects.get(pk=rejected.pk).state == State.REJECTED


# --- an import beside a decision ------------------------------------------------------------------


def flag_of(case: Case) -> str:
    """After the sweep that follows an import."""
    note_offer_changes()
    return Case.objects.get(pk=case.pk).flag


@pytest.mark.parametrize(("state", "verb"), [(State.IN_REVIEW, "approve"), (State.SUSPENDED, "resume")])
def test_an_approval_waits_for_the_import_and_judges_by_what_it_wrote(
    world: World, state: State, verb: str
) -> None:
    case = world.case_in(state)
    _, approved = overlapped(
        lambda: change_offer(case.subscription_id, FREE_TRIAL), lambda: VERBS[verb](case.reference, world)
    )
    assert isinstance(approved, Refusal)
    assert "facts have changed" in approved.message
    assert Case.objects.get(pk=case.pk).state == state


def test_an_import_waits_for_the_approval_and_its_change_is_flagged(world: World) -> None:
    case = world.case_in(State.IN_REVIEW)
    approved, _ = overlapped(
        lambda: VERBS["approve"](case.reference, world),
        lambda: change_offer(case.subscription_id, FREE_TRIAL),
    )
    assert isinstance(approved, Case)
    assert flag_of(case) == Flag.OUT_OF_POLICY
    assert Case.objects.get(pk=case.pk).state == State.APPROVED


def test_a_sweep_beside_an_approval_misses_nothing(world: World) -> None:
    """The change is there before the approval looks, and the sweep looks before the approval is there."""
    case = world.case_in(State.IN_REVIEW)
    change_offer(case.subscription_id, FREE_TRIAL)
    refused, _ = overlapped(lambda: VERBS["approve"](case.reference, world), note_offer_changes)
    assert isinstance(refused, Conflict)
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW
