"""Where a subscription and a case stand, as each side is told."""

from datetime import timedelta

import pytest
import time_machine

from cases.actors import Side
from cases.models import EXEMPT_STATES, State
from cases.queries import case_for_page, subscription_of_customer
from cases.status import Port, Turn, status_of, turn_of
from subscriptions.policy.outcome import Outcome
from subscriptions.policy.versions import active_policy, policy_version
from tests.world import (
    AFTER,
    CSP,
    ENTERPRISE,
    FREE_TRIAL,
    PAY_AS_YOU_GO,
    UNHEARD_OF,
    WAYS,
    World,
)

NOW = "2026-11-26T10:00:00Z"


def turn(world: World, reference: str, side: Side, name: str) -> Turn:
    case = case_for_page(world.actor(name), reference)
    return turn_of(case, side, policy_version(case.policy_id))


@pytest.mark.parametrize(
    ("offer", "port", "may_ask", "may_record"),
    [
        (PAY_AS_YOU_GO, Port.BLOCKED, True, False),
        (CSP, Port.BLOCKED, True, False),
        (FREE_TRIAL, Port.BLOCKED, False, True),
        (ENTERPRISE, Port.OPEN, False, False),
        (UNHEARD_OF, Port.UNKNOWN, True, False),
    ],
)
def test_the_policy_decides_where_no_case_stands(
    world: World, offer: str, port: Port, may_ask: bool, may_record: bool
) -> None:
    subscription = world.subscription(offer)
    status = status_of(subscription_of_customer(world.actor("olive"), subscription.pk), active_policy(AFTER))
    assert (status.port, status.may_ask, status.may_have_it_recorded) == (port, may_ask, may_record)
    assert status.chip == status.eligibility.outcome


@pytest.mark.parametrize("state", WAYS)
def test_a_case_that_is_open_or_exempt_leaves_nothing_to_ask(world: World, state: State) -> None:
    case = world.case_in(state)
    subscription = subscription_of_customer(world.actor("olive"), case.subscription_id)
    status = status_of(subscription, active_policy(AFTER))
    is_in_the_way = case.is_open or state in EXEMPT_STATES
    asks = status.eligibility.outcome not in (Outcome.NOT_BLOCKED, Outcome.NEVER)
    assert status.may_ask == (asks and not is_in_the_way)
    assert (status.open_case is not None) == case.is_open
    assert (status.port == Port.EXEMPT) == (state == State.APPROVED) == (status.exempt_since is not None)
    assert (status.port == Port.SUSPENDED) == (state == State.SUSPENDED)


@pytest.mark.parametrize(
    ("state", "side", "headline", "is_yours", "due_words"),
    [
        (State.IN_REVIEW, Side.CUSTOMER, "With our review team", False, "Decision by"),
        (State.IN_REVIEW, Side.DESK, "With the review team", True, "Decision by"),
        (State.AWAITING_ANSWER, Side.CUSTOMER, "Your answer is needed", True, "Answer by"),
        (State.AWAITING_ANSWER, Side.DESK, "Waiting for an answer from Contoso", False, "Expected by"),
        (State.WITH_PARTNER, Side.CUSTOMER, "With Northwind Cloud", False, "Their answer by"),
        (State.WITH_PARTNER, Side.PARTNER, "Your customer waits for you", True, "Vouch or decline by"),
        (State.DECLINED, Side.CUSTOMER, "Northwind Cloud did not pass the request on", False, ""),
        (State.APPROVED, Side.CUSTOMER, "Approved: outbound port 25 is open", False, ""),
        (State.WITHDRAWN, Side.CUSTOMER, "The request was withdrawn", False, ""),
    ],
)
def test_each_side_is_told_whose_turn_it_is(
    world: World, state: State, side: Side, headline: str, is_yours: bool, due_words: str
) -> None:
    reference = world.case_in(state).reference
    name = {Side.CUSTOMER: "olive", Side.PARTNER: "petra", Side.DESK: "rita"}[side]
    told = turn(world, reference, side, name)
    assert (told.headline, told.is_yours, told.due_words) == (headline, is_yours, due_words)


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("side", [Side.CUSTOMER, Side.PARTNER, Side.DESK])
def test_every_state_has_words_and_only_an_open_case_has_a_turn(
    world: World, state: State, side: Side
) -> None:
    case = world.case_in(state)
    told = turn(world, case.reference, side, "sena")
    assert told.headline
    assert (told.who is not None) == (told.due_at is not None) == case.is_open


@time_machine.travel(NOW, tick=False)
def test_an_answer_is_expected_in_the_policys_time_from_the_last_question(world: World) -> None:
    case = world.case_in(State.AWAITING_ANSWER)
    days = policy_version(case.policy_id).service.answer_within_days
    told = turn(world, case.reference, Side.CUSTOMER, "olive")
    assert told.due_at == case.moved_at + timedelta(days=days)


def test_the_partner_that_submitted_is_the_one_who_answers(world: World) -> None:
    from cases.actions import reviewer

    reference = world.submitted_by_partner().reference
    reviewer.ask(reference, by=world.actor("rita"), text="How many?")
    assert turn(world, reference, Side.PARTNER, "petra").is_yours
    told = turn(world, reference, Side.CUSTOMER, "olive")
    assert told.headline == "Waiting for an answer from Northwind Cloud"


def test_where_we_are_late_we_say_so(world: World) -> None:
    with time_machine.travel(NOW, tick=False):
        reference = world.submitted().reference
    with time_machine.travel("2026-12-10T10:00:00Z", tick=False):
        told = turn(world, reference, Side.CUSTOMER, "olive")
    assert told.due_words == "Was due"
    assert told.note.startswith("We are late with this.")
