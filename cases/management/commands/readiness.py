"""``manage.py readiness``: whether a domain and its addresses are ready to send, and what to publish."""

import json
from argparse import ArgumentParser
from ipaddress import ip_address
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lookups.dns import resolver
from lookups.readiness import Line, readiness

MARKS = {"pass": "pass   ", "fail": "FAIL   ", "unknown": "unknown"}


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
        addresses = [_address(text) for text in options["address"]]
        found = list(
            readiness(
                options["domain"], addresses, resolver(), selector=options["selector"], helo=options["helo"]
            )
        )
        if options["json"]:
            self.stdout.write(json.dumps([line.as_json() for line in found], indent=2))
        else:
            self.stdout.write("\n".join(map(_told, found)))


def _address(text: str) -> str:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        raise CommandError(f"--address: {text!a} is no IP address like 203.0.113.7 or 2001:db8::25") from None


def _told(line: Line) -> str:
    publish = f"\n         publish: {line.publish}" if line.publish else ""
    return f"{MARKS[line.status]}  {line.item:<12} {line.subject}: {line.detail}{publish}"
