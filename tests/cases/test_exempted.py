"""``manage.py exemptions``: what an operator feeds a firewall from."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cases.actions.reviewer import revoke, suspend
from cases.models import Case, Exemption, State
from subscriptions.models import Address, Subscription
from tests.world import AFTER, REVOCATION, World


def listed(*arguments: str) -> Iterator[dict[str, object]]:
    for line in said("--json", *arguments).splitlines():
        yield json.loads(line)


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("exemptions", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def holds(subscription: Subscription, address: str, until: datetime | None = None) -> None:
    Address.objects.create(subscription=subscription, address=address, held_from=AFTER, held_until=until)


def test_it_lists_what_is_exempt_with_the_addresses_held_now(world: World) -> None:
    case = world.case_in(State.APPROVED)
    for address in ("2001:db8::25", "203.0.113.7"):
        holds(case.subscription, address)
    holds(case.subscription, "203.0.113.8", until=AFTER + timedelta(days=1))
    holds(world.subscription(), "203.0.113.9")
    exemption = Exemption.objects.get(case=case)
    (row,) = listed()
    assert row == {
        "subscription": str(case.subscription_id),
        "addresses": ["203.0.113.7", "2001:db8::25"],
        "since": exemption.starts_at.isoformat(),
        "case": case.reference,
    }
    since = f"{exemption.starts_at:%Y-%m-%dT%H:%M:%SZ}"
    assert said() == f"{case.subscription_id} {since} {case.reference} 203.0.113.7,2001:db8::25\n"


def test_without_addresses_it_is_listed_all_the_same(world: World) -> None:
    case = world.case_in(State.APPROVED)
    assert said().endswith(f"{case.reference} -\n")


@pytest.mark.parametrize("end", [suspend, revoke])
def test_what_was_taken_back_is_gone_and_stood_before(world: World, end: object) -> None:
    case = world.case_in(State.APPROVED)
    holds(case.subscription, "203.0.113.7")
    assert callable(end)
    end(case.reference, REVOCATION, by=world.actor("sena"))
    assert list(listed()) == []
    exemption = Exemption.objects.get(case=case)
    assert exemption.ends_at is not None
    (row,) = listed("--at", exemption.starts_at.isoformat())
    assert (row["case"], row["addresses"]) == (case.reference, ["203.0.113.7"])
    assert list(listed("--at", exemption.ends_at.isoformat())) == []
    assert list(listed("--at", (exemption.starts_at - timedelta(seconds=1)).isoformat())) == []


@pytest.mark.parametrize(
    ("typed", "said_of_it"),
    [
        ("soon", "not a date or time"),
        ("2026-11-26", "name the time as well"),
        ("2026-11-26T14:00:00", "needs its offset"),
        ("", "name the time as well"),
    ],
)
def test_a_time_that_is_none_is_refused_in_words(world: World, typed: str, said_of_it: str) -> None:
    with pytest.raises(CommandError, match=said_of_it):
        said("--at", typed)


def test_nothing_exempt_is_said_and_no_line(world: World) -> None:
    world.case_in(State.IN_REVIEW)
    err = StringIO()
    call_command("exemptions", stdout=StringIO(), stderr=err)
    assert "No subscription is exempt." in err.getvalue()
    assert not Case.objects.filter(state=State.APPROVED).exists()
