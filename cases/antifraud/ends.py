"""Bad ends: who was denied, suspended or revoked, by the decisions on record, and who was complained about.

A decision stays on record whatever came after it: a suspension that was lifted is told as lifted.
A rejection by the policy is none of these, for it says nothing about the customer; so neither is
one that was set aside on reopening.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from cases.models import Case, Decision, ReasonCode, State, Verb
from subscriptions.billing import Fact

BAD_VERBS = (Verb.DENY, Verb.SUSPEND, Verb.REVOKE)
BAD_STATES = (State.DENIED, State.SUSPENDED, State.REVOKED)
COMPLAINTS_COUNT = timedelta(days=365)
"""What was complained about longer ago says little about today."""


@dataclass(frozen=True, slots=True)
class BadEnd:
    """The latest decision against a case. ``is_lifted`` where the case stands well again."""

    reference: str
    verb: Verb
    made_at: datetime
    reasons: tuple[str, ...]
    is_lifted: bool
    is_about_complaints: bool

    @classmethod
    def of(cls, case: Case, about_complaints: frozenset[str]) -> Self:
        """Of a case as ``that_ended_badly`` gives it; ``about_complaints`` are the codes that speak of them."""
        kept: Mapping[str, Any] = case.bad_end  # type: ignore[attr-defined]  # annotated
        return cls(
            reference=case.reference,
            verb=Verb(kept["verb"]),
            made_at=datetime.fromisoformat(kept["made_at"]),
            reasons=tuple(kept["reasons"]),
            is_lifted=case.state not in BAD_STATES,
            is_about_complaints=not about_complaints.isdisjoint(kept["reasons"]),
        )

    def __str__(self) -> str:
        why = " after complaints" if self.is_about_complaints else ""
        since = ", lifted since" if self.is_lifted else ""
        return f"{self.reference} ({self.verb.label.lower()}{why}{since})"

    @property
    def in_full(self) -> str:
        """With its day and its reason codes."""
        return f"{self}, {self.made_at:%-d %b %Y}: {', '.join(self.reasons)}"


def has_bad_end() -> Exists:
    """Whether a decision against the case is on record."""
    return Exists(_against())


def that_ended_badly(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those of the cases with a decision against them, the newest first, with the latest one as ``bad_end``."""
    told = JSONObject(verb="verb", made_at="made_at", reasons="reasons")
    latest = _against().order_by("-id").values(json=told)[:1]
    return cases.filter(has_bad_end()).annotate(bad_end=Subquery(latest)).order_by("-id")


def bad_ends(cases: QuerySet[Case], most: int) -> list[BadEnd]:
    """The newest of the cases that ended badly, at most so many. Two queries."""
    ended = list(that_ended_badly(cases)[:most])
    about_complaints = (
        ReasonCode.objects.filter(is_about_complaints=True) if ended else ReasonCode.objects.none()
    )
    codes = frozenset(about_complaints.values_list("code", flat=True))
    return [BadEnd.of(each, codes) for each in ended]


def _against() -> QuerySet[Decision]:
    return Decision.objects.filter(case=OuterRef("pk"), verb__in=BAD_VERBS)


@dataclass(frozen=True, slots=True)
class Complaints:
    """What the provider's abuse desk counts of one customer; ``last_on`` is ``None`` where it does not say."""

    count: int
    last_on: date | None
    fact: Fact

    @classmethod
    def of(cls, facts: Mapping[str, Fact]) -> Self | None:
        """Of a customer's facts; ``None`` where they say nothing of complaints."""
        told, last = facts.get("abuse_complaints"), facts.get("last_complaint_on")
        if told is None:
            return None
        last_on = last.value if last and isinstance(last.value, date) else None
        return cls(int(str(told.value)), last_on, told)

    def counts(self, at: datetime) -> bool:
        """Whether there are any that are not long past at ``at``."""
        return self.count > 0 and (self.last_on is None or self.last_on >= _oldest(at))

    def __str__(self) -> str:
        last = f", the latest on {self.last_on:%-d %b %Y}" if self.last_on and self.count else ""
        return f"{self.count:,} complaint{'' if self.count == 1 else 's'}{last}"


def complained_about(at: datetime, of: str = "") -> Q:
    """What ``Complaints.counts`` says, asked in the database; ``of`` leads from the model to the customer's row."""
    count, last = f"{of}facts__abuse_complaints__value", f"{of}facts__last_complaint_on__value"
    is_recent = Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": _oldest(at).isoformat()})
    return Q(**{f"{count}__isnull": False}) & ~Q(**{count: "0"}) & is_recent


def _oldest(at: datetime) -> date:
    return (at - COMPLAINTS_COUNT).date()
