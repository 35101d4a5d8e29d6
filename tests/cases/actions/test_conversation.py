"""Messages: one for each form that was sent, and for customers and partners so many in an hour."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cases.actions.conversation import MOST_IN_WINDOW, WINDOW, send_message
from cases.actions.customer import answer
from cases.actions.reviewer import ask
from cases.models import Case, CaseMessage, State
from cases.proof import faults_of
from cases.refusals import Invalid
from outbox.models import Message
from tests.racing import at_once
from tests.world import CSP, World, make_world


def written(case: Case, world: World, name: str, times: int) -> None:
    for number in range(times):
        send_message(case.reference, by=world.actor(name), text=f"Number {number}.")


def test_a_key_replays_its_message(world: World) -> None:
    case, other = world.submitted(), world.submitted()
    olive, conrad = world.actor("olive"), world.actor("conrad")
    first = send_message(case.reference, by=olive, text="Hello.", idempotency_key="k-1")
    mails = Message.objects.count()
    assert send_message(case.reference, by=olive, text="Hello.", idempotency_key="k-1").pk == first.pk
    assert (CaseMessage.objects.count(), Message.objects.count()) == (1, mails)
    for reference, by, key in (
        (case.reference, olive, "k-2"),
        (case.reference, conrad, "k-1"),
        (other.reference, olive, "k-1"),
        (case.reference, olive, ""),
        (case.reference, olive, ""),
    ):
        send_message(reference, by=by, text="Hello.", idempotency_key=key)
    assert CaseMessage.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_sent_at_once_from_two_tabs_it_is_one() -> None:
    world = make_world()
    case, olive = world.submitted(), world.actor("olive")
    mails = Message.objects.count()
    sent = at_once(lambda: send_message(case.reference, by=olive, text="Hello.", idempotency_key="k-1"), 4)
    assert {each.pk for each in sent if isinstance(each, CaseMessage)} == {CaseMessage.objects.get().pk}
    assert Message.objects.count() == mails + 2, "the desk, and Olive's own side"
    assert list(faults_of(Case.objects.get(pk=case.pk))) == []


@pytest.mark.parametrize("name", ["olive", "petra"])
def test_so_many_in_an_hour_and_no_more(world: World, name: str) -> None:
    case, now = world.submitted(world.subscription(CSP)), timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        written(case, world, name, 1)
        clock.shift(timedelta(minutes=20))
        written(case, world, name, MOST_IN_WINDOW - 1)
        until = now + WINDOW
        with pytest.raises(Invalid, match=f"again at {until:%H:%M} UTC, in 41 min") as refused:
            written(case, world, name, 1)
        assert list(refused.value.errors) == ["text"]
        clock.move_to(until)
        written(case, world, name, 1)
        with pytest.raises(Invalid):
            written(case, world, name, 1)
    assert CaseMessage.objects.count() == MOST_IN_WINDOW + 1


def test_what_is_limited_is_one_person_in_one_case_and_nobody_at_the_desk(world: World) -> None:
    case, other = world.submitted(), world.submitted()
    written(case, world, "olive", MOST_IN_WINDOW)
    written(case, world, "conrad", 1)
    written(other, world, "olive", 1)
    written(case, world, "rita", MOST_IN_WINDOW + 1)
    ask(case.reference, by=world.actor("rita"), text="To whom?")
    assert answer(case.reference, by=world.actor("olive"), text="To buyers.").state == State.IN_REVIEW


def test_a_message_that_was_taken_is_replayed_also_where_no_more_may_be_written(world: World) -> None:
    case, olive = world.submitted(), world.actor("olive")
    first = send_message(case.reference, by=olive, text="Hello.", idempotency_key="k-1")
    written(case, world, "olive", MOST_IN_WINDOW - 1)
    assert send_message(case.reference, by=olive, text="Hello.", idempotency_key="k-1").pk == first.pk
