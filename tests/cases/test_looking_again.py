"""Checks that met a failure of the moment: they look again with back-off, and keep what was known meanwhile."""

import json
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from cases.actions import customer
from cases.actions.checks import end_round
from cases.actors import SYSTEM
from cases.antifraud.signals import Signal
from cases.models import CheckRun, Finding
from cases.tasks import run_check, sweep_overdue_checks
from tests.cases.antifraud.test_outside_checks import registered
from tests.cases.test_tasks import Use, findings, use  # noqa: F401  # a fixture
from tests.cases.views.checking import running
from tests.cases.views.checking import signal as saw
from tests.lookups.readiness.test_readiness import READY
from tests.outside.dns import OutsideDNS
from tests.outside.http import OutsideHTTP, Reply, hang
from tests.world import DETAILS, World

NOT_NOW = Signal("b", Finding.UNKNOWN, "Nobody answered.", "a test", timezone.now(), is_passing=True)
NEVER = Signal("b", Finding.UNKNOWN, "It cannot be known.", "a test", timezone.now())


@pytest.fixture
def handed_out(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, dict[str, Any]]]:
    """The tasks that are handed out, and with which limits; the broker gets none of them."""
    given: list[tuple[Any, dict[str, Any]]] = []
    monkeypatch.setattr(run_check, "apply_async", lambda args, **limits: given.append((args, limits)))
    return given


def run_of(world: World, slug: str) -> CheckRun:
    return running(world.submitted()).runs.get(check_slug=slug)


def told_of(run: CheckRun) -> str | None:
    """Why there is no answer, as an operator reads it."""
    out = StringIO()
    call_command("antifraud", run.round.case.reference, "--json", stdout=out)
    (told,) = json.loads(out.getvalue())["rounds"]
    error: str | None = next(row["error"] for row in told["checks"] if row["check"] == run.check_slug)
    return error


def looked(run: CheckRun) -> CheckRun:
    """The run after its task was done once more."""
    run_check.apply((run.pk,))
    return CheckRun.objects.select_related("round").get(pk=run.pk)


def is_due(run: CheckRun) -> None:
    CheckRun.objects.filter(pk=run.pk).update(awaited_until=timezone.now())


def test_a_name_server_that_fails_first_and_then_answers(
    world: World,
    dns_server: OutsideDNS,
    handed_out: list[Any],
) -> None:
    dns_server.zone = dict(READY) | {"shop.example": ["servfail"]}
    run = looked(run_of(world, "domain_records"))
    assert run.ended_at is None
    kept = findings(run)
    assert kept == {"dmarc": "clear", "ptr": "clear", "fcrdns": "clear"}, "what is known is kept at once"
    is_due(run)
    sweep_overdue_checks()
    assert [args for args, _ in handed_out] == [(run.pk,)]
    dns_server.zone = dict(READY) | {"_dmarc.shop.example": ["servfail"]}
    run = looked(run)
    assert run.ended_at is not None
    assert findings(run) == kept | {"mx": "clear", "spf": "clear", "spf_address": "clear"}
    assert run.error == ""


@pytest.mark.parametrize("reply", [Reply(503), Reply(429), Reply(misbehave=hang)])
def test_a_registry_that_fails_first_and_then_answers(
    world: World,
    rdap: OutsideHTTP,
    reply: Reply,
) -> None:
    rdap.replies["/domain/shop.example"] = reply
    run = looked(run_of(world, "domain_age"))
    assert (run.ended_at, findings(run)) == (None, {})
    rdap.replies["/domain/shop.example"] = registered("1999-01-01T00:00:00Z")
    run = looked(run)
    assert (run.ended_at is not None, findings(run)) == (True, {"domain_age": "clear"})


@pytest.mark.parametrize("zone", [{}, {"7.113.0.203.list.example": ["A 127.255.255.254"]}, None])
def test_only_a_failure_of_the_moment_is_looked_at_again(
    world: World,
    dns_server: OutsideDNS,
    zone: dict[str, list[str]] | None,
) -> None:
    """A list that answers, or refuses, has answered; one that is away has not."""
    dns_server.zone = {"7.113.0.203.list.example": ["servfail"]} if zone is None else dict(zone)
    with override_settings(BLOCKLISTS=["list.example=127.0.0.2:spam source"]):
        run = looked(run_of(world, "blocklists"))
    assert (run.ended_at is None) is (zone is None)


def test_each_wait_is_as_long_as_all_before_it_and_the_last_look_ends_in_time(
    world: World,
    use: Use,  # noqa: F811  # the fixture
    handed_out: list[Any],
) -> None:
    use([saw("a", Finding.FLAGGED), NOT_NOW])
    waits: list[float] = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        run = looked(run_of(world, "odd"))
        while run.ended_at is None:
            assert run.awaited_until is not None
            sweep_overdue_checks()
            assert len(handed_out) == len(waits), "not before it is due"
            waits.append((run.awaited_until - timezone.now()).total_seconds())
            clock.move_to(run.awaited_until + timedelta(microseconds=1))
            sweep_overdue_checks()
            run = looked(run)
        left = (run.round.deadline_at - timezone.now()).total_seconds()
    assert [round(wait) for wait in waits] == [15, 15, 30, 60, 120, 240, 80]
    assert 20 < left < 60, "time for a whole look before the deadline of ten minutes"
    assert handed_out == [((run.pk,), {"soft_time_limit": 20, "time_limit": 25})] * len(waits)
    assert findings(run) == {"a": "flagged", "b": "unknown"}
    assert run.signals.get(part="b").sentence == "Nobody answered.", "what was met, and not that it ended"


