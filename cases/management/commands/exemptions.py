"""``manage.py exemptions``: which subscriptions may open port 25, for whoever feeds a firewall from it."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cases.exempted import Exempted, exempted
from subscriptions.policy.facts import FactError, parse_created


class Command(BaseCommand):
    help = (
        "List the exempt subscriptions, a line for each, with the addresses that they hold; changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="a JSON object on each line")
        parser.add_argument(
            "--at",
            type=_moment,
            metavar="TIME",
            help="as it was then, like 2026-11-26T14:00:00Z; now if not given",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for row in exempted(options["at"] or timezone.now()):
            self.stdout.write(json.dumps(row.as_json()) if options["json"] else _line(row))
            count += 1
        if not count:
            self.stderr.write("No subscription is exempt.")


def _line(row: Exempted) -> str:
    """Columns by space: subscription, since, case, addresses by comma (``-`` for none)."""
    addresses = ",".join(row.addresses) or "-"
    return f"{row.subscription} {row.since:%Y-%m-%dT%H:%M:%SZ} {row.case} {addresses}"


def _moment(text: str) -> datetime:
    try:
        moment = parse_created(text)
    except FactError as error:
        raise ArgumentTypeError(error.reason) from None
    if not isinstance(moment, datetime):
        raise ArgumentTypeError(f"{text!a}: name the time as well, like 2026-11-26T14:00:00Z")
    return moment
