"""Rounds of checks as a reviewer reads them: flags first, what changed since, nothing as a bare number."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cases.antifraud.registry import Check, registry
from cases.antifraud.rounds import why_no_answer
from cases.models import CheckRound, Finding, TraitKind

CHANGES_SHOWN = 12
CASES = ("cases", "sharing_cases")
"""Evidence that is references of cases."""
PARTIES = (TraitKind.CUSTOMER, TraitKind.PARTNER)
"""What is kept by its number in the database, which says nothing to people."""
Row = Mapping[str, Any]
"""A signal as ``dossier.rounds_for_review`` reads it: the columns of ``SignalRow``, and ``check``."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was seen: a name and a value, both in words; ``cases`` are references to link."""

    label: str
    value: str = ""
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownSignal:
    """One signal; ``weight`` is what it adds to the band, or would.

    ``subject_kind`` and ``subject`` are what it points at, blank where that is the case itself.
    """

    title: str
    finding: str
    sentence: str
    weight: int
    subject_kind: str
    subject: str
    evidence: Sequence[Evidence]
    source: str
    as_of: str

    @property
    def named(self) -> str:
        """What it points at as people know it; blank for a party, which is kept by a number."""
        return _named(self.subject_kind, self.subject)

    @property
    def points_at(self) -> str:
        """The kind of thing that it points at, in words."""
        return str(TraitKind(self.subject_kind).label).lower() if self.subject_kind else ""


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """What a check is about, for whoever asks; ``is_ended`` says whether it has answered in this round."""

    title: str
    looks_at: str
    proves: str
    proves_not: str
    unknown_means: str
    is_ended: bool
    error: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a signal said before and after; a blank one was not there."""

    title: str
    subject: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownRound:
    """One round. ``parts`` explain its band, ``rows`` are what its signals are made of.

    ``changes`` are what the next ended round saw differently, where there is one: ``is_compared``.
    """

    round: CheckRound
    rows: Sequence[Row]
    checks: Sequence[ShownCheck]
    is_cut: bool
    is_compared: bool = False
    changes: Sequence[Change] = ()
    changes_left_out: int = 0

    @property
    def is_running(self) -> bool:
        """Not every check has answered, and the deadline has not come."""
        return self.round.ended_at is None

    @property
    def done(self) -> int:
        """How many checks have answered."""
        return sum(check.is_ended for check in self.checks)

    @cached_property
    def signals(self) -> list[ShownSignal]:
        """Every signal; of the rounds of a case most pages show one round's alone."""
        return list(_signals(self.rows))

    @property
    def pressing(self) -> list[ShownSignal]:
        """What speaks against, then what could not be checked, the heaviest first."""
        return [signal for signal in self.signals if signal.finding != Finding.CLEAR]

    @property
    def clear(self) -> list[ShownSignal]:
        """What was looked at, and nothing found."""
        return [signal for signal in self.signals if signal.finding == Finding.CLEAR]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """What its band is made of, each with the title of its check."""
        return [part | {"title": _known(part["check"]).title_of(part["part"])} for part in self.round.parts]


def shown_rounds(rounds: Sequence[CheckRound], most_signals: int) -> list[ShownRound]:
    """The rounds, newest first, each with what the one after it saw differently.

    They come as ``dossier.rounds_for_review`` gives them; where one has more than ``most_signals``
    the rest is left out.
    """
    shown: list[ShownRound] = []
    after: Sequence[Row] | None = None
    for each in rounds:
        rows: list[Row] = each.told_signals[:most_signals]  # type: ignore[attr-defined]  # annotated
        changes = list(_changes(rows, after)) if after is not None else []
        shown.append(
            ShownRound(
                round=each,
                rows=rows,
                checks=[_check(run) for run in each.told_runs],  # type: ignore[attr-defined]  # annotated
                is_cut=len(each.told_signals) > most_signals,  # type: ignore[attr-defined]  # annotated
                is_compared=after is not None,
                changes=changes[:CHANGES_SHOWN],
                changes_left_out=max(0, len(changes) - CHANGES_SHOWN),
            )
        )
        after = rows if each.ended_at else after
    return shown