def test_at_the_deadline_what_is_kept_stays_and_the_rest_is_unknown(
    world: World,
    use: Use,  # noqa: F811  # the fixture
) -> None:
    use([saw("a", Finding.FLAGGED), NOT_NOW], [saw("a", Finding.CLEAR), NOT_NOW])
    run = looked(looked(run_of(world, "odd")))
    assert run.ended_at is None
    end_round(run.round.case.reference, by=SYSTEM)
    run.refresh_from_db()
    assert findings(run) == {"a": "flagged", "b": "unknown"}
    assert (run.error, run.signals.count()) == ("it did not answer in time", 2)
    assert run.round.case.rounds.get().band == "high"


def test_a_listing_that_was_seen_stays_however_silent_another_list_is(
    world: World,
    dns_server: OutsideDNS,
) -> None:
    """Also where the one list is silent next time; what has not answered by the deadline is unknown."""
    answers, silent = "7.113.0.203.list.example", "7.113.0.203.silent.example"
    dns_server.zone = {answers: ["A 127.0.0.2"], silent: ["servfail"]}
    lists = [f"{zone}=127.0.0.2:spam source" for zone in ("list.example", "silent.example")]
    with override_settings(BLOCKLISTS=lists):
        run = looked(run_of(world, "blocklists"))
        assert (run.ended_at, findings(run)) == (None, {"blocklist": "flagged"})
        assert (run.error, run.still_asked) == ("", ["blocklist"])
        assert told_of(run) == "still asked for blocklist"
        dns_server.zone = {answers: ["servfail"], silent: ["servfail"]}
        run = looked(run)
    end_round(run.round.case.reference, by=SYSTEM)
    assert list(run.signals.order_by("id").values_list("finding", "subject")) == [
        ("flagged", "203.0.113.7"),
        ("unknown", ""),
    ]
    run.refresh_from_db()
    assert (run.error, run.still_asked) == ("it did not answer in time", None)
    assert told_of(run) == run.error


def test_what_the_version_before_kept_as_a_sentence_is_kept_as_parts(world: World) -> None:
    """And as a sentence again, where the migration is taken back; what has ended stays as it was."""
    open_, plain, ended = running(world.submitted()).runs.all()[:3]
    sentence = "still asked for mx, spf"
    CheckRun.objects.filter(pk=open_.pk).update(error=sentence)
    CheckRun.objects.filter(pk=ended.pk).update(error=sentence, ended_at=timezone.now())
    migration = import_module("cases.migrations.0025_what_a_check_still_asks")
    for sql in (migration.OUT_OF_THE_SENTENCE, migration.BACK_INTO_IT):
        with connection.cursor() as cursor:
            cursor.execute(sql)
        rows = CheckRun.objects.in_bulk([open_.pk, plain.pk, ended.pk])
        assert (rows[open_.pk].error, rows[open_.pk].still_asked) == (sentence, ["mx", "spf"])
        CheckRun.objects.filter(pk=open_.pk).update(error="")  # as this version leaves it
        assert (rows[plain.pk].error, rows[plain.pk].still_asked) == ("", None)
        assert (rows[ended.pk].error, rows[ended.pk].still_asked) == (sentence, None)


def test_each_domain_is_waited_for_by_itself(
    world: World,
    dns_server: OutsideDNS,
) -> None:
    """Two domains are asked about one address: what each answered once is known, in whichever look."""
    details = replace(DETAILS, sending_domains=("shop.example", "two.example"))
    case = customer.ask_to_lift(world.subscription().pk, details, by=world.actor("olive"))
    dns_server.zone = dict(READY) | {"shop.example": ['TXT "v=spf1 +all"'], "two.example": ["servfail"]}
    run = looked(running(case).runs.get(check_slug="domain_records"))
    dns_server.zone |= {"shop.example": ["servfail"], "two.example": ['TXT "v=spf1 -all"']}
    run = looked(run)
    told = run.signals.filter(part__startswith="spf").values_list("evidence__domain", "part", "finding")
    assert set(told) == {
        ("shop.example", "spf", "flagged"),
        ("shop.example", "spf_address", "clear"),
        ("two.example", "spf", "clear"),
        ("two.example", "spf_address", "flagged"),
    }
    assert (run.ended_at is not None, run.error) == (True, "")


def test_what_no_second_look_would_tell_ends_at_once(
    world: World,
    use: Use,  # noqa: F811  # the fixture
) -> None:
    use([NEVER])
    assert looked(run_of(world, "odd")).ended_at is not None
