"""The registry: whatever check there is has its words, its weights and a time limit, and may fail."""

from datetime import UTC, datetime

import pytest

from cases.antifraud.registry import Check, registry
from cases.antifraud.rounds import unanswered
from config.celery import app

SHIPPED = {
    "account", "addresses", "blocklists", "contact", "domain_age", "domain_owner", "domain_records", "history", "links",
    "velocity", "volume", "words",
}  # fmt: skip


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
