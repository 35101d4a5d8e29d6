"""``manage.py describe_checks``: write what each check looks at into ``docs/antifraud.md``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cases.antifraud.described import described


class Command(BaseCommand):
    help = "Write what each anti-fraud check looks at, proves and counts into the page about them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = settings.BASE_DIR / "docs" / "antifraud.md"
        parser.add_argument("page", nargs="?", type=Path, default=default)

    def handle(self, *args: Any, **options: Any) -> None:
        page: Path = options["page"]
        try:
            page.write_text(described(page.read_text(encoding="utf-8")), encoding="utf-8")
        except (OSError, ValueError) as error:
            raise CommandError(f"{page}: {error}") from None
        self.stdout.write(f"Written: {page}.")
