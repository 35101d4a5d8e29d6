"""Reading YAML with the line of every key kept, so that each fault can be pointed at.

Every scalar is text: YAML's own guesses (``no`` for false, ``1.10`` for 1.1) never come into it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

Path = tuple[str | int, ...]
"""Where a value stands: keys and, in lists, positions from 0."""

Fault = tuple[Path, str]
"""Where, and what is wrong there."""

# Control characters (NUL among them), half of a surrogate pair, and marks that turn the direction of writing.
NO_TEXT = re.compile(
    r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


class PolicyError(ValueError):
    """A policy document that cannot be used; one line for each fault, with file, line and key."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document's values, all of them text, with the line of each."""

    name: str
    value: Any
    lines: dict[Path, int] = field(repr=False)

    def error(self, faults: Sequence[Fault]) -> PolicyError:
        """The error that tells of ``faults``, in the order of their lines."""
        told = sorted((self._line(path), f"{_written(path)}: {reason}") for path, reason in faults)
        return PolicyError("\n".join(f"{self.name}:{line}: {text}" for line, text in told))

    def _line(self, path: Path) -> int:
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]


def read_source(text: str, name: str) -> Source:
    """The document of ``text``; ``name`` is what its errors call it.

    Raises ``PolicyError`` where it is no YAML, names a key twice, uses anchors, or holds what is
    no text or hides text: also in a comment, since people read the document as it stands.
    """
    if found := NO_TEXT.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise PolicyError(f"{name}:{line}: {_no_text(found[0])}")
    try:
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise PolicyError(f"{name}:{mark.line + 1 if mark else 1}: {error.problem}") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise PolicyError(f"{name}:1: this is not readable as YAML: {error}") from None
    if root is None:
        raise PolicyError(f"{name}:1: the document is empty")
    reader = _Reader()
    source = Source(name, reader.value(root, ()), reader.lines)
    if reader.faults:
        raise source.error(reader.faults)
    return source


class _Reader:
    """Turns nodes into values, noting lines and faults on the way."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self._seen:
            self.faults.append((path, "anchors and aliases (& and *) are not used here; write it out"))
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, number)) for number, item in enumerate(node.value)]
        return self._text(node.value, path)

    def _text(self, text: str, path: Path) -> str:
        """A scalar; in quotes it may stand for what the document itself does not hold."""
        if found := NO_TEXT.search(text):
            self.faults.append((path, _no_text(found[0])))
        return text.strip()

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, path)
            at = (*path, key)
            if key in values:
                self.faults.append((at, f"is given twice, first on line {self.lines[at]}"))
            self.lines[at] = key_node.start_mark.line + 1
            values[key] = self.value(value_node, at)
        return values

    def _key(self, node: yaml.Node, path: Path) -> str:
        """The key as it can be shown; one that is no plain text is a fault where it stands."""
        if not isinstance(node, yaml.ScalarNode):
            key, reason = "?", "a key is one word, not a list or a mapping"
        elif found := NO_TEXT.search(node.value):
            key, reason = ascii(node.value)[1:-1], _no_text(found[0])
        else:
            return str(node.value)
        self.lines[*path, key] = node.start_mark.line + 1
        self.faults.append(((*path, key), reason))
        return key


def _no_text(character: str) -> str:
    return f"holds the character U+{ord(character):04X}, which is no text or hides some; take it out"


def _written(path: Path) -> str:
    """``offers[3].family``; ``document`` for the whole."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(steps).lstrip(".") or "document"
