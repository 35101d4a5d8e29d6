"""Files to import, and the command that does it, as an operator sees it."""

import io
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import CommandError

HEADER = (
    "subscription_id,name,offer_id,quota_id,created_at,state,"
    "customer_number,customer_name,partner_number,partner_name"
)
SHOP = "6f1c2a30-0000-4000-8000-000000000001"
BLOG = "6f1c2a30-0000-4000-8000-000000000002"
LAB = "6f1c2a30-0000-4000-8000-000000000003"


@dataclass(frozen=True)
class Told:
    """What the command wrote, and its error, empty where it ended well."""

    report: list[str]
    progress: str
    error: str

    @property
    def sum(self) -> str:
        """The line that counts."""
        return next(line for line in self.report if line.endswith(" bad.")).partition("UTC: ")[2]

    @property
    def left(self) -> list[str]:
        """The lines about single entries."""
        return [line for line in self.report if line.startswith(("line ", "item "))]


def run(file: Path | str, *options: str, command: str = "import_subscriptions") -> Told:
    """Import a file."""
    out, progress, error = io.StringIO(), io.StringIO(), ""
    try:
        call_command(command, str(file), *options, stdout=out, stderr=progress)
    except CommandError as refusal:
        error = str(refusal)
    return Told(out.getvalue().splitlines(), progress.getvalue(), error)


def csv_line(
    subscription_id: str = SHOP,
    name: str = "Web shop",
    *,
    offer_id: str = "MS-AZR-0003P",
    quota_id: str = "PayAsYouGo_2014-09-01",
    created_at: str = "2017-11-20T09:12:00Z",
    state: str = "active",
    customer: str = "C-1,Contoso",
    partner: str = ",",
) -> str:
    """One line of ``HEADER``; customer and partner are number and name."""
    return ",".join([subscription_id, name, offer_id, quota_id, created_at, state, customer, partner])


def csv_file(folder: Path, *lines: str, header: str = HEADER, name: str = "inventory.csv") -> Path:
    """A file of these lines."""
    path = folder / name
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return path
