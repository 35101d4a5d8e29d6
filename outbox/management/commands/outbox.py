"""``manage.py outbox``: see what could not be delivered, and try it again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from outbox.dead_letters import dead_letters, retry
from outbox.models import Message


class Command(BaseCommand):
    help = "List dead letters (messages that were given up), or try them again."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help="Each dead letter, with its reason.")
        again = verbs.add_parser("retry", help="Try dead letters again, from the first attempt on.")
        which = again.add_mutually_exclusive_group(required=True)
        which.add_argument("keys", nargs="*", default=[], metavar="KEY", help="The keys, as `list` shows.")
        which.add_argument("--all", action="store_true", help="Every one that nothing has overtaken.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "list":
            self._list()
        else:
            self._retry(options["keys"])

    def _list(self) -> None:
        letters = dead_letters()
        for letter in letters.iterator():
            self.stdout.write(_line(letter))
        if not letters.exists():
            self.stdout.write("No dead letters.")

    def _retry(self, keys: list[str]) -> None:
        letters = _named(keys) if keys else dead_letters()
        found = letters.count()
        tried = retry(letters)
        self.stdout.write(f"{tried} put back; the relay tries them at once.")
        if tried < found:
            self.stdout.write(f"{found - tried} left as they are: a later message of their thread has left.")


def _named(keys: list[str]) -> QuerySet[Message]:
    letters = dead_letters().filter(key__in=keys)
    missing = sorted(set(keys) - set(letters.values_list("key", flat=True)))
    if missing:
        raise CommandError(f"No dead letter has the key {', '.join(missing)}. Nothing was put back.")
    return letters


def _line(letter: Message) -> str:
    overtaken = "  (overtaken)" if letter.is_overtaken else ""  # type: ignore[attr-defined]  # annotated
    parked = f"{letter.parked_at:%Y-%m-%d %H:%M}Z"
    return f"{parked}  {letter.topic}  {letter.key}  {letter.attempts} attempts{overtaken}\n    {letter.last_error}"
