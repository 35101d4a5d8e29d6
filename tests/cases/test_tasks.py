"""Checks as background work: tried again, given up as unknown, and a worker that is killed in the middle."""

import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import psutil
import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.test import Client
from django.utils import timezone
from dnslib import DNSRecord

from cases.actions.check_runs import await_answer, lost_runs
from cases.actions.customer import ask_to_lift, withdraw
from cases.antifraud.registry import Check, registry
from cases.models import Band, Case, CheckRound, CheckRun, Finding, State
from cases.tasks import MOST_ATTEMPTS, hand_out_checks, run_check, sweep_overdue_checks
from config.celery import app
from config.health import HEARTBEATS, redis_client
from engines.programs import TASKS_AT_A_TIME, background
from outbox.models import KeptMail
from outbox.tasks import deliver_due
from tests.cases.views.checking import running
from tests.cases.views.checking import signal as saw
from tests.engines.installation import wait_for
from tests.outside.dns import OutsideDNS, outside_dns
from tests.world import DETAILS, World, make_world

Use = Callable[..., None]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Make one check, ``odd``, do as it is told, call by call; the last of the answers stays."""

    def used(*answers: BaseException | list[Any]) -> None:
        left = list(answers)

        def look(case: object) -> list[Any]:
            answer = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(answer, BaseException):
                raise answer
            return answer

        made = {"odd": Check("odd", "Odd", {"a": 60, "b": 1}, "", "", "", look=look)}
        for place in ("cases.antifraud.rounds", "cases.actions.checks", "cases.actions.check_runs"):
            monkeypatch.setattr(f"{place}.registry", lambda: made)

    return used


def raise_(error: Exception) -> None:
    raise error


def made(world: World) -> CheckRun:
    """The one run of a round, after all that its task does."""
    run = running(world.submitted()).runs.get()
    run_check.apply((run.pk,))
    return CheckRun.objects.select_related("round").get(pk=run.pk)


def findings(run: CheckRun) -> dict[str, str]:
    return dict(run.signals.values_list("part", "finding"))


FAILURES = [
    (OSError("away"), "it failed (OSError)"),
    (ZeroDivisionError(), "it failed (ZeroDivisionError)"),
    (RecursionError(), "it failed (RecursionError)"),
    (SoftTimeLimitExceeded(), "it took too long"),
]


@pytest.mark.parametrize(("error", "why"), FAILURES)
def test_a_check_that_keeps_failing_is_unknown_and_its_round_ends(
    world: World, use: Use, error: Exception, why: str
) -> None:
    use(error)
    run = made(world)
    assert run.error == why
    assert findings(run) == {"a": Finding.UNKNOWN, "b": Finding.UNKNOWN}
    assert (run.round.ended_at is not None, run.round.band) == (True, Band.INCOMPLETE)


@pytest.mark.parametrize("error", [error for error, _ in FAILURES])
def test_a_check_that_fails_but_once_is_tried_again(world: World, use: Use, error: Exception) -> None:
    use(*[error] * (MOST_ATTEMPTS - 1), [saw("a", Finding.FLAGGED)])
    run = made(world)
    assert (run.error, findings(run)) == ("", {"a": Finding.FLAGGED})
    assert run.round.band == Band.HIGH


def test_a_check_whose_signals_cannot_be_kept_is_unknown(world: World, use: Use) -> None:
    use([saw("a" * 41, Finding.CLEAR)])
    run = made(world)
    assert set(findings(run).values()) == {Finding.UNKNOWN}
    assert run.round.ended_at is not None


def test_a_task_that_comes_twice_looks_once(world: World, use: Use) -> None:
    use([saw("a", Finding.CLEAR)], [saw("a", Finding.FLAGGED)])
    run = made(world)
    run_check.apply((run.pk,))
    assert findings(run) == {"a": Finding.CLEAR}


# --- a real worker, killed -----------------------------------------------------------------------


@pytest.fixture
def slow_dns() -> Iterator[OutsideDNS]:
    """Nobody hears of the domain within a check's life."""
    with outside_dns() as server:
        server.zone = {"shop.example": ["slow"], "_dmarc.shop.example": ["slow"]}
        yield server


