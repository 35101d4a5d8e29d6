"""How the reviewers' pages are read and posted to in tests."""

from typing import Any

from django.test import Client

from cases.models import Case
from tests.front.page import Page

QUEUE = "/review/"


def case_path(case: Case, part: str = "") -> str:
    return f"{QUEUE}{case.reference}/{part}"


def see(client: Client, path: str) -> Page:
    response = client.get(path)
    assert response.status_code == 200, path
    return Page(response)


def verbs_offered(page: Page) -> list[str]:
    return [each["value"] for each in page.attributes("input") if each.get("name") == "chosen-verb"]


def verdict(case: Case, verb: str = "deny", **data: Any) -> dict[str, Any]:
    """What the decision form posts."""
    return {"verb": verb, "version": case.version, "reasons": ["relay_would_do"], **data}
