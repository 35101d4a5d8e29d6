"""What people type into the request's form: what is taken, how it is kept, and what is said of the rest."""

from typing import Any

import pytest
from django.http import QueryDict

from cases.details import RequestDetails
from cases.forms import ListForm, RequestForm, details_of
from tests.world import DETAILS

INVENTORY = ["203.0.113.7", "2001:db8::25"]


def posted(**changes: Any) -> QueryDict:
    """The form as a browser sends it."""
    data = QueryDict(mutable=True)
    answers: dict[str, Any] = {
        "why_direct": DETAILS.why_direct,
        "mail_kind": "transactional",
        "daily_volume": "4000",
        "sending_domains": "shop.example",
        "sending_addresses": "",
        "abuse_contact": "abuse@shop.example",
        "terms": "on",
        "idempotency_key": "one",
    }
    for name, value in (answers | changes).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def form(**changes: Any) -> RequestForm:
    return RequestForm(posted(**changes), inventory=INVENTORY)


def details(**changes: Any) -> RequestDetails:
    """What the form makes of it; read without a form to show, it has to come to the same."""
    filled = form(**changes)
    assert filled.is_valid(), filled.errors
    answers = RequestForm.read(posted(**changes))
    assert answers is not None
    assert details_of(answers) == filled.details()
    assert answers["idempotency_key"] == filled.cleaned_data["idempotency_key"]
    return filled.details()


@pytest.mark.parametrize(
    ("typed", "kept"), [("4000", 4000), ("4,000", 4000), (" 12 000 ", 12000), ("1'000", 1000)]
)
def test_a_volume_is_read_as_people_write_it(typed: str, kept: int) -> None:
    assert details(daily_volume=typed).daily_volume == kept


def test_ticked_and_typed_addresses_are_kept_once_each() -> None:
    said = details(held_addresses=["203.0.113.7"], sending_addresses="198.51.100.4, 203.0.113.7\n2001:DB8::9")
    assert said.sending_addresses == ["203.0.113.7", "198.51.100.4", "2001:db8::9"]


def test_domains_are_kept_in_lower_case_and_ascii_without_repeats() -> None:
    said = details(sending_domains="Shop.Example\nshop.example, bücher.example; @mail.shop.example")
    assert said.sending_domains == ["shop.example", "xn--bcher-kva.example", "mail.shop.example"]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("why_direct", "", "Say why a relay on 587 or 443 cannot be used."),
        ("why_direct", "   short   ", "Write at least 40 characters; these are 5."),
        ("why_direct", "x" * 5001, "at most 5000 characters"),
        ("why_direct", "\0" + DETAILS.why_direct, "Null characters are not allowed."),
        ("mail_kind", "", "Choose the kind of mail that comes nearest."),
        ("mail_kind", "spam", "is not one of the available choices"),
        ("daily_volume", "", "Give the messages on a busy day, in digits."),
        ("daily_volume", "many", "Write the number in digits, like 4000."),
        ("daily_volume", "-5", "Write the number in digits, like 4000."),
        ("daily_volume", "0", "from 1 to 100,000,000"),
        ("daily_volume", "9" * 40, "Write the number in digits, like 4000."),
        ("sending_domains", "", "Name at least one domain that you send from."),
        ("sending_domains", "not a domain", "“not” is no domain name; write it like mail.example.com."),
        ("sending_domains", " ".join(f"d{n}.example" for n in range(51)), "Give at most 50; these are 51."),
        ("sending_addresses", "203.0.113.999", "“203.0.113.999” is no IP address"),
        ("sending_addresses", "fe80::1%eth0", "“fe80::1%eth0” is no IP address"),
        ("held_addresses", ["203.0.113.8"], "203.0.113.8 is not held by this subscription; type it below."),
        ("abuse_contact", "nobody", "“nobody” is no e-mail address; write it like abuse@example.com."),
        ("abuse_contact", "a@" + "x" * 300 + ".example", "at most 254 characters"),
        ("terms", "", "Accept the terms"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(field: str, typed: Any, sentence: str) -> None:
    filled = form(**{field: typed})
    assert not filled.is_valid()
    assert list(filled.errors) == [field]
    assert sentence in str(filled.errors[field])
    # Which addresses are held is asked of the subscription, and then the answer is no longer at once.
    assert (RequestForm.read(posted(**{field: typed})) is None) == (field != "held_addresses")


def test_without_an_inventory_addresses_are_typed() -> None:
    filled = RequestForm(posted(sending_addresses="203.0.113.7"))
    assert "held_addresses" not in filled.fields
    assert filled.fields["sending_addresses"].label == "From which addresses of this subscription?"
    assert filled.is_valid(), filled.errors
    assert filled.details().sending_addresses == ["203.0.113.7"]


def test_each_first_rendering_has_a_key_of_its_own() -> None:
    keys = {RequestForm().fields["idempotency_key"].initial for _ in range(3)}
    assert len(keys) == 3


def test_nonsense_asks_a_list_for_nothing() -> None:
    asked = ListForm(QueryDict("q=a%00b&after=nonsense")).asked()
    assert not any(asked.values())
