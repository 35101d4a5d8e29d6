"""A draft held against every subscription: whose outcome would change, beside the version in force."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from cases.models import EXEMPT_STATES, OPEN_STATES, Case
from subscriptions.judging import facts_of
from subscriptions.models import Subscription
from subscriptions.policy.allowed import allowed_by
from subscriptions.policy.bulk import Outcomes
from subscriptions.policy.document import Policy
from subscriptions.policy.outcome import Outcome

AT_ONCE = 2000
LOOKED_AT = (
    "name",
    "offer_id",
    "quota_id",
    "created_at",
    "is_created_by_day",
    "customer__name",
    "customer__facts",
)


@dataclass(frozen=True, slots=True)
class Changed:
    """A subscription whose outcome changes; ``case`` and ``exemption`` are references, or empty.

    ``family`` is the name of the one that the draft takes it for, empty where it cannot tell; ``case`` is open; ``exemption`` is the case by which port 25 is open, or suspended, as
    ``exempt_state`` says.
    """

    subscription: str
    name: str
    customer: str
    family: str
    offer: str
    before: str
    after: str
    case: str = ""
    exemption: str = ""
    exempt_state: str = ""

    @property
    def matters(self) -> bool:
        """Whether somebody waits for an answer, or lives by one."""
        return bool(self.case or self.exemption)

    def as_json(self) -> dict[str, str]:
        """Plain values."""
        return asdict(self)


@dataclass(slots=True)
class Summary:
    """What a replay came to, with at most ``most`` of the changed: those with a case or exemption first."""

    policy: str
    against: str
    most: int
    looked_at: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    mattering: int = 0
    _first: list[Changed] = field(default_factory=list)
    _others: list[Changed] = field(default_factory=list)

    def take(self, changed: Changed) -> None:
        """Count one, and keep it where there is room."""
        self.counts[changed.before, changed.after] += 1
        self.mattering += changed.matters
        kept = self._first if changed.matters else self._others
        if len(kept) < self.most:
            kept.append(changed)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for storage with a draft and for the command."""
        listed = [*self._first, *self._others][: self.most]
        return {
            "policy": self.policy,
            "against": self.against,
            "looked_at": self.looked_at,
            "changed": self.counts.total(),
            "with_case_or_exemption": self.mattering,
            "counts": [
                {"before": before, "after": after, "count": n}
                for (before, after), n in sorted(self.counts.items())
            ],
            "listed": [each.as_json() for each in listed],
            "left_out": self.counts.total() - len(listed),
        }


class Replay:
    """One policy held against another over every subscription, both as of ``at``.

    Streamed: what is held at once does not grow with the subscriptions. Nothing is written.
    """

    def __init__(self, draft: Policy, in_force: Policy, at: datetime) -> None:
        self._at = at
        self._draft = draft
        self._before, self._after = Outcomes(in_force, at), Outcomes(draft, at)
        self.looked_at = 0

    def changed(self) -> Iterator[Changed]:
        """Every subscription whose outcome differs."""
        rows = Subscription.objects.select_related("customer").only(*LOOKED_AT)
        for some in _batches(rows.iterator(AT_ONCE)):
            self.looked_at += len(some)
            yield from self._with_cases([found for row in some if (found := self._compared(row))])

    def _compared(self, row: Subscription) -> tuple[Subscription, Outcome, Outcome] | None:
        facts = facts_of(row, self._at)
        before, after = self._before.of(facts), self._after.of(facts)
        return (row, before, after) if before != after else None

    def _with_cases(self, found: list[tuple[Subscription, Outcome, Outcome]]) -> Iterator[Changed]:
        stood = _cases_of([row.pk for row, _, _ in found])
        for row, before, after in found:
            yield Changed(
                subscription=str(row.pk),
                name=row.name,
                customer=row.customer.name,
                family=self._family_of(row),
                offer=row.offer_id,
                before=before.value,
                after=after.value,
                **stood.get(row.pk, {}),
            )

    def _family_of(self, row: Subscription) -> str:
        family = allowed_by(facts_of(row, self._at), self._draft).family
        return self._draft.families[family] if family else ""


def summed_up(draft: Policy, in_force: Policy, at: datetime, most: int) -> Summary:
    """The whole replay, counted, with the first of the changed."""
    replay, summary = Replay(draft, in_force, at), Summary(draft.id, in_force.id, most)
    for changed in replay.changed():
        summary.take(changed)
    summary.looked_at = replay.looked_at
    return summary


def _cases_of(subscription_ids: list[Any]) -> dict[Any, dict[str, str]]:
    """By subscription: its open case and its exempt one with its state, at most one of each."""
    states = [*OPEN_STATES, *EXEMPT_STATES]
    cases = Case.objects.filter(subscription__in=subscription_ids, state__in=states)
    stood: dict[Any, dict[str, str]] = {}
    for subscription_id, state, reference in cases.values_list("subscription_id", "state", "reference"):
        is_exempt = state in EXEMPT_STATES
        told = {"exemption": reference, "exempt_state": state} if is_exempt else {"case": reference}
        stood.setdefault(subscription_id, {}).update(told)
    return stood


def _batches(rows: Iterable[Subscription]) -> Iterator[list[Subscription]]:
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        yield some
