"""``GET /api/v1/eligibility`` as a program sees it."""

import io
import json

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from subscriptions.policy.versions import load_shipped_policies

pytestmark = pytest.mark.django_db
URL = "/api/v1/eligibility"


@pytest.fixture(autouse=True)
def _policies(db: None) -> None:
    load_shipped_policies()


@pytest.mark.parametrize(
    ("asked", "options"),
    [
        ({"offer": "MS-AZR-0003P", "created": "2017-11-20T00:00:00Z"}, []),
        ({"quota": "MPN_2014-09-01", "created": "2017-11-20T01:00:00+01:00"}, []),
        ({"family": "csp", "account_age_days": "3", "policy": "example-first-invoice"}, []),
        ({"offer": "MS-AZR-0148P", "identity_verified": "no", "policy": "example-qualified"}, []),
        ({"offer": "MS-AZR-0003P", "paid_total_usd": "999.5", "policy": "example-paid-1000"}, []),
        ({}, []),
    ],
)
def test_it_answers_as_the_command_does(client: Client, asked: dict[str, str], options: list[str]) -> None:
    options = [word for name, text in asked.items() for word in (f"--{name.replace('_', '-')}", text)]
    out = io.StringIO()
    call_command("eligibility", "--json", *options, stdout=out)
    answer = client.get(URL, asked)
    assert answer.status_code == 200
    assert answer.json() == json.loads(out.getvalue())


@pytest.mark.parametrize(
    ("query", "field", "error"),
    [
        ("created=2017-11-20T00:00:00", "created", "a time needs its offset from UTC"),
        ("created=2017-11-20T00:00:00+01:00", "created", "not a date or time like 2017-11-20"),
        ("offer=" + "x" * 101, "offer", "is longer than 100 characters"),
        ("quota=%00", "quota", "cannot be printed"),
        ("paid_invoices=-1", "paid_invoices", "is not a whole number"),
        ("identity_verified=perhaps", "identity_verified", "is neither yes nor no"),
        ("policy=nope", "policy", "There is no policy 'nope'; there is: azure-2017-11-15"),
        ("policy=%00", "policy", "There is no policy"),
        (
            "offer_id=MS-AZR-0003P",
            "offer_id",
            "is no parameter here; these are: offer, quota, family, created",
        ),
        ("offer=a&offer=b", "offer", "is given more than once"),
    ],
)
def test_bad_input_is_400_with_the_fields_name(client: Client, query: str, field: str, error: str) -> None:
    answer = client.get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert answer.json()["field"] == field
    assert error in answer.json()["error"]


def test_without_a_policy_in_force_it_is_503(client: Client) -> None:
    with time_machine.travel("2000-01-01T00:00:00Z"):
        answer = client.get(URL, {"offer": "MS-AZR-0003P"})
    assert answer.status_code == 503
    assert "manage.py load_shipped" in answer.json()["error"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_only_get_is_answered(client: Client, method: str) -> None:
    assert getattr(client, method)(URL).status_code == 405


def test_the_description_is_there_and_no_page_that_needs_foreign_scripts(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()
    named = [parameter["name"] for parameter in described["paths"][URL]["get"]["parameters"]]
    assert named[:4] == ["offer", "quota", "family", "created"]
    assert client.get("/api/v1/docs").status_code == 404
