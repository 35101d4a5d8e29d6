"""docs/antifraud.md says of each check what the code says: it cannot go stale."""

import re

import pytest
from django.conf import settings

from cases.antifraud.registry import Check, registry
from cases.tasks import FIRST_WAIT, MOST_ATTEMPTS
from lookups.blocklists import parse
from subscriptions.policy.document import AntiFraud

PAGE = (settings.BASE_DIR / "docs" / "antifraud.md").read_text()
CHECKS = PAGE.partition("## Checks\n")[2].partition("\n## ")[0]


def section(title: str) -> dict[str, str]:
    """Its lines by their headings."""
    text = CHECKS.partition(f"### {title}\n")[2].partition("\n### ")[0]
    return dict(re.findall(r"^- \*\*(.+):\*\* (.+)$", text, re.MULTILINE))


@pytest.mark.parametrize("check", registry().values(), ids=lambda check: check.slug)
def test_every_check_is_told_as_it_is(check: Check) -> None:
    told = section(check.title)
    assert told.pop("Unknown means").endswith(".")
    assert told == {
        "Looks at": check.looks_at,
        "Proves": check.proves,
        "Does not prove": check.proves_not,
        "Weights": ", ".join(f"`{part}` {weight}" for part, weight in check.weights.items()),
    }


def test_no_check_is_told_that_is_not_there() -> None:
    titles = re.findall(r"^### (.+)\n- \*\*Looks at", CHECKS, re.MULTILINE)
    assert titles == [check.title for check in registry().values()]


def test_the_numbers_are_those_of_the_code() -> None:
    shipped = AntiFraud()
    for name in ("high_from", "elevated_from"):
        assert f"`antifraud.{name}` ({getattr(shipped, name)})" in CHECKS
    assert f"`antifraud.deadline_minutes` of the policy, {shipped.deadline_minutes} unless" in CHECKS
    assert MOST_ATTEMPTS == 3
    assert f"is tried three times, {FIRST_WAIT} and {FIRST_WAIT * 2} seconds apart" in CHECKS


def test_the_example_of_blocklists_can_be_used() -> None:
    (example,) = re.findall(r"^BLOCKLISTS=(.+)$", CHECKS, re.MULTILINE)
    assert [each.zone for each in parse(example.split(","))] == ["bl.example", "other.example"]
