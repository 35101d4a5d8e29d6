"""Idempotency keys of submissions: the first answer again, to the same person, for the same subscription."""

from dataclasses import replace

import pytest

from cases.actions.customer import ask_to_lift
from cases.actions.reviewer import approve, revoke, suspend
from cases.details import RequestDetails
from cases.models import Case
from cases.refusals import Conflict, Invalid
from tests.world import APPROVAL, DETAILS, FREE_TRIAL, REVOCATION, World


def test_a_key_replays_the_first_answer(world: World) -> None:
    """Also once the case has gone on, and whatever stands in the way of a new one by then."""
    subscription, olive = world.subscription(), world.actor("olive")

    def send() -> Case:
        return ask_to_lift(subscription.pk, DETAILS, by=olive, idempotency_key="k-1")

    first = send()
    assert send() == first
    approve(world.checked(first).reference, APPROVAL, by=world.actor("rita"))
    assert send() == first
    suspend(first.reference, REVOCATION, by=world.actor("rita"))
    assert send() == first
    revoke(first.reference, REVOCATION, by=world.actor("sena"))
    assert send() == first
    assert Case.objects.count() == 1
    assert ask_to_lift(subscription.pk, DETAILS, by=olive, idempotency_key="k-2") != first


def test_a_key_replays_a_rejection(world: World) -> None:
    subscription, said = world.subscription(FREE_TRIAL), replace(DETAILS, data_claim="We pay since March.")
    first, second = (
        ask_to_lift(subscription.pk, said, by=world.actor("olive"), idempotency_key="k-1") for _ in range(2)
    )
    assert first == second
    assert ask_to_lift(subscription.pk, said, by=world.actor("olive")) != first


def test_a_key_that_was_used_for_another_subscription_is_refused(world: World) -> None:
    olive = world.actor("olive")
    first = ask_to_lift(world.subscription().pk, DETAILS, by=olive, idempotency_key="k-1")
    with pytest.raises(Conflict, match="another subscription") as refused:
        ask_to_lift(world.subscription().pk, DETAILS, by=olive, idempotency_key="k-1")
    assert refused.value.reference == first.reference
    assert Case.objects.count() == 1


def test_keys_of_different_people_are_different_keys(world: World) -> None:
    """Nobody is answered with what somebody else sent, whatever their own request meets."""
    subscription, theirs = world.subscription(), world.subscription(customer=world.fabrikam)
    one = ask_to_lift(subscription.pk, DETAILS, by=world.actor("olive"), idempotency_key="k")
    two = ask_to_lift(world.subscription().pk, DETAILS, by=world.actor("conrad"), idempotency_key="k")
    assert one != two
    with pytest.raises(Conflict, match="open case"):
        ask_to_lift(subscription.pk, DETAILS, by=world.actor("conrad"), idempotency_key="k2")
    with pytest.raises(Invalid):
        ask_to_lift(theirs.pk, RequestDetails(), by=world.actor("mallory"), idempotency_key="k")


@pytest.mark.parametrize("key", ["\0", "\ud800", "🔑" * 10_000, "x" * 100_000])
def test_a_key_may_be_anything(world: World, key: str) -> None:
    subscription = world.subscription(FREE_TRIAL)
    first, second = (
        ask_to_lift(subscription.pk, DETAILS, by=world.actor("olive"), idempotency_key=key) for _ in range(2)
    )
    assert first == second
