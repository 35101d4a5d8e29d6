"""DNS blocklists: listed by a code that counts, not listed, or not asked. A refusal is never "listed"."""

import pytest

from lookups.blocklists import look_up, parse
from lookups.dns import Resolver
from tests.outside.dns import OutsideDNS

(LIST,) = parse(["list.example=127.0.0.2:spam source|127.0.0.4:exploited"])
NAME = "7.113.0.203.list.example"
SIX = "5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.list.example"

ANSWERS = {
    "hit": (["A 127.0.0.2"], True, "spam source"),
    "two reasons": (["A 127.0.0.2", "A 127.0.0.4"], True, "spam source; exploited"),
    "one that counts": (["A 127.0.0.10", "A 127.0.0.4"], True, "exploited"),
    "policy only": (["A 127.0.0.10", "A 127.0.0.11"], False, "no reason that counts"),
    "no such name": (None, False, ""),
    "no records": (["empty"], False, ""),
    "text only": (['TXT "listed"'], False, ""),
    "an open resolver": (["A 127.255.255.254"], None, "refused to answer"),
    "too many queries": (["A 127.255.255.255"], None, "refused to answer"),
    "a wrong zone": (["A 127.255.255.252"], None, "refused to answer"),
    "a refusal beside a code": (["A 127.0.0.2", "A 127.255.255.254"], None, "refused to answer"),
    "a parked zone": (["A 203.0.113.99"], None, "refused to answer"),
    "time-out": (["slow"], None, "no answer in time"),
    "a wrong answer": (["wrong"], None, "no answer in time"),
    "SERVFAIL": (["servfail"], None, "SERVFAIL"),
    "REFUSED": (["refused"], None, "REFUSED"),
    "lame": (["lame"], None, "refers elsewhere"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_what_a_list_says(dns_server: OutsideDNS, resolver: Resolver, case: str) -> None:
    records, is_listed, meaning = ANSWERS[case]
    if records is not None:
        dns_server.zone[NAME] = records
    found = look_up("203.0.113.7", LIST, resolver)
    assert found.is_listed is is_listed
    assert meaning in found.meaning
    assert {name for name, _ in dns_server.asked} == {NAME}


@pytest.mark.parametrize("address", ["2001:db8::25", "2001:0DB8:0::0025"])
def test_ipv6_by_nibbles(dns_server: OutsideDNS, resolver: Resolver, address: str) -> None:
    dns_server.zone[SIX] = ["A 127.0.0.2"]
    assert look_up(address, LIST, resolver).is_listed


def test_several_lists_from_the_environment() -> None:
    one, two = parse(["a.example. = 127.0.0.2: spam ", "b.example=127.0.0.3:x:y|127.0.0.9:z"])
    assert (one.zone, one.codes) == ("a.example", {"127.0.0.2": "spam"})
    assert two.codes == {"127.0.0.3": "x:y", "127.0.0.9": "z"}
    assert parse([]) == []


@pytest.mark.parametrize(
    "entry", ["a.example", "=127.0.0.2:x", "a.example=", "a.example=2:x", "a.example=127.0.0.2"]
)
def test_a_faulty_entry_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match="is not of the form zone=") as refused:
        parse([entry])
    assert entry in str(refused.value)
