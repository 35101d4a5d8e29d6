"""Queries are counted, not timed: of pages for some rows and for twice as many, and of a submission.

``python -m benchmarks.http_child http_queries`` prints a line of JSON for each count.
"""

import json
import re
import sys
from collections.abc import Iterator
from uuid import UUID

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.http_cast import FREE_EACH, OWNER, REVIEWER, SUBMITTERS, asked_often, submitter
from benchmarks.http_client import Request
from benchmarks.http_scripts import SCRIPTS
from cases.models import Case
from people.models import User

REFERENCE = re.compile(r"/review/(UB-[0-9A-Z-]{9})/")
PAGE_GOAL = "the same for both"
LONGEST_SHOWN = 120


def main() -> None:
    """Count, in the world of ``DATABASE_URL``."""
    for counted in (*_pages(), _submission()):
        print(json.dumps(counted))


def _pages() -> Iterator[dict[str, object]]:
    owner, reviewer = _signed_in(OWNER), _signed_in(REVIEWER)
    some, more = (asked_often(times) for times in (3, 6))
    for name, client, path in (
        ("answer page", owner, "/requests/subscription/{id}/"),
        ("status page", owner, "/requests/{reference}/"),
        ("case page", reviewer, "/review/{reference}/"),
    ):
        few, many = (
            _count(client, path.format(id=subscription, reference=_latest(subscription)))
            for subscription in (some, more)
        )
        yield _counted(f"queries of the {name}, 6 cases and 36 messages", many, "3 and 18", few, PAGE_GOAL)
    yield _queue(reviewer)


def _queue(reviewer: Client) -> dict[str, object]:
    """A filter that leaves part of a page, and the whole page."""
    part, whole = "/review/?state=with_partner", "/review/"
    rows = [len(set(REFERENCE.findall(reviewer.get(path).content.decode()))) for path in (part, whole)]
    few, many = _count(reviewer, part), _count(reviewer, whole)
    return _counted(f"queries of the queue, {rows[1]} rows", many, f"{rows[0]} rows", few, PAGE_GOAL)


def _submission() -> dict[str, object]:
    """The last subscriptions of one submitter, which no client has come to; the first one warms caches."""
    who = SUBMITTERS - 1
    client = _signed_in(submitter(who))
    _post(client, SCRIPTS["submit"](who, FREE_EACH - 1, ()))
    with CaptureQueriesContext(connection) as queries:
        _post(client, SCRIPTS["submit"](who, FREE_EACH - 2, ()))
    for query in queries:
        print(query["sql"][:LONGEST_SHOWN], file=sys.stderr)
    return _counted("round trips of a submission", len(queries), goal="10 at most")


def _signed_in(email: str) -> Client:
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(User.objects.get(email=email))
    return client


def _count(client: Client, path: str) -> int:
    client.get(path)  # warms what is read once in a process
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    _refuse_unless(response.status_code == 200, path)
    return len(queries)


def _post(client: Client, request: Request) -> None:
    response = client.post(request.path, request.fields)
    _refuse_unless(response.status_code == request.status, request.path)


def _refuse_unless(is_well: bool, path: str) -> None:
    if not is_well:
        raise SystemExit(f"{path} did not answer as it should.")


def _latest(subscription: UUID) -> str:
    return Case.objects.filter(subscription=subscription).latest("pk").reference


def _counted(
    what: str, number: int, reference: str = "", beside: int = 0, goal: str = ""
) -> dict[str, object]:
    return {"what": what, "number": number, "reference": reference, "beside": beside, "goal": goal}
