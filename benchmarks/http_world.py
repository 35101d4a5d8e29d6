"""A world that is served: who looks at it, and where its measured pages are."""

from collections.abc import Mapping
from functools import cached_property

import psycopg

from benchmarks.http_cast import OWNER, REVIEWER, asked_often
from benchmarks.http_client import Browser

OPEN = "SELECT reference FROM cases_case WHERE state = 'in_review' ORDER BY id DESC LIMIT %s"
LATEST = "SELECT reference FROM cases_case WHERE subscription_id = %s ORDER BY id DESC LIMIT 1"


class World:
    """``web`` is the process whose children are the web workers."""

    def __init__(self, database: str, cases: int, port: int, web: int) -> None:
        self.database = database
        self.cases = cases
        self.port = port
        self.web = web

    @cached_property
    def owner(self) -> Browser:
        """Signed in as a customer."""
        return Browser(self.port).sign_in(OWNER)

    @cached_property
    def reviewer(self) -> Browser:
        """Signed in at the desk."""
        return Browser(self.port).sign_in(REVIEWER)

    @cached_property
    def pages(self) -> Mapping[str, tuple[Browser, str]]:
        """The measured pages by name: whose they are, and their address."""
        subscription = asked_often(3)
        with psycopg.connect(self.database) as connection:
            found = connection.execute(LATEST, [subscription]).fetchone()
        reference = found[0] if found else ""
        return {
            "answer page": (self.owner, f"/requests/subscription/{subscription}/"),
            "status page": (self.owner, f"/requests/{reference}/"),
            "queue": (self.reviewer, "/review/"),
            "case page": (self.reviewer, f"/review/{reference}/"),
        }

    def open_cases(self, most: int) -> list[str]:
        """The addresses of cases in review, the newest first."""
        with psycopg.connect(self.database) as connection:
            found = connection.execute(OPEN, [most]).fetchall()
        return [f"/review/{reference}/" for (reference,) in found]
