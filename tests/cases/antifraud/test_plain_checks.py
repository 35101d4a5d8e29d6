"""The checks that look at the request and at billing facts alone: hit, miss and unknown of each part."""

from typing import Any

import pytest

from cases.antifraud.registry import registry
from subscriptions.billing import KINDS
from tests.cases.antifraud.examining import AT, YESTERDAY, examined, facts, findings, seen

ACCOUNT = [
    ("account_age", "account_opened_on", "2026-02-09", "flagged"),
    ("account_age", "account_opened_on", "2026-02-08", "clear"),
    ("paid_total", "paid_total_usd", "99.99", "flagged"),
    ("paid_total", "paid_total_usd", "100", "clear"),
    ("unpaid_invoices", "unpaid_invoices", "1", "flagged"),
    ("unpaid_invoices", "unpaid_invoices", "0", "clear"),
    ("disputed_invoices", "disputed_invoices", "2", "flagged"),
    ("disputed_invoices", "disputed_invoices", "0", "clear"),
    ("spending_limit", "spending_limit_on", "yes", "flagged"),
    ("spending_limit", "spending_limit_on", "no", "clear"),
    ("identity", "identity_verified", "no", "flagged"),
    ("identity", "identity_verified", "yes", "clear"),
]


@pytest.mark.parametrize(("part", "name", "text", "finding"), ACCOUNT)
def test_account(part: str, name: str, text: str, finding: str) -> None:
    signals = {signal.part: signal for signal in seen("account", examined(facts=facts(**{name: text})))}
    assert set(signals) == set(registry()["account"].weights)
    assert signals[part].finding == finding
    assert (signals[part].source, signals[part].as_of) == ("bank export", AT)
    others = [signal for signal in signals.values() if signal.part != part]
    assert {signal.finding.value for signal in others} == {"unknown"}, (
        "what billing does not say is never clear"
    )
    assert all(signal.evidence["told_of"] == [KINDS[name].label] for signal in others)
    assert {str(signal.subject and signal.subject.kind) for signal in signals.values()} == {"customer"}


CONTACTS = [
    ("abuse@shop.example", "clear", "clear"),
    ("abuse@mail.SHOP.example", "clear", "clear"),
    ("abuse@elsewhere.example", "clear", "flagged"),
    ("me@gmail.com", "flagged", "clear"),
    ("me@mailinator.com", "flagged", "flagged"),
    ("me@x.mailinator.com", "flagged", "flagged"),
    ("it@contoso.example", "clear", "clear"),
    ("abuse@other.co.uk", "clear", "flagged"),
]


@pytest.mark.parametrize(("contact", "kind", "domain"), CONTACTS)
def test_contact(contact: str, kind: str, domain: str) -> None:
    known = facts(contact="billing@contoso.example")
    case = examined(abuse_contact=contact, facts=known, domains=("shop.example", "mine.co.uk"))
    assert findings("contact", case) == {"contact_kind": kind, "contact_domain": domain}
    of_kind, of_domain = seen("contact", case)
    assert (of_kind.source, of_domain.source) == ("the request", "the request and bank export")
    assert of_domain.evidence["account_contact"] == "billing@contoso.example (bank export, 10 Mar 2026)"
    assert ("disposable-email-domains" in of_kind.evidence["known_by"]) == (contact != "me@gmail.com")


def test_without_a_contact_nothing_is_said_of_it() -> None:
    assert seen("contact", examined(abuse_contact="")) == []


def test_addresses_of_the_subscription_and_others() -> None:
    case = examined(addresses=("203.0.113.7", "198.51.100.1"))
    own, other = seen("addresses", case)
    assert (own.finding, other.finding) == ("clear", "flagged")
    assert (own.source, own.as_of) == ("arm-list.json", YESTERDAY), "as old as the inventory is"
    assert other.subject is not None
    assert (other.subject.value, "not among" in other.sentence) == ("198.51.100.1", True)
    assert seen("addresses", examined(addresses=())) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("volume", "opened", "finding"),
    [
        (2_000, "2026-03-09", "clear"),
        (2_001, "2026-03-09", "flagged"),
        (500_000, "2010-01-01", "flagged"),
        (4_000, "", "unknown"),
    ],
)
def test_volume(volume: int, opened: str, finding: str) -> None:
    known = facts(account_opened_on=opened) if opened else {}
    (signal,) = seen("volume", examined(daily_volume=volume, facts=known))
    assert signal.finding == finding
    assert (signal.evidence["daily_volume"], signal.evidence["subscriptions"]) == (volume, 0)
    assert ("bank export" in signal.source) == bool(opened)
    assert ("bank export" in str(signal.evidence.get("account_opened_on"))) == bool(opened)


@pytest.mark.parametrize("volume", [None, 0])
def test_an_unstated_volume_is_not_judged(volume: Any) -> None:
    assert seen("volume", examined(daily_volume=volume)) == []
