"""``manage.py prune_outbox``: forget messages that were sent long ago."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from outbox.models import Message

BATCH = 5000
DAYS_KEPT = 90


class Command(BaseCommand):
    help = "Delete messages that were sent more than so many days ago. What waits or was given up stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days", type=int, default=DAYS_KEPT, help="How long to keep them (default: 90)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["days"] < 1:
            raise CommandError("--days: must be 1 or more; a fresh key still guards against sending twice.")
        sent = Message.objects.filter(sent_at__lt=timezone.now() - timedelta(days=options["days"]))
        pruned, last = 0, 0
        # In short transactions, and onwards by key, so that a table of any size is read once.
        while ids := list(sent.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
            pruned += Message.objects.filter(pk__in=ids).delete()[0]
            last = ids[-1]
        self.stdout.write(f"{pruned} sent messages deleted.")
