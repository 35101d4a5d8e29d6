"""Set-ups for sending through an authenticated relay: read from ``front/relays/``, filled in for a visitor."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

RELAYS = Path(__file__).parent / "relays"
ORDER = (
    "postfix",
    "exim",
    "sendmail",
    "msmtp",
    "exchange",
    "python",
    "nodejs",
    "dotnet",
    "php",
    "java",
)
PLACEHOLDERS = {
    "host": "relay.example.net",
    "user": "relay-user",
    "sender": "you@example.com",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to write or run: ``title`` names the file or says what it does."""

    title: str
    text: str
    say: str = ""


@dataclass(frozen=True, slots=True)
class Setup:
    """How one mail server or language sends through a relay; ``heed`` is what people stumble over."""

    slug: str
    name: str
    kind: str
    steps: tuple[Step, ...]
    heed: tuple[str, ...]


@cache
def setups() -> tuple[Setup, ...]:
    """All of them, servers first."""
    return tuple(_read(slug) for slug in ORDER)


def filled(setup: Setup, values: Mapping[str, str]) -> Setup:
    """The set-up with a visitor's ``host``, ``user`` and ``sender`` in place of the examples."""
    steps = tuple(
        replace(step, title=fill(step.title, values), text=fill(step.text, values)) for step in setup.steps
    )
    return replace(setup, steps=steps)


def fill(text: str, values: Mapping[str, str]) -> str:
    """One text with the values that are given, and the examples for the others."""
    for name, placeholder in PLACEHOLDERS.items():
        text = text.replace(placeholder, values.get(name) or placeholder)
    return text


def _read(slug: str) -> Setup:
    written = yaml.safe_load((RELAYS / f"{slug}.yaml").read_text(encoding="utf-8"))
    steps = tuple(Step(**step) for step in written["steps"])
    return Setup(slug, written["name"], written["kind"], steps, tuple(written["heed"]))
