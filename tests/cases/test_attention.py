"""What a customer's subscriptions need, as the database sorts them: the same as each one's status says."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from cases.attention import Need, counts_of, with_need
from cases.models import State
from cases.queries import subscriptions_for_customer
from cases.status import Port, status_of
from subscriptions.models import Subscription
from subscriptions.policy.versions import active_policy, policy_version
from tests.world import AFTER, BEFORE, CSP, ENTERPRISE, FREE_TRIAL, PAY_AS_YOU_GO, UNHEARD_OF, World

CUT_OFF_DAY = datetime(2017, 11, 15, tzinfo=UTC)


def need_of(world: World, subscription: Subscription) -> int:
    rows = with_need(
        subscriptions_for_customer(world.actor("olive")),
        world.actor("olive"),
        active_policy(),
        timezone.now(),
    )
    found: dict[object, int] = dict(rows.values_list("pk", "need"))
    return found[subscription.pk]


@pytest.mark.parametrize(
    ("state", "need"),
    [
        (State.AWAITING_ANSWER, Need.YOURS),
        (State.SUSPENDED, Need.YOURS),
        (State.DENIED, Need.TURNED_DOWN),
        (State.REVOKED, Need.TURNED_DOWN),
        (State.DECLINED, Need.TURNED_DOWN),
        (State.IN_REVIEW, Need.ASKED),
        (State.WITH_PARTNER, Need.ASKED),
        (State.REJECTED, Need.BLOCKED),
        (State.WITHDRAWN, Need.BLOCKED),
        (State.NOT_NEEDED, Need.OPEN),
        (State.APPROVED, Need.OPEN),
    ],
)
def test_by_what_its_case_came_to(world: World, state: State, need: Need) -> None:
    assert need_of(world, world.case_in(state).subscription) == need


@pytest.mark.parametrize("offer", [PAY_AS_YOU_GO, FREE_TRIAL, CSP, ENTERPRISE, UNHEARD_OF, ""])
@pytest.mark.parametrize(
    ("created", "is_day"),
    [
        (None, False),
        (BEFORE, False),
        (AFTER, False),
        (CUT_OFF_DAY, True),
        (BEFORE, True),
        (CUT_OFF_DAY, False),
    ],
)
def test_without_a_case_it_is_what_the_policy_says_of_each(
    world: World, offer: str, created: datetime | None, is_day: bool
) -> None:
    """Beside others of the same offer, of the other side."""
    for other in (None, BEFORE, AFTER):
        world.subscription(offer, created_at=other)
    subscription = world.subscription(offer, created_at=created)
    Subscription.objects.filter(pk=subscription.pk).update(is_created_by_day=is_day)
    row = subscriptions_for_customer(world.actor("olive")).get(pk=subscription.pk)
    is_open = status_of(row, active_policy()).port == Port.OPEN
    assert need_of(world, subscription) == (Need.OPEN if is_open else Need.BLOCKED)


def test_a_policy_without_a_cut_off_judges_all_alike(world: World) -> None:
    policy = policy_version("example-first-invoice")
    assert policy.cut_off is None
    for created in (None, BEFORE, AFTER):
        world.subscription(created_at=created)
    olive = world.actor("olive")
    rows = with_need(subscriptions_for_customer(olive), olive, policy, timezone.now())
    assert counts_of(rows) == {Need.BLOCKED: 3}


def test_each_is_counted_once(world: World) -> None:
    world.case_in(State.DENIED)
    for state in (State.APPROVED, State.IN_REVIEW):
        world.case_in(state)
    world.subscription(ENTERPRISE)
    olive = world.actor("olive")
    rows = with_need(subscriptions_for_customer(olive), olive, active_policy(), timezone.now())
    assert counts_of(rows) == {Need.TURNED_DOWN: 1, Need.ASKED: 1, Need.OPEN: 2}
