"""What people type: each fault named with its field, and nothing kept that PostgreSQL would refuse."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.details import AttestationDetails, Checked, RequestDetails
from cases.refusals import Invalid
from cases.values import address_of, domain_of, mailbox_of, text_of
from tests.world import DETAILS

FAULTS: list[tuple[str, object, str]] = [
    ("why_direct", "x" * 5001, "at most 5000"),
    ("why_direct", "because\0" * 10, "NUL"),
    ("why_direct", "half a pair \ud800 " * 5, "no text"),
    ("data_claim", "x" * 5001, "at most 5000"),
    ("data_claim", "\0", "NUL"),
    ("mail_kind", "spam", "Choose one"),
    ("mail_kind", "x" * 100, "Choose one"),
    ("daily_volume", 0, "from 1"),
    ("daily_volume", -1, "from 1"),
    ("daily_volume", 2**31, "from 1"),
    ("daily_volume", 10**30, "from 1"),
    ("sending_domains", ["localhost"], "“localhost” is no domain name"),
    ("sending_domains", ["a b.example"], "no domain name"),
    ("sending_domains", ["shop.example\n"] * 51, "at most 50; these are 51"),
    ("sending_domains", ["-shop.example"], "no domain name"),
    ("sending_domains", ["mail.-shop.example"], "no domain name"),
    ("sending_domains", ["shop..example"], "no domain name"),
    ("sending_domains", ["shop.example\nbcc"], "no domain name"),
    ("sending_domains", [f"{'a.' * 140}example"], "no domain name"),
    ("sending_domains", [f"{'a' * 64}.example"], "no domain name"),
    ("sending_domains", ["shop\0.example"], "no domain name"),
    ("sending_domains", ["shop\ud800.example"], "no domain name"),
    ("sending_domains", ["192.0.2.25"], "no domain name"),
    ("sending_domains", [""], "Nothing is no domain name"),
    ("sending_addresses", ["203.0.113.0/24"], "no IP address"),
    ("sending_addresses", ["fe80::1%eth0"], "no IP address"),
    ("sending_addresses", ["203.0.113.256"], "no IP address"),
    ("sending_addresses", ["\0"], "no IP address"),
    ("sending_addresses", ["2001:db8::1"] * 51, "at most 50"),
    ("abuse_contact", "abuse", "no e-mail address"),
    ("abuse_contact", "abuse@shop.example\nbcc: all@shop.example", "no e-mail address"),
    ("abuse_contact", "a@" + "b." * 130 + "example", "no e-mail address"),
    ("abuse_contact", "abuse\0@shop.example", "no e-mail address"),
    ("abuse_contact", '"a\x1b[31m/../b"@shop.example', "no e-mail address"),
    ("abuse_contact", "/./b@shop.example", "no e-mail address"),
    ("abuse_contact", "abuse\ud800@shop.example", "no e-mail address"),
]


@pytest.mark.parametrize(("field", "value", "reason"), FAULTS)
def test_each_fault_is_named_with_its_field(field: str, value: object, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        replace(DETAILS, **{field: value}).cleaned()  # type: ignore[arg-type]  # by the field's name
    assert list(refused.value.errors) == [field]
    assert reason in refused.value.errors[field]
    refused.value.errors[field].encode()  # fit to be shown, whatever was typed


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        RequestDetails(mail_kind="spam", daily_volume=0, sending_addresses=["here"]).cleaned()
    assert list(refused.value.errors) == ["mail_kind", "daily_volume", "sending_addresses"]


def test_what_is_kept_is_put_right() -> None:
    typed = replace(
        DETAILS,
        why_direct=f"  {DETAILS.why_direct}\n",
        sending_domains=["Shop.Example.", "@shop.example", "bücher.example", "XN--BCHER-KVA.example"],
        sending_addresses=["2001:DB8:0::25", "::ffff:203.0.113.7", " 203.0.113.7 "],
        abuse_contact=" abuse@shop.example ",
    )
    assert typed.cleaned() == replace(
        DETAILS,
        sending_domains=("shop.example", "xn--bcher-kva.example"),
        sending_addresses=("2001:db8::25", "203.0.113.7"),
    )
    assert typed.cleaned().cleaned() == typed.cleaned()


def test_what_was_left_empty_stays_empty_until_a_reviewer_needs_it() -> None:
    empty = RequestDetails().cleaned()
    assert empty == RequestDetails()
    with pytest.raises(Invalid) as refused:
        empty.require_reviewable()
    assert list(refused.value.errors) == [
        "why_direct",
        "mail_kind",
        "daily_volume",
        "sending_domains",
        "abuse_contact",
        "terms",
    ]
    DETAILS.cleaned().require_reviewable()


def test_white_space_is_no_reason() -> None:
    with pytest.raises(Invalid, match="40 characters"):
        replace(DETAILS, why_direct="short" + " " * 60).cleaned().require_reviewable()


@pytest.mark.parametrize("left_out", Checked.values)
def test_an_attestation_confirms_every_point(left_out: str) -> None:
    with pytest.raises(Invalid, match="each of the points"):
        AttestationDetails([point for point in Checked.values if point != left_out]).cleaned()


@pytest.mark.parametrize("text", ["\0", "\udfff", "x" * 5001])
def test_an_attestation_says_what_can_be_kept(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        AttestationDetails(Checked.values, text).cleaned()
    assert list(refused.value.errors) == ["attestation"]


@given(st.text())
def test_a_value_is_kept_as_it_stays_or_refused(typed: str) -> None:
    """Whatever is typed: an answer that is the same when it comes round again, or a reason."""
    for value_of in (text_of, domain_of, address_of, mailbox_of):
        try:
            kept = value_of(typed)
        except ValueError as error:
            str(error).encode()
        else:
            assert "\0" not in kept.encode().decode()
            assert value_of(kept) == kept


class Dear(str):
    """A name whose ASCII form is dear: its length alone may be asked for."""

    __slots__ = ()

    def strip(self, *given: object) -> "Dear":
        return self

    lower = removeprefix = strip

    def encode(self, encoding: str = "utf-8", *given: object) -> bytes:
        assert encoding == "utf-8", "it was put into ASCII before its length was looked at"
        return b""


def test_a_name_that_is_too_long_is_refused_before_it_costs_anything() -> None:
    with pytest.raises(ValueError, match="is no domain name"):
        domain_of(Dear("\u00e9" * 400_000))
