"""Imports beside imports, and beside people, on real connections."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from cases.models import Case, State
from cases.refusals import NotThere
from subscriptions.models import Address, Customer, Subscription
from tests.subscriptions.imports.files import Told, csv_file, csv_line, run
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
Result = TypeVar("Result")
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def world() -> World:
    return make_world()


def on_its_own_connection(call: Callable[[], Result]) -> Result:
    try:
        return call()
    finally:
        connections.close_all()


def wait_until_somebody_waits(future: "Future[Result]") -> None:
    """Until the other connection stands before a lock of ours; fails where it went past it."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not future.done():
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone() == (1,):
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def test_two_imports_of_one_file_at_once(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subscriptions.imports.command.AT_ONCE", 7)
    header = "subscription_id,name,customer_number,customer_name,addresses"
    lines = [
        f"{UUID(int=number)},Shop {number},N-{number % 9},Ninth,203.0.113.{number}"
        for number in range(1, 120)
    ]
    path = csv_file(tmp_path, *lines, header=header)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(on_its_own_connection, lambda: run(path)) for _ in range(2)]
        told = [one.result() for one in both]
    assert [one.error for one in told] == ["", ""]
    new, unchanged = (sum(int(one.sum.split()[place]) for one in told) for place in (0, 4))
    assert (new, unchanged) == (119, 119)
    assert Subscription.objects.count() == Address.objects.filter(held_until=None).count() == 119
    assert Address.objects.count() == 119
    assert Customer.objects.filter(number__startswith="N-").count() == 9


def test_an_import_waits_for_a_submission_and_then_hands_nothing_over(world: World, tmp_path: Path) -> None:
    subscription = world.subscription()
    path = csv_file(tmp_path, csv_line(str(subscription.pk), customer="C-2,"), csv_line())
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            case = world.submitted(subscription)
            told = pool.submit(on_its_own_connection, lambda: run(path))
            wait_until_somebody_waits(told)
        left = told.result().left
    assert len(left) == 1
    assert f"case {case.reference} is in review" in left[0]
    assert Subscription.objects.filter(customer=world.contoso).count() == 2


def change_offer(subscription: Subscription, folder: Path, customer: str) -> Callable[[], Told]:
    line = csv_line(str(subscription.pk), offer_id="MS-AZR-0044P", quota_id="", customer=customer)
    path = csv_file(folder, line)
    return lambda: run(path)


def test_a_submission_waits_for_an_import_and_is_judged_by_what_it_brings(
    world: World, tmp_path: Path
) -> None:
    subscription = world.subscription()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert not change_offer(subscription, tmp_path, "C-1,")().error
            case = pool.submit(on_its_own_connection, lambda: world.submitted(subscription))
            wait_until_somebody_waits(case)
        assert case.result().state == State.REJECTED
    assert Case.objects.get().eligibility["family"] == "free-trial"


def test_a_customer_who_lost_the_subscription_meanwhile_finds_it_gone(world: World, tmp_path: Path) -> None:
    subscription = world.subscription()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert not change_offer(subscription, tmp_path, "C-2,")().error
            case = pool.submit(on_its_own_connection, lambda: world.submitted(subscription))
            wait_until_somebody_waits(case)
        with pytest.raises(NotThere):
            case.result()
    assert not Case.objects.exists()
