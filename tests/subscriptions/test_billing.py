"""Facts of customers: one form for each value, a source and a date beside it."""

from datetime import UTC, date, datetime
from typing import cast

import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from cases.models import State
from subscriptions.billing import (
    CONDITION_OF,
    KINDS,
    LONGEST_TEXT,
    Fact,
    canonical,
    facts_of_customer,
    read_value,
    set_facts,
)
from subscriptions.models import Customer
from subscriptions.policy.document import CONDITIONS
from tests.cases.views.reading import sign_in
from tests.front.page import Page
from tests.world import World

MARCH = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("identity_verified", ["yes", "Yes", " TRUE", "1"]),
        ("paid_invoices", ["7", "007"]),
        (
            "phone",
            [
                "+442079460018",
                "0044 20 7946 0018",
                "+44 (20) 7946-0018",
                "+44.20.7946.0018",
                "+44\xa020\xa07946/0018",
            ],
        ),
        ("contact", ["billing@shop.example", "Billing@Shop.Example"]),
        ("signup_network", ["192.0.2.0/24", "192.0.2.99/24", "192.0.2.0/255.255.255.0"]),
        ("signup_network", ["2001:db8::/48", "2001:0DB8:0:1::1/48"]),
        ("account_opened_on", ["2016-05-09"]),
    ],
)
def test_one_value_has_one_form_however_it_is_written(name: str, texts: list[str]) -> None:
    first = texts[0].strip()
    assert {canonical(name, text) for text in texts} == {first}
    assert canonical(name, canonical(name, first)) == first


LIKELY = '0019aAi\u0130\u212a\u017f.-+()/ \t\xa0:%@"\x00\ud800'
"""What values are made of, and letters and characters that have misled one reader or another."""


def typed() -> st.SearchStrategy[str]:
    anything = st.text(max_size=LONGEST_TEXT + 2)
    likely = st.text(LIKELY, max_size=20)
    return anything | likely | likely.map("{}@shop.example".format) | likely.map("fe80::1%{}".format)


@pytest.mark.parametrize("name", KINDS)
@given(text=typed() | st.dates().map(str) | st.decimals(0, 10**12, places=4).map(str))
@example(text="-")
@example(text="00")
@example(text="00 00 44 20")
@example(text="\u0130@shop.example")
@example(text="fe80::1%\x00")
def test_whatever_is_kept_reads_back_as_it_was_and_can_be_stored(name: str, text: str) -> None:
    try:
        kept = canonical(name, text)
    except ValueError:
        return
    assert kept
    assert read_value(name, kept) == read_value(name, text)
    assert canonical(name, kept) == kept
    assert not {"\x00", "\ud800"} & set(kept), "PostgreSQL takes neither"


@pytest.mark.parametrize("text", ["-", "()", "/", ".", "00", "000", "112", "00 00", "ask Ada", "\x00"])
def test_a_phone_of_too_few_digits_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no phone number like \+44 20 7946 0018, of at least 4 digits"):
        canonical("phone", text)


@pytest.mark.parametrize("text", ["1001\x00", "1" * (LONGEST_TEXT + 1)])
def test_a_phone_is_printable_and_no_novel(text: str) -> None:
    with pytest.raises(ValueError, match="must be 1 to 200 printable characters"):
        canonical("phone", text)


def test_what_is_kept_is_read_back_typed_and_in_one_order() -> None:
    customer = Customer()
    set_facts(customer, {"phone": "1001", "identity_verified": "no"}, source="bank", as_of=MARCH)
    set_facts(customer, {"account_opened_on": "2016-05-09"}, source="billing", as_of=MARCH)
    assert list(facts_of_customer(customer).items()) == [
        ("account_opened_on", Fact(date(2016, 5, 9), "billing", MARCH)),
        ("identity_verified", Fact(False, "bank", MARCH)),
        ("phone", Fact("1001", "bank", MARCH)),
    ]


def test_a_blank_is_not_known_any_more_and_nothing_else_changes() -> None:
    customer = Customer()
    set_facts(customer, {"phone": "1001", "paid_invoices": "3"}, source="bank", as_of=MARCH)
    set_facts(customer, {"phone": " ", "contact": ""}, source="later", as_of=MARCH)
    assert facts_of_customer(customer) == {"paid_invoices": Fact(3, "bank", MARCH)}


def test_a_name_that_is_no_fact_any_more_is_passed_over() -> None:
    kept = {"value": "blue", "source": "bank", "as_of": MARCH.isoformat()}
    assert facts_of_customer(Customer(facts={"favourite_colour": kept})) == {}


UNREADABLE = {"value": "", "source": "bank", "as_of": MARCH.isoformat()}


def test_what_older_rules_kept_and_nobody_can_read_breaks_no_page(
    world: World, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    case = world.case_in(State.IN_REVIEW)
    world.knows(case.customer, paid_invoices="3")
    case.customer.facts |= {"phone": UNREADABLE, "account_opened_on": {**UNREADABLE, "value": "9 May"}}
    case.customer.save()
    assert facts_of_customer(case.customer).keys() == {"paid_invoices"}
    told = [cast("dict[str, object]", record.msg) for record in caplog.records]
    assert [(each["event"], each["customer"], each["fact"]) for each in told] == [
        ("fact.unreadable", case.customer.pk, "account_opened_on"),
        ("fact.unreadable", case.customer.pk, "phone"),
    ]
    assert "9 May" not in caplog.text
    sign_in(client, world, "olive")
    for path in (f"/requests/subscription/{case.subscription.pk}/", f"/requests/{case.reference}/"):
        assert client.get(path).status_code == 200, path
    sign_in(client, world, "rita")
    assert "Paid invoices" in Page(client.get(f"/review/{case.reference}/")).text


def test_what_customers_are_told_is_what_rules_turn_on() -> None:
    assert set(CONDITION_OF.values()) == set(CONDITIONS)
    assert KINDS.keys() > CONDITION_OF.keys()
