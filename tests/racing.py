"""Two at once, on real connections: the second starts while the first has acted and not yet committed."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event
from typing import TypeVar

from django.db import connection, connections, transaction

from cases.refusals import Refusal

Answer = TypeVar("Answer")
Act = Callable[[], Answer]
LONGEST = 30  # seconds; only a broken test waits as long


def overlapped(first: Act[Answer], second: Act[Answer]) -> tuple[Answer | Refusal, Answer | Refusal]:
    """What each came to. ``first`` commits once ``second`` waits for it, or has come through without."""
    has_acted, may_commit = Event(), Event()

    def hold() -> Answer | Refusal:
        try:
            with transaction.atomic():
                answer = _answer_of(first)
                has_acted.set()
                may_commit.wait(LONGEST)
            return answer
        finally:
            has_acted.set()

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(with_own_connection, hold)
        has_acted.wait(LONGEST)
        two = pool.submit(with_own_connection, lambda: _answer_of(second))
        wait_until_blocked(two)
        may_commit.set()
        return one.result(), two.result()


def at_once(act: Act[Answer], times: int) -> list[Answer | Refusal]:
    """The same from so many connections, all started together."""
    return together(*[act] * times)


def together(*acts: Act[Answer]) -> list[Answer | Refusal]:
    """What each came to, all started together on connections of their own."""
    start = Barrier(len(acts))

    def run(act: Act[Answer]) -> Answer | Refusal:
        connection.ensure_connection()
        start.wait(LONGEST)
        return _answer_of(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        started = [pool.submit(with_own_connection, partial(run, act)) for act in acts]
        return [done.result() for done in started]


def _answer_of(act: Act[Answer]) -> Answer | Refusal:
    try:
        return act()
    except Refusal as refusal:
        return refusal


def with_own_connection(act: Act[Answer]) -> Answer:
    """What a thread runs; its connection is given back."""
    try:
        return act()
    finally:
        connections.close_all()


def wait_until_blocked(future: Future[Answer]) -> None:
    """Until some connection waits for a lock, or the future is done."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    until = time.monotonic() + LONGEST
    while not future.done() and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees what it saw first
            cursor.execute(waits)
            (blocked,) = cursor.fetchone() or (0,)
        if blocked:
            return
        time.sleep(0.01)
