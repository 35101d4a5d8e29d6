"""Rules as they are stored: parsed, and the shipped ones."""

from functools import lru_cache
from pathlib import Path

from cases.antifraud.rules.document import Rule, read_rule
from cases.models import AutoRule
from subscriptions.policy.source import PolicyError

SHIPPED = Path(__file__).parent / "shipped"


def rule_of(row: AutoRule) -> Rule:
    """What the row's document says. Raises ``PolicyError`` where this version of the product cannot read it."""
    return _parsed(row.document, row.pk)


def text_of_rule(path: Path) -> str:
    """The file's text. Raises ``PolicyError`` where it is none, ``OSError`` where it is not there."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyError(f"{path.name}: byte {error.start} is not UTF-8") from None


def shipped_rules() -> list[Path]:
    """The examples that come with the product."""
    return sorted(SHIPPED.glob("*.yaml"))


@lru_cache(maxsize=64)
def _parsed(document: str, name: str) -> Rule:
    """Documents never change, so each is parsed once in a process."""
    return read_rule(document, name)
