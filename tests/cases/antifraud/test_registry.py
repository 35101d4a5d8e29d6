"""The registry: whatever check there is has its words, its weights and a time limit, and may fail."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from cases.actions.checks import end_run
from cases.antifraud import checks
from cases.antifraud.described import BEGINS, ENDS, described
from cases.antifraud.registry import Check, registry
from cases.antifraud.rounds import unanswered
from cases.antifraud.rules.document import read_rule
from cases.models import SignalRow
from cases.tasks import run_check
from config.celery import app
from subscriptions.policy.versions import add_version
from tests.cases.policies import document as policy_document
from tests.cases.rules import document
from tests.cases.views.checking import running
from tests.world import World

SHIPPED = {
    "account", "addresses", "blocklists", "contact", "domain_age", "domain_owner", "domain_records", "history", "links",
    "velocity", "volume", "words",
}  # fmt: skip
"""What the product promises; each of them is in the demo in every finding."""


def test_the_shipped_checks_are_there() -> None:
    assert set(registry()) >= SHIPPED


@pytest.mark.parametrize("check", registry().values(), ids=lambda check: check.slug)
def test_a_check_says_what_it_is(check: Check) -> None:
    assert registry()[check.slug] is check
    assert check.title
    for words in (check.looks_at, check.proves, check.proves_not, check.unknown_means):
        assert words.endswith("."), words
    assert check.weights
    assert all(0 < weight <= 1000 for weight in check.weights.values())
    assert set(check.labels) <= set(check.weights)
    assert 0 < check.seconds + 5 <= app.conf.task_time_limit
    longest = SignalRow._meta.get_field("part").max_length
    assert longest
    assert max(map(len, [check.slug, *check.weights])) <= longest


ODD = '''"""A check that is one file, and that nothing else knows of."""

from cases.antifraud.registry import Check
from cases.antifraud.signals import Signal
from cases.models import Finding


def look(case):
    yield Signal("odd_name", Finding.FLAGGED, f"{case.customer_name} is odd.", "the request", case.at)


CHECK = Check(
    slug="odd",
    title="Oddity",
    weights={"odd_name": 7},
    looks_at="The name.",
    proves="That it is odd.",
    proves_not="That anybody is.",
    look=look,
)
'''


@pytest.fixture
def one_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One file more among the checks."""
    (tmp_path / "odd.py").write_text(ODD)
    monkeypatch.setattr(checks, "__path__", [*checks.__path__, str(tmp_path)])
    registry.cache_clear()
    yield
    registry.cache_clear()
    sys.modules.pop(f"{checks.__name__}.odd")


@pytest.mark.usefixtures("one_more")
def test_a_check_is_one_file(world: World, client: Client) -> None:
    """It is run, weighed, explained, shown, printed, documented; policies and rules may name its part."""
    check_round = running(world.submitted())
    case = check_round.case
    for run in check_round.runs.exclude(check_slug="odd"):
        end_run(run.pk, [])
    run_check.apply((check_round.runs.get(check_slug="odd").pk,))
    check_round.refresh_from_db()
    assert (check_round.band, [part["part"] for part in check_round.parts]) == ("low", ["odd_name"])
    client.force_login(world.user("rita"))
    page = client.get(f"/review/{case.reference}/").content.decode()
    assert ("Oddity" in page, "Contoso is odd." in page) == (True, True)
    printed = StringIO()
    call_command("antifraud", case.reference, stdout=printed)
    assert "FLAGGED  odd/odd_name: Contoso is odd." in printed.getvalue()
    assert "### Oddity\n- **Looks at:** The name.\n" in described(BEGINS + ENDS)
    add_version(weighing("odd_name: 9"), "weighed.yaml")
    assert read_rule(document(when="{bands: [low], clear: [odd_name]}"), "rule.yaml").when.clear == (
        "odd_name",
    )


def weighing(weight: str) -> str:
    return f"{policy_document('weighed')}\nantifraud:\n  weights:\n    {weight}\n"


def test_no_part_belongs_to_two_checks() -> None:
    parts = [part for check in registry().values() for part in check.weights]
    assert len(parts) == len(set(parts))


@pytest.mark.parametrize("slug", [*sorted(SHIPPED), "retired"])
def test_without_an_answer_every_part_is_unknown(slug: str) -> None:
    signals = unanswered(slug, "it failed (OSError)", datetime(2026, 3, 10, tzinfo=UTC))
    assert {signal.part for signal in signals} == set(
        registry()[slug].weights if slug in registry() else [slug]
    )
    assert {signal.finding.value for signal in signals} == {"unknown"}
    assert all("it failed (OSError)" in signal.sentence for signal in signals)
