"""Facts as people and files write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from subscriptions.policy.facts import FactError, Facts, parse_created

NOON = datetime(2017, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "created"),
    [
        ("2017-11-20T12:00:00Z", NOON),
        ("2017-11-20T12:00Z", NOON),
        ("2017-11-20 12:00:00+00:00", NOON),
        ("2017-11-20t12:00:00z", NOON),
        ("2017-11-20T13:00:00+01:00", NOON),
        ("2017-11-20T04:00:00-0800", NOON),
        ("2016-05-10T07:30:05.4271239Z", datetime(2016, 5, 10, 7, 30, 5, 427123, tzinfo=UTC)),
        ("2017-11-20", date(2017, 11, 20)),
        ("  2017-11-20 ", date(2017, 11, 20)),
        ("", None),
        ("   ", None),
    ],
)
def test_a_creation_time_is_read(text: str, created: datetime | date | None) -> None:
    assert parse_created(text) == created
    assert type(parse_created(text)) is type(created)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2017-11-20T12:00:00", "a time needs its offset from UTC: add Z"),
        ("2017-11-20 12:00", "a time needs its offset from UTC: add Z"),
        ("20.11.2017", "not a date or time like 2017-11-20"),
        ("1511179200", "not a date or time like 2017-11-20"),
        ("2017-W47-1", "not a date or time like 2017-11-20"),
        ("2017-13-01", "there is no such day or time"),
        ("2017-02-29", "there is no such day or time"),
        ("2017-11-20T25:00:00Z", "there is no such day or time"),
        ("0001-01-01T00:00:00+14:00", "out of range"),
        ("٢٠١٧-11-20", "not a date or time like 2017-11-20"),
        ("2017-11-20\x00", "not a date or time like 2017-11-20"),
    ],
)
def test_a_bad_creation_time_says_what_would_do(text: str, reason: str) -> None:
    with pytest.raises(FactError) as refusal:
        parse_created(text)
    assert refusal.value.field == "created"
    assert reason in refusal.value.reason


def test_facts_are_read_from_text() -> None:
    facts = Facts.from_text(
        {
            "offer_id": " MS-AZR-0003P ",
            "quota_id": "",
            "family": "  ",
            "created": "2017-11-20",
            "account_age_days": "30",
            "paid_invoices": "0",
            "paid_total_usd": "1000.50",
            "identity_verified": "No",
        }
    )
    assert facts == Facts(
        offer_id="MS-AZR-0003P",
        created=date(2017, 11, 20),
        account_age_days=30,
        paid_invoices=0,
        paid_total_usd=Decimal("1000.50"),
        identity_verified=False,
    )


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        ("offer_id", "x" * 101, "longer than 100 characters"),
        ("quota_id", "MSDN\n2014", "cannot be printed"),
        ("family", "\udcff", "cannot be printed"),
        ("account_age_days", "-1", "not a whole number"),
        ("account_age_days", "30.5", "not a whole number"),
        ("paid_invoices", "many", "not a whole number"),
        ("paid_invoices", "1" * 10, "not a whole number"),
        ("paid_total_usd", "1,000", "not an amount like 1000"),
        ("paid_total_usd", "NaN", "not an amount like 1000"),
        ("paid_total_usd", "1e999999", "not an amount like 1000"),
        ("identity_verified", "maybe", "neither yes nor no"),
        ("colour", "blue", "is not one of the facts; these are: offer_id, quota_id"),
    ],
)
def test_a_bad_fact_is_named_with_its_reason(field: str, text: str, reason: str) -> None:
    with pytest.raises(FactError) as refusal:
        Facts.from_text({field: text})
    assert refusal.value.field == field
    assert reason in refusal.value.reason


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="created: 2017-11-20T12:00:00 has no offset from UTC"):
        Facts(created=datetime(2017, 11, 20, 12))  # what is refused here


def test_names_are_trimmed_and_blank_ones_are_unknown() -> None:
    assert Facts(offer_id=" A ", quota_id=" ", family="") == Facts(offer_id="A")
