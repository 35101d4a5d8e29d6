"""A draft beside the version in force, line by line."""

from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 2
"""Lines that are shown before and after a difference."""


@dataclass(frozen=True, slots=True)
class Line:
    """``kind`` is ``same``, ``out``, ``in``, or ``gap`` for lines that are alike and left out."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[Line]:
    """What leaves and what comes, each with a few lines around it; empty where nothing differs."""
    old, new = before.splitlines(), after.splitlines()
    groups = list(SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND))
    shown: list[Line] = []
    for group in groups:
        if shown:
            shown.append(Line("gap", ""))
        for tag, i, j, k, m in group:
            if tag == "equal":
                shown += [Line("same", text) for text in old[i:j]]
            else:
                shown += [Line("out", text) for text in old[i:j]] + [Line("in", text) for text in new[k:m]]
    return shown
