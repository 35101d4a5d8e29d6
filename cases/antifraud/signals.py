"""What a check says: a finding about a subject, with its evidence and a sentence for a reviewer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.models import Finding, TraitKind

MOST_TOLD = 20
"""So many of a kind (cases, ends, addresses) one signal's evidence names: a reviewer follows no more."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a signal points at: a domain, an address, a contact…; its page shows where else it turned up."""

    kind: TraitKind
    value: str


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that a check saw. ``UNKNOWN`` is never read as clear.

    ``part`` names which of the check's findings it is (``spf``, ``domain_age``): weights go by it.
    ``sentence`` is for reviewers. ``evidence`` holds what JSON keeps; ``source`` says where it is
    from, ``as_of`` how old it is. ``is_passing`` where it is unknown for a failure of the moment (a
    time-out, a server that is away): its check looks again as long as the round has time.
    """

    part: str
    finding: Finding
    sentence: str
    source: str
    as_of: datetime
    subject: Subject | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    is_passing: bool = False
