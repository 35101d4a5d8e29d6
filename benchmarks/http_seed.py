"""A world with any number of cases, of which one in twenty is open.

``python -m benchmarks.http_child http_seed CASES`` fills the empty database of ``DATABASE_URL``.
"""

import subprocess
import sys
from itertools import pairwise

from django.core.management import call_command
from django.db import connection

from benchmarks.http_copy import number_on
from benchmarks.http_parties import make_parties
from cases.models import Case, CaseMessage, CheckRound, CheckRun

CASES_OF_A_CUSTOMER = 200
AT_ONCE = 2
VERIFIED = 200


def main(cases: str) -> None:
    """Fill the database and verify a sample of the ledger."""
    total = int(cases)
    call_command("migrate", verbosity=0)
    call_command("load_shipped", verbosity=0)
    make_parties(max(5, total // CASES_OF_A_CUSTOMER))
    _make_cases(total)
    for numbered in (Case, CaseMessage, CheckRound, CheckRun):
        number_on(numbered.objects.all())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    sample = Case.objects.order_by("?").values_list("reference", flat=True)[:VERIFIED]
    call_command("verify_ledger", *sample)


def _make_cases(total: int) -> None:
    """In processes of their own, one for each core that there has to be."""
    borders = [total * part // AT_ONCE for part in range(AT_ONCE + 1)]
    module = [sys.executable, "-m", "benchmarks.http_child", "http_part"]
    parts = [
        subprocess.Popen([*module, str(first), str(last), str(total)])  # noqa: S603  # ours
        for first, last in pairwise(borders)
    ]
    statuses = [part.wait() for part in parts]
    if any(statuses):
        raise SystemExit("The world of the benchmark could not be made; the lines above say why.")