@dataclass
class Silent:
    """A name server that answers nobody, and knows of which domains it was asked."""

    socket: socket.socket
    _asked: set[str] = field(default_factory=set)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.socket.getsockname()[1]}"

    def asked(self) -> set[str]:
        """What it was asked of until now."""
        with suppress(BlockingIOError):
            while True:
                question = DNSRecord.parse(self.socket.recv(4096)).q
                self._asked.add(str(question.qname).rstrip("."))
        return self._asked


@contextmanager
def silent_server() -> Iterator[Silent]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        yield Silent(listener)


@contextmanager
def worker(dns_server: str, name: str = "checks") -> Iterator["subprocess.Popen[bytes]"]:
    """A worker as the product starts it, on the tests' database and broker; killed in the end."""
    database = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
    outside = {"DNS_RESOLVERS": dns_server, "RDAP_URL": "http://127.0.0.1:1"}
    environment = {**os.environ, "DATABASE_URL": database, "CELERY_SKIP_CHECKS": "1", **outside}
    program = next(each for each in background(environment) if each.name == name)
    process = subprocess.Popen(program.command, env=environment, cwd=program.folder)
    try:
        yield process
    finally:
        kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """The worker and its children at once, without a word."""
    if process.poll() is None:
        worker = psutil.Process(process.pid)
        for each in [worker, *worker.children(recursive=True)]:
            each.kill()
        process.wait()


def left(check_round: CheckRound) -> set[str]:
    """The checks that have not answered."""
    return set(check_round.runs.filter(ended_at=None).values_list("check_slug", flat=True))


def killed_in_the_middle(slow_dns: OutsideDNS) -> CheckRound:
    """A round whose worker was killed while it waited for a name server."""
    app.control.purge()
    case = make_world().submitted()
    with worker(slow_dns.address) as first:
        deliver_due()
        wait_for(lambda: bool(slow_dns.asked))
        kill(first)
    return CheckRound.objects.get(case=case)


def test_a_worker_killed_in_the_middle_of_a_check_and_the_round_still_ends(
    transactional_db: None, slow_dns: OutsideDNS
) -> None:
    check_round = killed_in_the_middle(slow_dns)
    assert "domain_records" in left(check_round)
    with worker(slow_dns.address):
        # What the killed one had in hand, one for each of its processes, comes back once its time is over.
        wait_for(lambda: len(left(check_round)) <= TASKS_AT_A_TIME)
        CheckRound.objects.filter(pk=check_round.pk).update(deadline_at=timezone.now())
        sweep_overdue_checks()
        wait_for(lambda: not left(check_round))
    check_round.refresh_from_db()
    killed = check_round.runs.get(check_slug="domain_records")
    assert check_round.ended_at is not None
    assert Case.objects.get(pk=check_round.case_id).band == check_round.band == Band.INCOMPLETE
    assert killed.error == "it did not answer in time"
    assert set(killed.signals.values_list("finding", flat=True)) == {Finding.UNKNOWN}
    assert check_round.runs.count() == len(registry())


def test_what_a_killed_worker_had_in_hand_is_handed_out_again(
    transactional_db: None, slow_dns: OutsideDNS
) -> None:
    check_round = killed_in_the_middle(slow_dns)
    lost = check_round.runs.get(check_slug="domain_records")
    assert (lost.ended_at, lost.awaited_until is None) == (None, False)
    slow_dns.zone = {}
    with worker(slow_dns.address):
        wait_for(lambda: len(left(check_round)) <= TASKS_AT_A_TIME)
        assert "domain_records" in left(check_round)
        check_round.runs.filter(ended_at=None).update(awaited_until=timezone.now())
        sweep_overdue_checks()
        wait_for(lambda: not left(check_round))
    lost.refresh_from_db()
    assert (lost.error, lost.signals.exclude(finding=Finding.UNKNOWN).exists()) == ("", True)
    assert check_round.deadline_at > timezone.now()


