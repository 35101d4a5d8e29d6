"""Which subscriptions may open port 25 at a moment, with the addresses that they hold: what a firewall obeys."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet

from cases.models import Exemption
from subscriptions.models import Address

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Exempted:
    """One exempt subscription; ``since`` is when its exemption began, ``case`` the reference that it is by."""

    subscription: UUID
    addresses: list[str]
    since: datetime
    case: str

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "subscription": str(self.subscription), "since": self.since.isoformat()}


def exempted(at: datetime) -> Iterator[Exempted]:
    """Every subscription that was exempt at ``at``, the longest first; as one statement, so all of one moment."""
    held = _running(
        Address.objects.filter(subscription=OuterRef("subscription")), "held_from", "held_until", at
    )
    rows = _running(Exemption.objects.all(), "starts_at", "ends_at", at).annotate(
        addresses=ArraySubquery(held.order_by("address").values("address")), reference=F("case__reference")
    )
    told = ("subscription_id", "addresses", "starts_at", "reference")
    for row in rows.order_by("starts_at", "id").values_list(*told).iterator(chunk_size=BATCH):
        yield Exempted(*row)


def _running(rows: QuerySet[Any], start: str, end: str, at: datetime) -> QuerySet[Any]:
    """Those that had begun at ``at`` and not ended."""
    return rows.filter(Q(**{f"{start}__lte": at}) & (Q(**{end: None}) | Q(**{f"{end}__gt": at})))
