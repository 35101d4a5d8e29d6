"""What the billing system knows of the demo's customers, brought by the real import as its exports bring it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from io import StringIO
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from demo.table import SOURCE, table
from subscriptions.billing import KINDS


def bring_facts(today: datetime) -> None:
    """The facts of all whose account is open by now, as the cast's table has them."""
    take_in("import_facts", ",".join(["customer_number", *KINDS]), *_lines(today))


def take_in(command: str, *lines: str, source: str = SOURCE) -> None:
    """An export of these lines, as it is now; ``source`` is the system that it comes from."""
    with NamedTemporaryFile("w", suffix=".csv") as export:
        export.write("".join(f"{line}\n" for line in lines))
        export.flush()
        as_of = timezone.now().isoformat()
        call_command(command, export.name, as_of=as_of, source=source, stdout=StringIO())


def _lines(today: datetime) -> Iterator[str]:
    for row in table("cast.yaml")["customers"].values():
        facts = row["facts"]
        opened = _day(facts.get("account_opened_on"), today)
        if opened is None or opened <= timezone.now().date():
            texts = facts | {"account_opened_on": opened} | _complaints(facts, today)
            yield ",".join([row["number"], *(_text(texts.get(name)) for name in KINDS)])


def _complaints(facts: Mapping[str, Any], today: datetime) -> dict[str, Any]:
    """What the abuse desk counts, once the day of the latest complaint has come; none before."""
    last = _day(facts.get("last_complaint_on"), today)
    if last is None or last <= timezone.now().date():
        return {"last_complaint_on": last}
    return {"abuse_complaints": 0, "last_complaint_on": None}


def _day(told: date | int | None, today: datetime) -> date | None:
    """A day, or so many days ago."""
    return (today - timedelta(days=told)).date() if isinstance(told, int) else told


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
