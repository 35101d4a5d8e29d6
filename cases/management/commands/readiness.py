"""``manage.py readiness``: whether a domain and its addresses are ready to send, and what to publish."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.values import address_of, domain_of, selector_of
from lookups.dns import resolver
from lookups.readiness import Line, readiness

MARKS = {"pass": "pass     ", "fail": "FAIL     ", "unknown": "unknown  "}
NOT_ASKED = "not asked"


class Command(BaseCommand):
    help = "Look at MX, SPF, DKIM, DMARC, reverse DNS and HELO; says for each what to publish."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--domain", required=True, help="the domain that mail is sent from")
        parser.add_argument(
            "--address", action="append", default=[], help="an address that sends; may be repeated"
        )
        parser.add_argument("--selector", default="", help="the selector that mail is signed with (DKIM)")
        parser.add_argument("--helo", default="", help="the name that the mail server greets with")
        parser.add_argument(
            "--json", action="store_true", help="a JSON list of item, subject, status, detail, publish"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        domain = _checked("--domain", domain_of, options["domain"])
        addresses = [_checked("--address", address_of, text) for text in options["address"]]
        selector = _optional("--selector", selector_of, options["selector"])
        helo = _optional("--helo", domain_of, options["helo"])
        found = list(readiness(domain, addresses, resolver(), selector=selector, helo=helo))
        if options["json"]:
            self.stdout.write(json.dumps([line.as_json() for line in found], indent=2))
        else:
            self.stdout.write("\n".join(map(_told, found)))


def _optional(option: str, value_of: Callable[[str], str], text: str) -> str:
    return _checked(option, value_of, text) if text.strip() else ""


def _checked(option: str, value_of: Callable[[str], str], text: str) -> str:
    """What the page accepts, and nothing else; the error names the option."""
    try:
        return value_of(text)
    except ValueError as error:
        raise CommandError(f"{option}: {error}") from None


def _told(line: Line) -> str:
    mark = MARKS[line.status] if line.is_asked else NOT_ASKED
    publish = f"\n           publish: {line.publish}" if line.publish else ""
    present = "".join(f"\n           there is: {text}" for text in line.present)
    return f"{mark}  {line.item:<12} {line.subject}: {line.detail}{present}{publish}"
