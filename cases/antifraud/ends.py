"""Bad ends: who was denied, suspended or revoked, by the decisions on record, and who was complained about.

A decision stays on record whatever came after it: a suspension that was lifted is told as lifted.
A rejection by the policy is none of these, for it says nothing about the customer; so neither is
one that was set aside on reopening.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from cases.models import AGAINST, Case, Decision, ReasonCode, State, Verb
from subscriptions.billing import Fact

BAD_STATES = frozenset({State.DENIED, State.SUSPENDED, State.REVOKED})
SEVERITY = (Verb.DENY, Verb.SUSPEND, Verb.REVOKE)
MOST_NAMED = 3  # in a sentence; the evidence has the others
MOST_OF_A_CASE = 5  # decisions against it, the latest
COMPLAINTS_COUNT = timedelta(days=365)
"""What was complained about longer ago says little about today."""


@dataclass(frozen=True, slots=True)
class Against:
    """One decision against a case."""

    verb: Verb
    made_at: datetime
    reasons: tuple[str, ...]
    is_about_complaints: bool

    def __str__(self) -> str:
        return f"{self.verb.label.lower()} {self.made_at:%-d %b %Y} ({', '.join(self.reasons)})"


@dataclass(frozen=True, slots=True)
class BadEnd:
    """The decisions against one case, the latest first. ``is_lifted`` where the case stands well again."""

    reference: str
    decisions: tuple[Against, ...]
    is_lifted: bool

    @classmethod
    def of(cls, case: Case, about_complaints: frozenset[str]) -> Self:
        """Of a case as ``that_ended_badly`` gives it; ``about_complaints`` are the codes that speak of them."""
        kept: Sequence[Mapping[str, Any]] = case.against  # type: ignore[attr-defined]  # annotated
        decisions = [
            Against(
                verb=Verb(each["verb"]),
                made_at=datetime.fromisoformat(each["made_at"]),
                reasons=tuple(each["reasons"]),
                is_about_complaints=not about_complaints.isdisjoint(each["reasons"]),
            )
            for each in kept
        ]
        return cls(case.reference, tuple(decisions), is_lifted=case.state not in BAD_STATES)

    def __str__(self) -> str:
        why = " after complaints" if self.complained_at else ""
        since = ", lifted since" if self.is_lifted else ""
        return f"{self.reference} ({self.decisions[0].verb.label.lower()}{why}{since})"

    @property
    def complained_at(self) -> datetime | None:
        """When complaints were cited last."""
        return next((each.made_at for each in self.decisions if each.is_about_complaints), None)

    @property
    def in_full(self) -> str:
        """Every decision with its day and its reason codes."""
        return f"{self.reference}: {'; '.join(map(str, self.decisions))}"


def named(ends: Sequence[BadEnd]) -> str:
    """The worst of them by name, those that stand before those that were lifted, and how many more there are."""
    worst_first = sorted(ends, key=lambda end: (end.is_lifted, -SEVERITY.index(end.decisions[0].verb)))
    more = f" and {len(ends) - MOST_NAMED} more" if len(ends) > MOST_NAMED else ""
    return f"{', '.join(map(str, worst_first[:MOST_NAMED]))}{more}"


def has_bad_end() -> Exists:
    """Whether a decision against the case is on record."""
    return Exists(_against())


def that_ended_badly(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those of the cases with a decision against them, the newest first, with the latest ones as ``against``."""
    told = JSONObject(verb="verb", made_at="made_at", reasons="reasons")
    latest = _against().order_by("-id").values(json=told)[:MOST_OF_A_CASE]
    return cases.filter(has_bad_end()).annotate(against=ArraySubquery(latest)).order_by("-id")


def bad_ends(cases: QuerySet[Case], most: int) -> list[BadEnd]:
    """The newest of the cases that ended badly, at most so many. Two queries."""
    ended = list(that_ended_badly(cases)[:most])
    about_complaints = ReasonCode.objects.filter(is_about_complaints=True)
    codes = frozenset(about_complaints.values_list("code", flat=True))
    return [BadEnd.of(each, codes) for each in ended]


def _against() -> QuerySet[Decision]:
    return Decision.objects.filter(case=OuterRef("pk"), verb__in=AGAINST)


@dataclass(frozen=True, slots=True)
class Complaints:
    """What the provider's abuse desk says of one customer.

    ``count`` is ``None`` where it names the latest alone, ``last_on`` where it names the count alone.
    """

    count: int | None
    last_on: date | None
    fact: Fact

    @classmethod
    def of(cls, facts: Mapping[str, Fact]) -> Self | None:
        """Of a customer's facts; ``None`` where they say nothing of complaints."""
        told, last = facts.get("abuse_complaints"), facts.get("last_complaint_on")
        fact = told or last
        if fact is None:
            return None
        last_on = last.value if last and isinstance(last.value, date) else None
        return cls(int(str(told.value)) if told else None, last_on, fact)

    def counts(self, at: datetime) -> bool:
        """Whether there are any that are not long past at ``at``."""
        return self.count != 0 and (self.last_on is None or self.last_on >= _oldest(at))

    def __str__(self) -> str:
        many = (
            "complaints"
            if self.count is None
            else f"{self.count:,} complaint{'' if self.count == 1 else 's'}"
        )
        last = f", the latest on {self.last_on:%-d %b %Y}" if self.last_on and self.count != 0 else ""
        return f"{many}{last}"


def complained_about(at: datetime) -> Q:
    """What ``Complaints.counts`` says, asked of customers in the database."""
    count, last = "facts__abuse_complaints__value", "facts__last_complaint_on__value"
    has_count = Q(**{f"{count}__isnull": False}) & ~Q(**{count: "0"})
    is_recent = Q(**{f"{last}__gte": _oldest(at).isoformat()})
    is_undated = Q(**{f"{last}__isnull": True})
    return (has_count & (is_recent | is_undated)) | (Q(**{f"{count}__isnull": True}) & is_recent)


def _oldest(at: datetime) -> date:
    return (at - COMPLAINTS_COUNT).date()
