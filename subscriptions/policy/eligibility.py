"""The answer that a policy gives for one subscription, and its plain form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from subscriptions.policy.conditions import Unmet
from subscriptions.policy.outcome import Outcome


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One rule that was looked at, whether it applied, and why, in a plain sentence."""

    rule: str
    clause: str
    applied: bool
    why: str


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What a policy says of one subscription.

    ``family`` is the one that it was judged as, ``None`` where there are several or none.
    ``rule`` and ``clause`` are those that applied; where several agree, the policy's first. Where
    nothing can be told, ``rule`` is ``None``, ``clause`` is the one on undecided questions,
    ``missing`` names the facts that are missing or at odds, and ``question`` says so in words.
    ``ask_again_from`` is the day (UTC) from which time alone will have met every condition.
    ``reading`` says how the facts were understood, ``trace`` what became of each rule.
    """

    outcome: Outcome
    policy: str
    family: str | None = None
    rule: str | None = None
    clause: str | None = None
    unmet: tuple[Unmet, ...] = ()
    ask_again_from: date | None = None
    missing: tuple[str, ...] = ()
    question: str = ""
    reading: tuple[str, ...] = ()
    trace: tuple[TraceStep, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON: lists for tuples, the day in ISO 8601."""
        again = self.ask_again_from
        return {
            "outcome": self.outcome.value,
            "family": self.family,
            "rule": self.rule,
            "clause": self.clause,
            "unmet": [_plain(unmet) for unmet in self.unmet],
            "ask_again_from": again.isoformat() if again else None,
            "missing": list(self.missing),
            "question": self.question,
            "policy": self.policy,
            "reading": list(self.reading),
            "trace": [_plain(step) for step in self.trace],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The answer that ``as_json`` gave."""
        again = stored["ask_again_from"]
        read = {
            "outcome": Outcome(stored["outcome"]),
            "unmet": tuple(Unmet(**unmet) for unmet in stored["unmet"]),
            "ask_again_from": date.fromisoformat(again) if again else None,
            "missing": tuple(stored["missing"]),
            "reading": tuple(stored["reading"]),
            "trace": tuple(TraceStep(**step) for step in stored["trace"]),
        }
        return cls(**{**stored, **read})


def _plain(row: TraceStep | Unmet) -> dict[str, Any]:
    """As ``asdict``, which copies deeply what has no depth and takes ten times as long."""
    return {name: getattr(row, name) for name in row.__slots__}
