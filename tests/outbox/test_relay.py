"""The relay: what is put leaves once, in order, and comes back by itself when it fails."""

import itertools
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from outbox import relay
from outbox.models import Message
from outbox.put import NewMessage, put
from outbox.refused import Refused
from outbox.relay import LONGEST_WAIT, MOST_ATTEMPTS, claim, deliver_next, wait_after
from tests.outbox import handlers
from tests.outbox.conftest import deliver_all, wait_is_over

Put = Callable[..., Message]


@pytest.mark.django_db
def test_what_is_put_leaves_once(told: list[str], put_word: Put) -> None:
    put_word("a")
    put_word("a")
    assert deliver_all() == 1
    message = Message.objects.get()
    assert told == ["a"]
    assert message.sent_at is not None
    assert deliver_all() == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_put(told: list[str]) -> None:
    with transaction.atomic():
        put([NewMessage("tell", "a", "a", {"word": "a"})])
        transaction.set_rollback(True)
    assert deliver_all() == 0
    assert told == []


@pytest.mark.django_db
def test_what_follows_is_put_with_what_it_follows(told: list[str], put_word: Put) -> None:
    put_word("a", then=["b", "c"])
    assert deliver_all() == 3
    assert told == ["a", "b", "c"]


@pytest.mark.django_db
def test_one_that_fails_holds_back_its_own_thread_alone(told: list[str], put_word: Put) -> None:
    handlers.failing["approved"] = TimeoutError("away")
    for word, thread in (("approved", "case"), ("revoked", "case"), ("other", "other")):
        put_word(word, thread)
    put_word("nobody's", topic="no-such-topic")
    deliver_all()
    assert told == ["other"]
    assert Message.objects.get(key="approved").last_error == "TimeoutError: away"
    assert "KeyError" in Message.objects.get(key="nobody's").last_error
    assert Message.objects.get(key="revoked").attempts == 0
    handlers.failing.clear()
    wait_is_over()
    deliver_all()
    assert told == ["other", "approved", "revoked"]


@pytest.mark.django_db
def test_it_waits_longer_after_each_attempt_and_is_parked_after_the_last(
    told: list[str], put_word: Put
) -> None:
    handlers.failing["a"] = OSError("away")
    put_word("a", "case")
    put_word("b", "case")
    waits = []
    for _ in range(MOST_ATTEMPTS):
        assert deliver_next()
        waits.append(Message.objects.get(key="a").next_attempt_at - timezone.now())
        wait_is_over()
    message = Message.objects.get(key="a")
    assert message.parked_at is not None
    assert (message.attempts, message.last_error) == (MOST_ATTEMPTS, "OSError: away")
    doubling = waits[:9]
    assert all(later > earlier * 1.2 for earlier, later in itertools.pairwise(doubling))
    assert told == []
    assert deliver_all() == 1, "the thread goes on without it"
    assert told == ["b"]


def test_waits_add_up_to_more_than_three_days() -> None:
    assert wait_after(1) < timedelta(seconds=20)
    assert wait_after(MOST_ATTEMPTS) <= LONGEST_WAIT * 1.2
    assert sum((wait_after(n) for n in range(1, MOST_ATTEMPTS)), timedelta()) > timedelta(days=2.5)


@pytest.mark.django_db
def test_a_refusal_for_good_is_parked_at_once(told: list[str], put_word: Put) -> None:
    handlers.failing["a"] = Refused("550 no such mailbox")
    put_word("a")
    deliver_all()
    message = Message.objects.get()
    assert (message.attempts, message.last_error) == (1, "550 no such mailbox")
    assert message.parked_at is not None


@pytest.mark.django_db
def test_one_that_kills_its_relay_each_time_is_parked_in_the_end(told: list[str], put_word: Put) -> None:
    put_word("a")
    for _ in range(MOST_ATTEMPTS):
        assert claim() is not None  # and then the process is gone
        wait_is_over()
    assert deliver_next()
    message = Message.objects.get()
    assert message.parked_at is not None
    assert "ended in the middle" in message.last_error
    assert told == []


@pytest.mark.django_db
def test_a_relay_whose_lease_ran_out_changes_nothing(told: list[str], put_word: Put) -> None:
    put_word("a", then=["b"])
    late = claim()
    assert late is not None
    wait_is_over()
    held = claim()
    assert held is not None
    relay._deliver(late)
    assert Message.objects.count() == 1, "what follows is put by who holds the lease"
    assert Message.objects.get().sent_at is None
    relay._deliver(held)
    sent = {message.key: message.sent_at is not None for message in Message.objects.all()}
    assert sent == {"a": True, "a/b": False}


@pytest.mark.django_db(transaction=True)
def test_a_long_delivery_keeps_its_lease(
    told: list[str], put_word: Put, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "RENEW_EVERY", 0.01)
    settings.OUTBOX_HANDLERS = {"tell": "tests.outbox.handlers.hold"}
    handlers.is_inside.clear()
    handlers.may_go_on.clear()
    put_word("a")
    worker = _started(deliver_next)
    assert handlers.is_inside.wait(20)
    Message.objects.update(next_attempt_at=timezone.now() - timedelta(hours=1))  # as if its lease had run out
    _until(lambda: Message.objects.get().next_attempt_at > timezone.now())
    assert claim() is None
    handlers.may_go_on.set()
    worker.join(20)
    assert told == ["a"]
    assert Message.objects.get().attempts == 1


@pytest.mark.django_db(transaction=True)
def test_many_relays_at_once_deliver_each_message_once_and_in_order(told: list[str], put_word: Put) -> None:
    for number in range(60):
        put_word(f"{number:02}", thread=f"thread {number % 7}")
    start = threading.Barrier(6)

    def run() -> None:
        start.wait()
        while deliver_next() or Message.objects.filter(sent_at=None).exists():
            pass

    workers = [_started(run) for _ in range(6)]
    for worker in workers:
        worker.join(60)
    assert sorted(told) == [f"{number:02}" for number in range(60)]
    for thread in range(7):
        of_thread = [word for word in told if int(word) % 7 == thread]
        assert of_thread == sorted(of_thread)
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}


def _started(run: Callable[[], object]) -> threading.Thread:
    def work() -> None:
        try:
            run()
        finally:
            connection.close()
            close_old_connections()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
