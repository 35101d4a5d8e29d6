"""The document and the picture of the state machine are what the machine is."""

from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.core.management import call_command

from cases.drawing import PLACES, moves, picture
from cases.models import Case, State


@pytest.mark.parametrize("name", ["state-machine.md", "state-machine.svg"])
def test_what_is_in_docs_is_up_to_date(tmp_path: Path, name: str) -> None:
    call_command("draw_states", tmp_path, stdout=StringIO())
    drawn = (tmp_path / name).read_text(encoding="utf-8")
    kept = (settings.BASE_DIR / "docs" / name).read_text(encoding="utf-8")
    assert kept == drawn, "draw it again: manage.py draw_states"


def test_every_move_is_drawn_once() -> None:
    transitions = Case().get_all_state_transitions()  # type: ignore[attr-defined]  # added by FSMField
    machine = sorted((t.name, t.source, t.target) for t in transitions)
    assert sorted((move.verb, move.start.value, move.end.value) for move in moves()) == machine


def test_every_state_has_a_place_of_its_own() -> None:
    assert set(PLACES) == set(State)
    assert len(set(PLACES.values())) == len(PLACES)


def test_the_picture_is_read_by_strict_readers() -> None:
    words = [element.text for element in ET.fromstring(picture()).iter() if element.tag.endswith("text")]  # noqa: S314  # our own
    assert set(words) >= {"in review", "route to partner", "withdraw, from every broken line"}
