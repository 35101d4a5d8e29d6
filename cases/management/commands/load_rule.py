"""``manage.py load_rule FILE``: a rule document becomes a rule, off."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.actions.rules import load_rule
from subscriptions.policy.source import PolicyError


class Command(BaseCommand):
    help = "Load a rule for automatic decisions, off; the same document twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a rule document; docs/antifraud.md describes its form")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_rule(options["file"])
        except PolicyError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        rule = loaded.rule
        told = "loaded, off" if loaded.is_new else f"was loaded before, nothing changed; it is {rule.mode}"
        self.stdout.write(f"{rule.pk}: {told}. Two senior reviewers switch it on: /review/rules/{rule.pk}/")
