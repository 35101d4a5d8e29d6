"""Flags: what raises one, who clears it, and what it leaves as it is."""

import pytest

from cases.actions import customer, reviewer
from cases.actions.system import note_offer_changes
from cases.details import RequestDetails
from cases.models import Case, CaseEvent, EventKind, Flag, State
from cases.refusals import Conflict, Invalid, NotPermitted
from subscriptions.models import OfferChange, Subscription
from tests.world import FREE_TRIAL, World


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
    subscription = world.subscription(FREE_TRIAL)
    details = RequestDetails(data_claim="We pay since May.")
    case = customer.ask_to_lift(subscription.pk, details, by=world.actor("olive"))
    assert case.flag == Flag.DATA_DISPUTED
    reviewer.reopen(case.reference, by=world.actor("rita"), text="Checked with billing.")
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.flag) == (State.REJECTED, "")
