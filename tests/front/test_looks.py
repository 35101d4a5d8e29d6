"""Chips and pictures: each state and outcome has its own word, meaning and picture."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from cases.models import Flag, State
from front.icons import SHAPES
from front.looks import LOOKS
from subscriptions.policy.outcome import Outcome
from subscriptions.policy.wording import OUTCOME_WORDS

MEANINGS = {"open", "blocked", "waiting", "held", "plain"}
TEMPLATES = Path(settings.BASE_DIR) / "templates"
SOURCES = sorted(TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("value", [*State, *Outcome, *Flag])
def test_every_state_outcome_and_flag_has_a_chip(value: str) -> None:
    if value == State.NEW:  # never stored, so never shown
        return
    look = LOOKS[value]
    assert look.label
    assert look.meaning in MEANINGS
    assert look.icon in SHAPES


def test_a_chip_says_in_words_what_its_colour_means() -> None:
    shown = Template("{% load desk %}{% chip 'never' %}{% chip 'approved' 'Exempt since May' %}").render(
        Context()
    )
    assert "Blocked, never lifted" in shown
    assert "Exempt since May" in shown
    assert shown.count('aria-hidden="true"') == 2


def test_an_unknown_value_is_shown_as_it_is() -> None:
    assert "Sent elsewhere" in Template("{% load desk %}{% chip 'sent_elsewhere' %}").render(Context())


def test_four_outcomes_say_that_port_25_is_blocked() -> None:
    blocked = {outcome for outcome, words in OUTCOME_WORDS.items() if words.is_blocked}
    assert blocked == {Outcome.MAY_REQUEST, Outcome.NOT_YET, Outcome.VIA_PARTNER, Outcome.NEVER}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_templates_hold_no_inline_style_script_or_handler(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if "email" not in path.parts:  # a mail brings its looks along: no stylesheet comes after it
        assert not re.search(r"\sstyle=", source)
    assert not re.search(r"\son[a-z]+=", source)
    assert not re.search(r"<script(?![^>]*\ssrc=)", source)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_templates_name_pictures_that_there_are(path: Path) -> None:
    named = re.findall(r'{% icon "([^"]+)"', path.read_text(encoding="utf-8"))
    assert set(named) <= set(SHAPES)
