"""Reopening: a rejected case is judged again, by the facts and the policy of today."""

import pytest

from cases.actions.customer import ask_to_lift
from cases.actions.reviewer import reopen
from cases.details import RequestDetails
from cases.models import Case, State
from cases.proof import faults_of
from cases.refusals import Conflict
from subscriptions.models import Subscription, SubscriptionState
from tests.world import BEFORE, CSP, ENTERPRISE, FREE_TRIAL, PAY_AS_YOU_GO, UNHEARD_OF, World


def test_reopened_it_is_judged_by_the_facts_of_today(world: World) -> None:
    case = world.submitted(world.subscription(FREE_TRIAL))
    Subscription.objects.filter(pk=case.subscription_id).update(offer_id=PAY_AS_YOU_GO)
    case = reopen(case.reference, by=world.actor("rita"), text="The offer was wrong.")
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.outcome, stored.family) == (State.IN_REVIEW, "may_request", "pay-as-you-go")
    assert "MS-AZR-0003P" in str(stored.facts)
    assert stored.due_at is not None
    assert [event.kind for event in stored.events.all()] == [
        "submitted",
        "rejected",
        "reopened",
        "review_started",
    ]
    assert list(faults_of(stored)) == []


@pytest.mark.parametrize(
    ("offer_id", "created_at", "state"),
    [
        (ENTERPRISE, None, State.NOT_NEEDED),
        (FREE_TRIAL, BEFORE, State.NOT_NEEDED),
        (FREE_TRIAL, None, State.IN_REVIEW),
        (UNHEARD_OF, None, State.IN_REVIEW),
    ],
)
def test_reopened_it_goes_where_the_facts_lead(
    world: World, offer_id: str, created_at: object, state: State
) -> None:
    case = world.submitted(world.subscription(FREE_TRIAL))
    Subscription.objects.filter(pk=case.subscription_id).update(offer_id=offer_id, created_at=created_at)
    assert reopen(case.reference, by=world.actor("rita"), text="The data was wrong.").state == state


def test_reopened_it_goes_to_the_partner_that_the_data_had_forgotten(world: World) -> None:
    case = world.submitted(world.subscription(FREE_TRIAL))
    Subscription.objects.filter(pk=case.subscription_id).update(offer_id=CSP, partner=world.northwind)
    reopen(case.reference, by=world.actor("rita"), text="It comes through Northwind.")
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.partner) == (State.WITH_PARTNER, world.northwind)


def test_reopened_it_may_be_rejected_again(world: World) -> None:
    said = RequestDetails(data_claim="Wrong.")
    case = ask_to_lift(world.subscription(FREE_TRIAL).pk, said, by=world.actor("olive"))
    reopen(case.reference, by=world.actor("rita"), text="Looked at it.")
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.version, stored.flag) == (State.REJECTED, 4, "")
    assert stored.decisions.count() == 2


def test_reopened_it_is_judged_by_the_policy_of_today(world: World) -> None:
    case = world.submitted(world.subscription(FREE_TRIAL))
    of_today = world.in_force("example-first-invoice")
    reopen(case.reference, by=world.actor("rita"), text="The rules have changed.")
    assert Case.objects.get(pk=case.pk).policy_id == of_today


def test_it_is_not_reopened_beside_a_newer_case(world: World) -> None:
    case = world.submitted(world.subscription(FREE_TRIAL))
    Subscription.objects.filter(pk=case.subscription_id).update(offer_id=PAY_AS_YOU_GO)
    newer = world.submitted(Subscription.objects.get(pk=case.subscription_id))
    with pytest.raises(Conflict, match=newer.reference):
        reopen(case.reference, by=world.actor("rita"), text="The offer was wrong.")
    assert Case.objects.get(pk=case.pk).version == 2


def test_it_is_not_reopened_for_a_subscription_that_is_gone(world: World) -> None:
    case = world.submitted(world.subscription(FREE_TRIAL))
    for changed, reason in (
        ({"state": SubscriptionState.DELETED}, "deleted"),
        ({"customer": world.fabrikam, "state": SubscriptionState.ACTIVE}, "another customer"),
    ):
        Subscription.objects.filter(pk=case.subscription_id).update(**changed)
        with pytest.raises(Conflict, match=reason):
            reopen(case.reference, by=world.actor("rita"), text="The data was wrong.")
