"""``manage.py readiness``."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from tests.lookups.readiness.test_readiness import HERE, READY
from tests.outside.dns import OutsideDNS


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("readiness", "--domain", "shop.example", *arguments, stdout=out)
    return out.getvalue()


def test_the_list_as_json_and_as_text(dns_server: OutsideDNS) -> None:
    dns_server.zone |= READY
    with override_settings(DNS_RESOLVERS=[dns_server.address]):
        found = json.loads(run("--address", HERE, "--selector", "s1", "--json"))
        told = run("--address", HERE)
    assert {line["item"]: line["status"] for line in found}["spf_address"] == "pass"
    assert set(found[0]) == {"item", "subject", "status", "detail", "publish"}
    assert "not asked  helo" in told
    assert "unknown" not in told


def test_what_is_replaced_stands_beside_what_to_publish(dns_server: OutsideDNS) -> None:
    dns_server.zone |= READY | {"_dmarc.shop.example": ['TXT "v=DMARC1; p=maybe"']}
    with override_settings(DNS_RESOLVERS=[dns_server.address]):
        told = run()
    assert told.index("there is: v=DMARC1; p=maybe") < told.index("publish: _dmarc.shop.example. IN TXT")


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("--domain", "bad domain", "“bad domain” is no domain name"),
        ("--domain", "", "Nothing is no domain name"),
        ("--address", "203.0.113.700", r"“203\.0\.113\.700” is no IP address"),
        ("--selector", "a b", "“a b” is no DKIM selector"),
        ("--helo", "mail", "“mail” is no domain name"),
    ],
)
def test_what_the_page_refuses_is_refused_by_the_option(option: str, value: str, why: str) -> None:
    with pytest.raises(CommandError, match=f"^{option}: {why}"):
        run(option, value)
