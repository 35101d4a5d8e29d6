"""Facts of customers: one form for each value, a source and a date beside it."""

from datetime import UTC, date, datetime

import pytest

from subscriptions.billing import CONDITION_OF, KINDS, Fact, canonical, facts_of_customer, set_facts
from subscriptions.models import Customer
from subscriptions.policy.document import CONDITIONS

MARCH = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("identity_verified", ["yes", "Yes", " TRUE", "1"]),
        ("paid_invoices", ["7", "007"]),
        ("phone", ["+442079460018", "0044 20 7946 0018", "+44 (20) 7946-0018", "+44.20.7946.0018"]),
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


def test_what_is_kept_is_read_back_typed_and_in_one_order() -> None:
    customer = Customer()
    set_facts(customer, {"phone": "1", "identity_verified": "no"}, source="bank", as_of=MARCH)
    set_facts(customer, {"account_opened_on": "2016-05-09"}, source="billing", as_of=MARCH)
    assert list(facts_of_customer(customer).items()) == [
        ("account_opened_on", Fact(date(2016, 5, 9), "billing", MARCH)),
        ("identity_verified", Fact(False, "bank", MARCH)),
        ("phone", Fact("1", "bank", MARCH)),
    ]


def test_a_blank_is_not_known_any_more_and_nothing_else_changes() -> None:
    customer = Customer()
    set_facts(customer, {"phone": "1", "paid_invoices": "3"}, source="bank", as_of=MARCH)
    set_facts(customer, {"phone": " ", "contact": ""}, source="later", as_of=MARCH)
    assert facts_of_customer(customer) == {"paid_invoices": Fact(3, "bank", MARCH)}


def test_a_name_that_is_no_fact_any_more_is_passed_over() -> None:
    kept = {"value": "blue", "source": "bank", "as_of": MARCH.isoformat()}
    assert facts_of_customer(Customer(facts={"favourite_colour": kept})) == {}


def test_what_customers_are_told_is_what_rules_turn_on() -> None:
    assert set(CONDITION_OF.values()) == set(CONDITIONS)
    assert KINDS.keys() > CONDITION_OF.keys()
