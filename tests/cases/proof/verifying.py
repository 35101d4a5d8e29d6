"""Running ``manage.py verify_ledger``."""

from collections.abc import Callable
from io import StringIO

from django.core.management import CommandError, call_command


def verify(*references: str) -> str:
    """What the command prints. Raises ``CommandError`` with what it complains of."""
    out, complaints = StringIO(), StringIO()
    try:
        call_command("verify_ledger", *references, stdout=out, stderr=complaints)
    except CommandError as error:
        raise CommandError(f"{complaints.getvalue()}{error}", returncode=error.returncode) from None
    assert complaints.getvalue() == ""
    return out.getvalue()


def complaint_of(command: Callable[[], str]) -> str:
    """What the command complains of; empty if it does not."""
    try:
        command()
    except CommandError as error:
        return f"{error}" if error.returncode == 1 else f"exit code {error.returncode}"
    return ""
