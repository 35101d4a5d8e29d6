"""``manage.py load_policy FILE``: a policy document becomes a version."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from subscriptions.models import PolicyVersion
from subscriptions.policy.explain import in_words
from subscriptions.policy.source import PolicyError
from subscriptions.policy.versions import load_policy


class Command(BaseCommand):
    help = "Load a policy document as a version; the same document twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a policy document; docs/policy.md describes its form")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_policy(options["file"])
        except PolicyError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from None
        told = "loaded" if loaded.is_new else "was loaded before, nothing changed"
        self.stdout.write(f"{loaded.version}: {told}; {_when(loaded.version)}.")


def _when(version: PolicyVersion) -> str:
    if version.effective_from is None:
        return "an example, never in force"
    return f"in force from {in_words(version.effective_from)}"
