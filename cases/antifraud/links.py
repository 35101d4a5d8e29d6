"""Which cases share something with which: the queries behind checks, entity pages and their picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Max, Min, OuterRef, QuerySet

from cases.models import Case, CaseTrait, TraitKind

TYING = (
    TraitKind.DOMAIN,
    TraitKind.ADDRESS,
    TraitKind.CONTACT,
    TraitKind.PHONE,
    TraitKind.PAYMENT,
    TraitKind.NETWORK,
)
"""Traits that tie customers to each other; a partner ties its customers honestly."""


MOST_ONWARD = 100
"""Counting stops here: a network may be shared by thousands."""


def cases_with(kind: TraitKind, value: str) -> QuerySet[Case]:
    """Every case with that trait, or of that customer, the newest first."""
    if kind == TraitKind.CUSTOMER:
        return Case.objects.filter(customer_id=value).order_by("-id")
    same = CaseTrait.objects.filter(kind=kind, value=value)
    return Case.objects.filter(pk__in=same.values("case_id")).order_by("-id")


def traits_of_cases(case_ids: Sequence[int]) -> QuerySet[CaseTrait]:
    """What those cases came with, for a picture of their links."""
    rows = CaseTrait.objects.filter(case_id__in=case_ids, kind__in=TYING)
    return rows.annotate(reference=F("case__reference")).order_by("kind", "value", "case_id")


@dataclass(frozen=True, slots=True)
class Onward:
    """A trait that leads to cases beside those that are looked at; ``count`` stops at ``MOST_ONWARD``."""

    kind: TraitKind
    value: str
    count: int


def onward(case_ids: Sequence[int], beside: QuerySet[Case]) -> list[Onward]:
    """What those cases came with and cases that are not in ``beside`` as well, the rarest first. One query."""
    others = CaseTrait.objects.filter(kind=OuterRef("kind"), value=OuterRef("value"))
    others = others.exclude(case_id__in=beside.order_by().values("pk")).order_by("case_id")
    own = CaseTrait.objects.filter(case_id__in=case_ids, kind__in=TYING).values("kind", "value").distinct()
    counted = own.annotate(others=ArraySubquery(others.values("case_id")[:MOST_ONWARD]))
    found = [Onward(TraitKind(row["kind"]), row["value"], len(row["others"])) for row in counted]
    return sorted(
        (each for each in found if each.count), key=lambda each: (each.count, each.kind, each.value)
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """How often cases came with a trait: by state, and when first and last."""

    by_state: dict[str, int]
    first: datetime | None
    last: datetime | None

    @property
    def total(self) -> int:
        """How many cases."""
        return sum(self.by_state.values())


def seen(kind: TraitKind, value: str) -> Seen:
    """All cases with that trait, counted. One query."""
    rows = list(
        cases_with(kind, value)
        .order_by("state")
        .values("state")
        .annotate(n=Count("pk"), first=Min("submitted_at"), last=Max("submitted_at"))
    )
    return Seen(
        by_state={row["state"]: row["n"] for row in rows},
        first=min((row["first"] for row in rows), default=None),
        last=max((row["last"] for row in rows), default=None),
    )