def _signals(rows: Sequence[Row]) -> Iterator[ShownSignal]:
    """A check that failed says so once for all of its parts; every other signal is shown by itself."""
    folded: dict[object, list[Row]] = {}
    for number, row in enumerate(rows):
        is_of_the_whole = row["finding"] == Finding.UNKNOWN and not row["subject"]
        key = (row["check"], row["sentence"]) if is_of_the_whole else number
        folded.setdefault(key, []).append(row)
    counted: set[tuple[str, str]] = set()
    for same in folded.values():
        yield _signal(same, _weight(same, counted))


def _weight(rows: Sequence[Row], counted: set[tuple[str, str]]) -> int:
    """What the rows count together: a part counts once, with the first that speaks against it."""
    weights: dict[tuple[str, str], int] = {
        (row["check"], row["part"]): row["weight"] for row in rows if row["finding"] != Finding.CLEAR
    }
    weight = sum(each for part, each in weights.items() if part not in counted)
    counted.update(weights)
    return weight


def _signal(rows: Sequence[Row], weight: int) -> ShownSignal:
    """Of one row, or of several that say the same."""
    row = rows[0]
    check = _known(row["check"])
    return ShownSignal(
        title=check.title_of(row["part"]) if len(rows) == 1 else check.title,
        finding=row["finding"],
        sentence=row["sentence"],
        weight=weight,
        subject_kind=row["subject_kind"],
        subject=row["subject"],
        evidence=list(_evidence(row["evidence"])),
        source=row["source"],
        as_of=row["as_of"],
    )


def _check(run: Row) -> ShownCheck:
    known = _known(run["check"])
    return ShownCheck(
        title=known.title,
        looks_at=known.looks_at,
        proves=known.proves,
        proves_not=known.proves_not,
        unknown_means=known.unknown_means,
        is_ended=run["ended_at"] is not None,
        error=why_no_answer(run["error"], run["still_asked"]),
    )


def _known(slug: str) -> Check:
    """The check, or what stands for one that is gone: old rounds name it still."""
    return registry().get(slug) or Check(slug, _words(slug), {}, "", "", "", look=lambda case: ())


def _words(name: str) -> str:
    return name.replace("_", " ")


def _evidence(kept: Mapping[str, Any]) -> Iterator[Evidence]:
    for name, value in kept.items():
        label = _words(name).capitalize()
        if name in CASES and isinstance(value, list) and value:
            yield Evidence(label, cases=tuple(map(str, value)))
        elif value not in ("", None, [], {}):
            yield Evidence(label, _written(value))


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_written, value))
    if isinstance(value, dict):
        return "; ".join(f"{_words(str(name))}: {_written(each)}" for name, each in value.items())
    return str(value)


def _changes(before: Sequence[Row], after: Sequence[Row]) -> Iterator[Change]:
    """What differs, in the order of what was found later; findings count, not the words around them."""
    was, now = _findings(before), _findings(after)
    for key in dict.fromkeys([*now, *was]):
        if was.get(key, "") != now.get(key, ""):
            check, part, subject = key
            yield Change(_known(check).title_of(part), subject, was.get(key, ""), now.get(key, ""))


def _findings(rows: Sequence[Row]) -> dict[tuple[str, str, str], str]:
    """The worst finding of each part about each subject."""
    worst_last = sorted(rows, key=lambda row: -Finding(row["finding"]).rank)
    return {
        (row["check"], row["part"], _named(row["subject_kind"], row["subject"])): row["finding"]
        for row in worst_last
    }


def _named(kind: str, subject: str) -> str:
    """The subject as people know it; blank for a party, of which a case has one of each kind."""
    return "" if kind in PARTIES else subject
