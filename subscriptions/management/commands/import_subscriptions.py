"""``manage.py import_subscriptions FILE``: subscriptions from the provider's own systems."""

from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from subscriptions.imports.command import ImportCommand, Job, terms_of
from subscriptions.imports.formats import Format, entries_of, layout_of
from subscriptions.imports.importer import importer
from subscriptions.imports.reading import Given, short_text
from subscriptions.imports.report import SubscriptionReport
from subscriptions.imports.stream import Stream
from subscriptions.imports.terms import Rules
from subscriptions.policy.facts import FactError
from subscriptions.policy.versions import active_policy


class Command(ImportCommand):
    help = "Import subscriptions from CSV, or from JSON of Azure Resource Manager or of Partner Center."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--format", choices=[*map(str, Format)], help="if not given, told from the content"
        )
        parser.add_argument(
            "--customer", default="", metavar="NUMBER", help="the customer of those that name none"
        )
        parser.add_argument(
            "--partner", default="", metavar="NUMBER", help="the partner of those that name none"
        )
        parser.add_argument(
            "--move", action="store_true", help="to another partner, even with a case open or an exemption"
        )

    def job_of(self, stream: Stream, now: datetime, options: Mapping[str, Any]) -> Job:
        given = Given(
            now,
            customer_number=_number("customer", options["customer"]),
            partner_number=_number("partner", options["partner"]),
        )
        layout = layout_of(stream.head, Format(options["format"]) if options["format"] else None)
        terms = terms_of(stream, now, options, layout.unit)
        rules = Rules(active_policy(now), may_move=options["move"])
        return Job(terms, entries_of(stream, layout, given), importer(terms, rules), SubscriptionReport)


def _number(option: str, text: str) -> str:
    try:
        return short_text(f"{option}_number", text) or ""
    except FactError as error:
        raise FactError(f"--{option}", error.reason) from None
