"""Many rows at once: rows that differ in nothing that the policy looks at share one answer."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import TextIO

from subscriptions.csv_lines import cells_of, columns_of, csv_lines, is_blank
from subscriptions.policy.allowed import Allowed, allowed_by, allowed_sides, rules_in_play
from subscriptions.policy.conditions import Amount
from subscriptions.policy.document import CONDITIONS, Policy, Side
from subscriptions.policy.eligibility import Eligibility
from subscriptions.policy.evaluate import judge
from subscriptions.policy.facts import FactError, Facts, facts_named, parse_created
from subscriptions.policy.outcome import Outcome

Sides = tuple[Side, ...]
Amounts = tuple[Amount | None, ...]

COLUMNS: Mapping[str, str] = {
    "offer_id": "offer_id",
    "quota_id": "quota_id",
    "family": "family",
    "created_at": "created",
    "account_age_days": "account_age_days",
    "paid_invoices": "paid_invoices",
    "paid_total_usd": "paid_total_usd",
    "identity_verified": "identity_verified",
}
"""The columns of a file, and which fact each is."""

NEEDED = ("offer_id", "quota_id", "family", "created_at")
OPTIONAL = tuple(name for name in COLUMNS if name not in NEEDED)
MOST_KEPT = 16_384
"""Answers kept for the rows to come; bounds memory where every row asks something new."""

EXPLANATION = frozenset({"question", "reading", "trace"})
"""What a line leaves out: it would be the same long text a million times over."""


def answers(file: TextIO, policy: Policy, at: datetime) -> Iterator[tuple[str, bool]]:
    """A JSON line for each row in order, and whether the row could be judged.

    A row is one line of the file; blank lines are passed over. A bad row becomes ``line``,
    ``error`` and ``field``. Raises ``BadHeader``.
    """
    lines = csv_lines(file)
    columns = columns_of(next(lines, None), needed=NEEDED, optional=OPTIONAL)
    texts_of = itemgetter(*(columns.index(name) if name in columns else len(columns) for name in COLUMNS))
    answer = Judge(policy, at).answer
    for number, line in enumerate(lines, start=2):
        if is_blank(line):
            continue
        try:
            yield answer(*texts_of([*cells_of(line, len(columns)), ""])), True
        except FactError as error:
            yield json.dumps({"line": number, "error": error.reason, "field": error.field}), False


class Alike:
    """What of a row makes a difference, by one policy as of one instant; the rest is left out."""

    def __init__(self, policy: Policy, at: datetime) -> None:
        self._policy, self._at = policy, at
        self._asked: Callable[[Allowed, Sides], Amounts] = lru_cache(maxsize=MOST_KEPT)(self._most_asked)

    def _alike(self, families: Allowed, sides: Sides, amounts: Iterable[Amount | None]) -> Amounts:
        """The amounts, each as far as anybody asks: all that would do are alike."""
        return tuple(map(_up_to, amounts, self._asked(families, sides)))

    def _most_asked(self, families: Allowed, sides: Sides) -> Amounts:
        """The most that a rule in play asks of each condition; ``None`` where none asks for it."""
        rules = rules_in_play(replace(families, sides=sides), self._policy)
        asked = [pair for rule in rules for pair in rule.conditions]
        return tuple(
            max((n for fact, n in asked if fact == condition), default=None) for condition in CONDITIONS
        )

    def _judged(self, families: Allowed, sides: Sides, amounts: Amounts) -> Eligibility:
        facts = Facts(**dict(zip(CONDITIONS, amounts, strict=True)))  # type: ignore[arg-type]  # read as such
        return judge(replace(families, sides=sides), facts, self._policy, self._at)


class Outcomes(Alike):
    """The outcome of facts by one policy as of one instant."""

    def __init__(self, policy: Policy, at: datetime) -> None:
        super().__init__(policy, at)
        keep = lru_cache(maxsize=MOST_KEPT)
        self._families: Callable[[str | None, str | None], Allowed] = keep(self._allowed)
        self._outcome: Callable[[Allowed, Sides, Amounts], Outcome] = keep(self._judged_outcome)

    def of(self, facts: Facts) -> Outcome:
        """What ``evaluate`` says of the same facts; a stated family is not looked at."""
        families = self._families(facts.offer_id, facts.quota_id)
        sides = allowed_sides(facts.created, self._policy)
        amounts = self._alike(families, sides, (getattr(facts, name) for name in CONDITIONS))
        return self._outcome(families, sides, amounts)

    def _allowed(self, offer_id: str | None, quota_id: str | None) -> Allowed:
        return allowed_by(Facts(offer_id=offer_id, quota_id=quota_id), self._policy)

    def _judged_outcome(self, families: Allowed, sides: Sides, amounts: Amounts) -> Outcome:
        return self._judged(families, sides, amounts).outcome


class Judge(Alike):
    """Answers rows by one policy as of one instant, as JSON."""

    def __init__(self, policy: Policy, at: datetime) -> None:
        super().__init__(policy, at)
        keep = lru_cache(maxsize=MOST_KEPT)
        self._families: Callable[[str, str, str], Allowed] = keep(self._read_families)
        self._amount: Callable[[str, str], Amount | None] = keep(self._read_amount)
        self._line: Callable[[Allowed, Sides, Amounts], str] = keep(self._judged_line)

    def answer(self, offer_id: str, quota_id: str, family: str, created_at: str, *amounts: str) -> str:
        """The line for one row of texts, in the order of ``COLUMNS``; raises ``FactError``."""
        allowed = self._families(offer_id, quota_id, family)
        sides = self._sides(created_at)
        found = map(self._amount, CONDITIONS, amounts)
        return self._line(allowed, sides, self._alike(allowed, sides, found))

    def _read_families(self, *texts: str) -> Allowed:
        return allowed_by(facts_named(dict(zip(COLUMNS, texts, strict=False)), COLUMNS), self._policy)

    def _sides(self, created_at: str) -> Sides:
        try:
            return allowed_sides(parse_created(created_at), self._policy)
        except FactError as error:
            raise FactError("created_at", error.reason) from None

    def _read_amount(self, condition: str, text: str) -> Amount | None:
        amount: Amount | None = getattr(facts_named({condition: text}, COLUMNS), condition)
        return amount

    def _judged_line(self, families: Allowed, sides: Sides, amounts: Amounts) -> str:
        told = self._judged(families, sides, amounts).as_json()
        return json.dumps({key: value for key, value in told.items() if key not in EXPLANATION})


def _up_to(amount: Amount | None, most: Amount | None) -> Amount | None:
    """All that would do are alike, and so are all that nobody asks for."""
    return None if amount is None or most is None else min(amount, most)
