"""``manage.py load_policy`` as its caller sees it."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.subscriptions.policy.documents import CORNERS

pytestmark = pytest.mark.django_db


def run(path: Path) -> str:
    out = io.StringIO()
    call_command("load_policy", str(path), stdout=out)
    return out.getvalue().strip()


def test_a_document_is_loaded_once(tmp_path: Path) -> None:
    path = tmp_path / "corners.yaml"
    path.write_text(CORNERS, encoding="utf-8")
    assert run(path) == "corners: loaded; in force from 1 Jun 2019, 12:00 UTC."
    assert run(path) == "corners: was loaded before, nothing changed; in force from 1 Jun 2019, 12:00 UTC."


def test_an_example_says_that_it_is_one(tmp_path: Path) -> None:
    path = tmp_path / "corners.yaml"
    path.write_text(CORNERS.replace("effective_from: 2019-06-01T12:00:00Z\n", ""), encoding="utf-8")
    assert run(path) == "corners: loaded; an example, never in force."


def test_a_bad_document_is_refused_with_line_and_key(tmp_path: Path) -> None:
    path = tmp_path / "corners.yaml"
    path.write_text(CORNERS.replace("family: gold}", "family: silver}"), encoding="utf-8")
    with pytest.raises(CommandError) as refusal:
        run(path)
    assert str(refusal.value) == (
        "corners.yaml:12: offers[2].family: silver is not there; allowed are: free, basic, gold"
    )


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.yaml: No such file or directory"):
        run(tmp_path / "none.yaml")
