"""The policy as its page sets it: the table of families, the clauses by section, the other versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from subscriptions.models import PolicyVersion
from subscriptions.policy.document import Clause, Offer, Policy, Rule, Side
from subscriptions.policy.versions import place_of

UNNAMED = "Not named by the policy"


@dataclass(frozen=True, slots=True)
class Row:
    """Families that the same rules are for."""

    titles: Sequence[str]
    before: Rule
    after: Rule

    @property
    def is_one_rule(self) -> bool:
        """Whether the date makes no difference."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Section:
    """A clause of one number, and those under it: 3, and 3.1 to 3.5."""

    clause: Clause
    under: list[Clause]


@dataclass(frozen=True, slots=True)
class Beside:
    """A version named in the margin; ``place`` says what it is today."""

    id: str
    title: str
    effective_from: datetime | None
    place: str


def table_of(policy: Policy) -> list[Row]:
    """One row for each pair of rules, in the policy's order of families."""
    rows: dict[tuple[str, str], list[str]] = {}
    for family, title in policy.families.items():
        before, after = (policy.rule_for(family, side) for side in Side)
        rows.setdefault((before.id, after.id), []).append(title)
    return [Row(titles, policy.rule(before), policy.rule(after)) for (before, after), titles in rows.items()]


def sections_of(policy: Policy) -> list[Section]:
    """The clauses in their order; one whose section is missing stands by itself."""
    sections: list[Section] = []
    for clause in policy.clauses:
        is_under = sections and clause.number.startswith(f"{sections[-1].clause.number}.")
        if is_under:
            sections[-1].under.append(clause)
        else:
            sections.append(Section(clause, []))
    return sections


def offers_by_family(policy: Policy) -> list[tuple[str, list[Offer]]]:
    """Each family's title with its offers; those of no family come last."""
    titles = [*policy.families.items(), (None, UNNAMED)]
    groups = [
        (title, [offer for offer in policy.offers if offer.family == family]) for family, title in titles
    ]
    return [(title, offers) for title, offers in groups if offers]


def versions() -> list[Beside]:
    """Every version that was loaded: by date, newest first, then the examples."""
    now = timezone.now()
    rows = PolicyVersion.objects.order_by(F("effective_from").desc(nulls_last=True), "id")
    found = list(rows.values_list("id", "title", "effective_from"))
    in_force = next((id_ for id_, _, start in found if start and start <= now), "")
    return [
        Beside(id_, title, start, place_of(id_, start, in_force, now).label) for id_, title, start in found
    ]
