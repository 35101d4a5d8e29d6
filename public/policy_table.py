"""The policy's table: each family, what holds before and after the cut-off, and its offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from subscriptions.models import PolicyVersion
from subscriptions.policy.document import Offer, Policy, Rule, Side


@dataclass(frozen=True, slots=True)
class Row:
    """Families that the same rules are for; ``before`` and ``after`` are one rule where dates do not count."""

    titles: Sequence[str]
    before: Rule
    after: Rule

    @property
    def is_one_rule(self) -> bool:
        """Whether the date makes no difference."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Beside:
    """A version named in the margin; ``standing`` says what it is today."""

    id: str
    title: str
    effective_from: datetime | None
    standing: str
    is_shown: bool


def table_of(policy: Policy) -> list[Row]:
    """One row for each pair of rules, in the policy's order of families."""
    rows: dict[tuple[str, str], list[str]] = {}
    for family, title in policy.families.items():
        before, after = (policy.rule_for(family, side) for side in Side)
        rows.setdefault((before.id, after.id), []).append(title)
    return [Row(titles, policy.rule(before), policy.rule(after)) for (before, after), titles in rows.items()]


def offers_of(policy: Policy) -> dict[str, list[Offer]]:
    """By a family's title, its offers."""
    return {title: [o for o in policy.offers if o.family == family] for family, title in policy.families.items()}


def versions_beside(shown: Policy) -> list[Beside]:
    """Every version that was loaded: those in force and to come, newest first, then the examples."""
    now = timezone.now()
    rows = PolicyVersion.objects.order_by("-effective_from", "id").values_list("id", "title", "effective_from")
    dated = [row for row in rows if row[2] is not None]
    in_force = next((row[0] for row in dated if row[2] <= now), None)
    found = dated + [row for row in rows if row[2] is None]
    return [Beside(*row, _standing(row[0], row[2], in_force, now), row[0] == shown.id) for row in found]


def _standing(version_id: str, effective_from: datetime | None, in_force: str | None, now: datetime) -> str:
    if effective_from is None:
        return "Example"
    if version_id == in_force:
        return "In force"
    return "To come" if effective_from > now else "Earlier"


