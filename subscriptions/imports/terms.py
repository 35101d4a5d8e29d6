"""What an import is told, and what it tells."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from subscriptions.imports.entries import Refused, Skipped
from subscriptions.policy.document import Policy


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a whole import.

    ``as_of`` is when its facts were so, ``now`` when it began; ``unit`` is what its numbers count.
    """

    as_of: datetime
    now: datetime
    source: str
    unit: str = "line"
    is_dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What subscriptions are held to: the policy that names families, and whether partners may change."""

    policy: Policy
    may_move: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What changes in something stored, which ``id`` names: by name, what stands and what comes."""

    number: int
    id: str
    before: Mapping[str, str]
    after: Mapping[str, str]

    def __str__(self) -> str:
        changed = [name for name in self.after if self.before[name] != self.after[name]]
        told = [f"{name} {self.before[name] or 'none'} → {self.after[name] or 'none'}" for name in changed]
        return f"would change {self.id}: {', '.join(told)}"


@dataclass(frozen=True, slots=True)
class Addition:
    """What is new, by its ``id``: by name, what would be stored of it."""

    number: int
    id: str
    values: Mapping[str, str]

    def __str__(self) -> str:
        return f"would add {self.id}: {', '.join(f'{name} {value}' for name, value in self.values.items() if value)}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch; ``changes``, additions among them, are told in a dry run alone.

    ``counts`` go by the names that the import's ``Report`` tells of.
    """

    counts: Counter[str]
    left: list[Refused | Skipped]
    changes: list[Change | Addition] = field(default_factory=list)
