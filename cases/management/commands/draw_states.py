"""``manage.py draw_states``: write ``docs/state-machine.md`` and its picture from the machine."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cases.drawing import document, picture


class Command(BaseCommand):
    help = "Write the document and the picture of the state machine, from the machine itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "docs")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        (folder / "state-machine.md").write_text(document(), encoding="utf-8")
        (folder / "state-machine.svg").write_text(picture(), encoding="utf-8")
        self.stdout.write(f"Written: state-machine.md and state-machine.svg in {folder}.")
