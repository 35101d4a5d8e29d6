"""A rule replayed over all history: what it would have done beside what was decided."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, groupby, islice
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from cases.antifraud.ends import BAD_STATES
from cases.antifraud.rules.document import Rule, misfits
from cases.antifraud.rules.looked import findings_of, look_at, with_state_then
from cases.models import CheckRound, RuleTrial, State

AT_ONCE = 500


class Kind(StrEnum):
    """How what a rule would have done stands beside what was done."""

    APPROVES_REFUSED = "approves_refused"
    DENIES_GRANTED = "denies_granted"
    DECIDES_WAITING = "decides_waiting"
    DECIDES_ENDED = "decides_ended"
    AGREES = "agrees"
    ITS_OWN = "its_own"


GRANTED = frozenset({State.APPROVED})
WAITING = frozenset({State.IN_REVIEW, State.AWAITING_ANSWER})
ENDED = frozenset(State) - GRANTED - BAD_STATES - WAITING
NEUTRAL = {Kind.DECIDES_WAITING: WAITING, Kind.DECIDES_ENDED: ENDED}

BESIDE: dict[str, dict[Kind, frozenset[State]]] = {
    "approve": {Kind.APPROVES_REFUSED: BAD_STATES, **NEUTRAL, Kind.AGREES: GRANTED, Kind.ITS_OWN: GRANTED},
    "deny": {Kind.DENIES_GRANTED: GRANTED, **NEUTRAL, Kind.AGREES: BAD_STATES, Kind.ITS_OWN: BAD_STATES},
}
"""By what a rule does: how it stands beside a case's state today, the dangerous first.

What it decided itself agrees with nobody; where a person overruled it, it is among the dangerous.
"""


@dataclass(frozen=True, slots=True)
class Compared:
    """A case that the rule would have decided, as ``round`` ended; ``state`` is where it stands today."""

    reference: str
    round: int
    state: str
    kind: Kind

    def as_json(self) -> dict[str, str | int]:
        """Plain values."""
        return {
            "reference": self.reference,
            "round": self.round,
            "state": self.state,
            "kind": self.kind.value,
        }


@dataclass(frozen=True, slots=True)
class Replayed:
    """Every kind with its count and the first of its cases, and how many cases were looked at."""

    looked_at: int
    counts: dict[Kind, int]
    listed: dict[Kind, list[Compared]]

    @property
    def fits(self) -> int:
        """How many it would have decided."""
        return sum(self.counts.values())

    def as_json(self) -> dict[str, Any]:
        """Plain values, for storage with the rule."""
        kinds = [
            {"kind": kind.value, "count": n, "listed": [each.as_json() for each in self.listed[kind]]}
            for kind, n in self.counts.items()
        ]
        return {"looked_at": self.looked_at, "fits": self.fits, "kinds": kinds}


def replay(rule: Rule) -> Iterator[Compared]:
    """Every case that the rule would have decided had it been on, the dangerous first.

    It is tried as each round ends, as a rule that is on is; the first that fits decides, and there the
    case would have rested. Streamed: what is held at once does not grow with the history. Nothing is
    written.
    """
    for kind, states in BESIDE[rule.then].items():
        rounds = _ended_rounds().filter(case__state__in=states, band__in=rule.when.bands)
        if kind in (Kind.AGREES, Kind.ITS_OWN):
            rounds = rounds.filter(_decided_by(rule) if kind == Kind.ITS_OWN else ~_decided_by(rule))
        in_order = rounds.order_by("-case", "number").iterator(AT_ONCE)
        fitting = chain.from_iterable(_fitting(rule, some) for some in _batches(in_order))
        for _, of_case in groupby(fitting, key=lambda each: each.case_id):
            yield _compared(kind, next(of_case))


def replay_summed(rule: Rule, most: int) -> Replayed:
    """The replay counted, with at most so many cases of each kind."""
    counts: Counter[Kind] = Counter()
    listed: defaultdict[Kind, list[Compared]] = defaultdict(list)
    for compared in replay(rule):
        counts[compared.kind] += 1
        if len(listed[compared.kind]) < most:
            listed[compared.kind].append(compared)
    kinds = BESIDE[rule.then]
    return Replayed(cases_checked(), {kind: counts[kind] for kind in kinds}, {k: listed[k] for k in kinds})


def cases_checked() -> int:
    """How many cases a replay looks at: those with a round that has ended."""
    ended = CheckRound.objects.filter(ended_at__isnull=False)
    return int(ended.aggregate(cases=Count("case", distinct=True))["cases"])


def _decided_by(rule: Rule) -> Exists:
    return Exists(RuleTrial.objects.filter(rule=rule.id, acted=True, round__case=OuterRef("case_id")))


def _ended_rounds() -> QuerySet[CheckRound]:
    """Every round that has ended, with ``state_then`` and what a rule looks at."""
    ended = CheckRound.objects.filter(ended_at__isnull=False)
    rounds = with_state_then(ended).select_related("case__partner")
    looked = ("reference", "state", "flag", "outcome", "family", "daily_volume", "partner__number")
    return rounds.only("band", "number", "ended_at", *(f"case__{name}" for name in looked))


def _fitting(rule: Rule, rounds: list[CheckRound]) -> Iterator[CheckRound]:
    findings = findings_of(rounds, rule.when.clear)
    for each in rounds:
        looked = look_at(each, each.state_then, findings[each.pk])  # type: ignore[attr-defined]  # annotated
        if not misfits(rule, looked):
            yield each


def _compared(kind: Kind, check_round: CheckRound) -> Compared:
    case = check_round.case
    return Compared(case.reference, check_round.number, case.state, kind)


def _batches(rounds: Iterable[CheckRound]) -> Iterator[list[CheckRound]]:
    rows = iter(rounds)
    while some := list(islice(rows, AT_ONCE)):
        yield some
