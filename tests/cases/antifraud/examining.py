"""Requests as the checks take them, without a database, and what a check says of one."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cases.antifraud.examined import Examined
from cases.antifraud.registry import registry
from cases.antifraud.signals import Signal
from subscriptions.billing import Fact, read_value

AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
YESTERDAY = AT - timedelta(days=1)


def examined(**changes: Any) -> Examined:
    """A request of Contoso's; ``changes`` replace its values."""
    values: dict[str, Any] = {
        "case_id": 1,
        "reference": "P25-1",
        "subscription_id": UUID(int=1),
        "customer_id": 1,
        "partner_id": None,
        "submitted_by_id": 1,
        "submitted_at": AT,
        "why_direct": "Audits want the path to be ours.",
        "daily_volume": 4000,
        "domains": ("shop.example",),
        "addresses": ("203.0.113.7",),
        "inventory": frozenset({"203.0.113.7"}),
        "inventory_source": "arm-list.json",
        "inventory_as_of": YESTERDAY,
        "abuse_contact": "abuse@shop.example",
        "dkim_selector": "",
        "helo_name": "",
        "customer_name": "Contoso",
        "facts": {},
        "at": AT,
    }
    return Examined(**values | changes)


def facts(**texts: str) -> dict[str, Fact]:
    """Facts from their texts."""
    return {name: Fact(read_value(name, text), "bank export", AT) for name, text in texts.items()}


def seen(slug: str, case: Examined) -> list[Signal]:
    """What the check sees; each part that it speaks of has a weight."""
    check = registry()[slug]
    signals = list(check.look(case))
    assert {signal.part for signal in signals} <= set(check.weights)
    return signals


def findings(slug: str, case: Examined) -> dict[str, str]:
    """The finding of each part; of several, the last one."""
    return {signal.part: signal.finding.value for signal in seen(slug, case)}