def test_checks_alone_go_to_their_queue_and_a_worker_that_is_told_of_none_takes_both() -> None:
    tasks = [name for name in app.tasks if not name.startswith("celery.")]
    queues = {name: app.amqp.router.route({}, name)["queue"].name for name in tasks}
    assert {name for name in tasks if queues[name] == "checks"} == {run_check.name}
    assert set(queues.values()) == set(app.amqp.queues.consume_from) == {"celery", "checks"}


def test_mail_leaves_while_every_slot_of_the_checks_waits_for_a_silent_name_server(
    transactional_db: None, client: Client
) -> None:
    app.control.purge()
    world, shops = make_world(), {f"shop-{number}.example" for number in range(TASKS_AT_A_TIME)}
    for shop in shops:
        details = replace(DETAILS, sending_domains=(shop,))
        ask_to_lift(world.subscription().pk, details, by=world.actor("olive"))
    reference = world.case_in(State.IN_REVIEW).reference
    while deliver_due():
        pass
    redis_client().delete(*HEARTBEATS.values())
    with silent_server() as silent, worker(silent.address), worker(silent.address, "worker"):
        wait_for(lambda: shops <= silent.asked())
        in_hand = CheckRun.objects.filter(ended_at=None, check_slug="domain_records").order_by("pk")
        looks = list(in_hand.values_list("pk", "awaited_until"))
        withdraw(reference, by=world.actor("olive"))
        wait_for(lambda: KeptMail.objects.filter(subject__contains="was withdrawn").exists())
        assert list(in_hand.values_list("pk", "awaited_until")) == looks, "they wait still, on the same look"
        assert len(looks) == TASKS_AT_A_TIME
        assert client.get("/readyz").json()["checks_worker"]["ok"], "busy is not dead"


def test_a_run_is_handed_out_again_once_and_only_if_nobody_has_it(
    world: World, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    use([saw("a", Finding.CLEAR)])
    run, handed_out = running(world.submitted()).runs.get(), []
    monkeypatch.setattr(run_check, "apply_async", lambda args, **limits: handed_out.append(args))
    sweep_overdue_checks()  # in the queue: nobody has taken it yet
    await_answer(run.pk, 60)
    sweep_overdue_checks()  # in hand
    assert handed_out == []
    await_answer(run.pk, -1)
    sweep_overdue_checks()
    sweep_overdue_checks()
    assert handed_out == [(run.pk,)]


def test_what_a_flushed_broker_lost_is_handed_out_again(
    world: World, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it is flushed; a task that waits in a long queue has its time, and counts once."""
    use([saw("a", Finding.CLEAR)])
    run, handed_out = running(world.submitted()).runs.get(), []
    monkeypatch.setattr(run_check, "apply_async", lambda args, **limits: handed_out.append(args))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        hand_out_checks({"reference": run.round.case.reference})
        for times in (1, 2, 3):
            clock.shift(84)
            sweep_overdue_checks()
            assert handed_out == [(run.pk,)] * times, "it may still be in the queue"
            clock.shift(2)
            sweep_overdue_checks()
            assert handed_out == [(run.pk,)] * (times + 1)
        assert run.round.deadline_at > timezone.now()
        for args in handed_out:
            run_check.apply(args)
    assert findings(run) == {"a": Finding.CLEAR}


def test_a_broker_that_is_away_as_a_round_starts_loses_nothing(
    world: World, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    use([saw("a", Finding.CLEAR)])
    run = running(world.submitted()).runs.get()
    monkeypatch.setattr(run_check, "apply_async", lambda *args, **limits: raise_(OSError("away")))
    with pytest.raises(OSError, match="away"):
        hand_out_checks({"reference": run.round.case.reference})
    run.refresh_from_db()
    assert run.awaited_until is None, "its message has not left, and is tried again"


def test_a_broker_that_is_away_loses_nothing(world: World, use: Use, monkeypatch: pytest.MonkeyPatch) -> None:
    use([saw("a", Finding.CLEAR)])
    run = running(world.submitted()).runs.get()
    await_answer(run.pk, -1)
    with monkeypatch.context() as away:
        away.setattr(run_check, "apply_async", lambda *args, **limits: raise_(OSError("away")))
        with pytest.raises(OSError, match="away"):
            sweep_overdue_checks()
    assert lost_runs() == [(run.pk, "odd")]
