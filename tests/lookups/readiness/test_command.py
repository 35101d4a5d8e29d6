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
    assert "unknown  helo" in told


def test_a_bad_address_is_named() -> None:
    with pytest.raises(CommandError, match=r"--address: '203\.0\.113\.700' is no IP address"):
        run("--address", "203.0.113.700")
