"""Exemptions: of one subscription, from the decision on, until it is suspended or revoked."""

import pytest

from cases.actions.customer import ask_to_lift
from cases.actions.reviewer import approve, deny, resume, revoke, suspend
from cases.machine import verbs_of
from cases.models import Case, Exemption, State
from cases.refusals import Conflict, Invalid
from subscriptions.models import Subscription, SubscriptionState
from tests.world import (
    APPROVAL,
    DENIAL,
    DETAILS,
    ENTERPRISE,
    FREE_TRIAL,
    RESUMPTION,
    REVOCATION,
    World,
)


def running() -> list[Exemption]:
    """The exemptions that count now."""
    return list(Exemption.objects.filter(ends_at=None))


def test_an_approval_exempts_that_subscription_and_no_other(world: World) -> None:
    other = world.subscription()
    case = world.case_in(State.IN_REVIEW)
    assert running() == []
    approve(case.reference, APPROVAL, by=world.actor("rita"))
    (exemption,) = running()
    assert (exemption.subscription_id, exemption.case_id) == (case.subscription_id, case.pk)
    assert exemption.starts_at >= case.submitted_at
    assert not Exemption.objects.filter(subscription=other).exists()
    assert ask_to_lift(other.pk, DETAILS, by=world.actor("olive")).state == State.IN_REVIEW


@pytest.mark.parametrize("state", [State.SUSPENDED, State.REVOKED])
def test_it_ends(world: World, state: State) -> None:
    case = world.case_in(state)
    (exemption,) = Exemption.objects.filter(case=case)
    assert exemption.ends_at is not None
    assert exemption.ends_at >= exemption.starts_at
    assert running() == []


def test_resumed_it_is_a_new_one_and_the_gap_stays_on_record(world: World) -> None:
    case, rita = world.case_in(State.APPROVED), world.actor("rita")
    suspend(case.reference, REVOCATION, by=rita)
    resume(case.reference, RESUMPTION, by=rita)
    first, second = Exemption.objects.filter(case=case).order_by("starts_at")
    assert first.ends_at is not None
    assert first.ends_at <= second.starts_at
    assert running() == [second]
    revoke(case.reference, REVOCATION, by=world.actor("sena"))
    assert running() == []
    assert Exemption.objects.filter(case=case).count() == 2


def test_a_suspended_one_is_revoked_without_a_second_end(world: World) -> None:
    case = world.case_in(State.SUSPENDED)
    (ended,) = Exemption.objects.filter(case=case).values_list("ends_at", flat=True)
    revoke(case.reference, REVOCATION, by=world.actor("sena"))
    assert list(Exemption.objects.filter(case=case).values_list("ends_at", flat=True)) == [ended]


def test_a_decision_that_is_refused_leaves_no_exemption(world: World) -> None:
    case = world.case_in(State.IN_REVIEW)
    with pytest.raises(Invalid):
        approve(case.reference, DENIAL, by=world.actor("rita"))
    assert running() == []
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW


def test_nobody_is_exempt_by_a_denial(world: World) -> None:
    deny(world.submitted().reference, DENIAL, by=world.actor("rita"))
    assert not Exemption.objects.exists()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"offer_id": FREE_TRIAL}, "the policy now says"),
        ({"state": SubscriptionState.DELETED}, "deleted"),
        ({"customer": "fabrikam"}, "another customer"),
    ],
    ids=["never", "deleted", "moved"],
)
@pytest.mark.parametrize("state", [State.IN_REVIEW, State.SUSPENDED])
def test_what_changed_since_the_case_was_judged_forbids_it(
    world: World, state: State, changed: dict[str, object], reason: str
) -> None:
    case = world.case_in(state)
    if "customer" in changed:
        changed = {"customer": world.fabrikam}
    Subscription.objects.filter(pk=case.subscription_id).update(**changed)
    start, verdict = (approve, APPROVAL) if state == State.IN_REVIEW else (resume, RESUMPTION)
    with pytest.raises(Conflict, match=reason):
        start(case.reference, verdict, by=world.actor("rita"))
    assert running() == []


@pytest.mark.parametrize("outcome", ["never", "not_yet"])
def test_what_the_policy_refuses_is_approved_by_nobody(world: World, outcome: str) -> None:
    """However such a case came into review: the machine itself does not let it through."""
    case = world.checked(world.submitted())
    Case.objects.filter(pk=case.pk).update(outcome=outcome)
    with pytest.raises(Conflict, match="cannot be done"):
        approve(case.reference, APPROVAL, by=world.actor("sena"))
    assert "approve" not in verbs_of(Case.objects.get(pk=case.pk), world.actor("sena"))


def test_what_was_judged_as_not_blocked_is_denied_by_nobody(world: World) -> None:
    case = world.submitted()
    Case.objects.filter(pk=case.pk).update(outcome="not_blocked")
    with pytest.raises(Conflict, match="cannot be done"):
        deny(case.reference, DENIAL, by=world.actor("sena"))
    assert "deny" not in verbs_of(Case.objects.get(pk=case.pk), world.actor("sena"))


def test_what_is_not_blocked_is_not_denied_and_may_be_approved(world: World) -> None:
    case, rita = world.case_in(State.IN_REVIEW), world.actor("rita")
    Subscription.objects.filter(pk=case.subscription_id).update(offer_id=ENTERPRISE)
    with pytest.raises(Conflict, match="not blocked"):
        deny(case.reference, DENIAL, by=rita)
    assert approve(case.reference, APPROVAL, by=rita).state == State.APPROVED
