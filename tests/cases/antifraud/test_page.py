"""docs/antifraud.md says of each check what the code says: it cannot go stale."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from cases.antifraud.described import described
from cases.antifraud.registry import Check, registry
from cases.tasks import FIRST_WAIT, MOST_ATTEMPTS
from lookups.blocklists import parse
from subscriptions.policy.document import AntiFraud

PAGE = (settings.BASE_DIR / "docs" / "antifraud.md").read_text()
CHECKS = PAGE.partition("## Checks\n")[2].partition("\n## ")[0]


def test_what_is_told_of_the_checks_is_up_to_date(tmp_path: Path) -> None:
    page = tmp_path / "antifraud.md"
    page.write_text(PAGE.replace(registry()["links"].proves_not, "Something else."))
    call_command("describe_checks", page, stdout=StringIO())
    assert page.read_text() == PAGE, "write it again: manage.py describe_checks (make format does, too)"


@pytest.mark.parametrize("check", registry().values(), ids=lambda check: check.slug)
def test_every_check_is_told_with_what_it_does_not_prove(check: Check) -> None:
    section = described(PAGE).partition(f"### {check.title}\n")[2].partition("\n### ")[0]
    words = [check.looks_at, check.proves, check.proves_not, check.unknown_means, *check.weights]
    assert not [each for each in words if each not in section]


def test_a_page_without_a_place_for_it_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Nothing here.")
    with pytest.raises(CommandError, match="no place for the section"):
        call_command("describe_checks", page)
    assert page.read_text() == "Nothing here."


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
