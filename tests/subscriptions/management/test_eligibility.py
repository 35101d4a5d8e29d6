"""``manage.py eligibility`` as its caller sees it."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from subscriptions.policy.versions import load_shipped_policies

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _policies(db: None) -> None:
    load_shipped_policies()


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("eligibility", *arguments, stdout=out)
    return out.getvalue()


def test_one_subscription_in_words() -> None:
    told = run("--offer", "MS-AZR-0003P", "--created", "2017-11-20T00:00:00Z")
    assert told.startswith("May request: Outbound e-mail from virtual machines (azure-2017-11-15)\n")
    assert "Family: Pay-As-You-Go" in told
    assert "Clause 3.2, Created on or after 15 November 2017: Outbound port 25 is blocked." in told
    assert "applies  pay-as-you-go-after (3.2): This subscription is Pay-As-You-Go" in told
    assert "-      csp-after (5.2): It is for Cloud Solution Provider (CSP); this subscription is Pay" in told


def test_one_subscription_in_json() -> None:
    told = json.loads(run("--quota", "MPN_2014-09-01", "--created", "2017-11-20", "--json"))
    assert told["outcome"] == "cannot_tell"
    assert told["missing"] == ["offer_id"]
    assert told["policy"] == "azure-2017-11-15"
    assert {"family", "rule", "clause", "unmet", "ask_again_from", "trace"} <= set(told)


def test_conditions_and_the_moment_of_judgement() -> None:
    asked = ("--policy", "example-first-invoice", "--family", "csp", "--paid-invoices", "1")
    told = run(*asked, "--account-age-days", "3", "--at", "2026-11-24T15:00:00Z")
    assert told.startswith("Not yet: A month and the first invoice (example-first-invoice)")
    assert "The account has to be at least 30 days old; it is 3 days old." in told
    assert "Ask again from 21 Dec 2026 on." in told


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--created", "2017-11-20T00:00:00"], "--created: '2017-11-20T00:00:00': a time needs its offset"),
        (["--paid-total-usd", "much"], "--paid-total-usd: 'much' is not an amount like 1000"),
        (["--at", "now"], "--at: 'now': not a date or time like"),
        (["--policy", "nope"], "There is no policy 'nope'; there is: azure-2017-11-15"),
        (["--at", "1999-01-01"], "No policy is in force; load the shipped ones with: manage.py load_shipped"),
        (["--file", "/there/is/none.csv"], "--file /there/is/none.csv: No such file or directory"),
        (["--file", "-", "--offer", "A"], "--file: the facts stand in its rows; leave out --offer"),
    ],
)
def test_bad_input_is_refused_in_words(arguments: list[str], error: str) -> None:
    with pytest.raises(CommandError) as refusal:
        run(*arguments)
    assert str(refusal.value).startswith(error)


def test_a_file_is_answered_row_by_row(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_bytes(
        b"\xef\xbb\xbfoffer_id,quota_id,family,created_at\r\n"
        b"MS-AZR-0003P,,,2017-11-14T23:59:59Z\r\nMS-AZR-0044P,,,2018-01-01\r\n,,csp,2018-01-01\r\n"
    )
    told = [json.loads(line) for line in run("--file", str(rows)).splitlines()]
    assert [line["outcome"] for line in told] == ["not_blocked", "never", "via_partner"]


def test_bad_rows_end_in_an_error_after_all_were_answered(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_bytes(b"offer_id,quota_id,family,created_at\n\xff,,,\nMS-AZR-0003P,,,soon\nMS-AZR-0017P,,,\n")
    out = io.StringIO()
    with pytest.raises(CommandError, match="2 of 3 rows could not be judged"):
        call_command("eligibility", "--file", str(rows), stdout=out)
    told: list[dict[str, Any]] = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line.get("line") for line in told] == [2, 3, None]
    assert told[0]["field"] == "offer_id"
    assert told[2]["outcome"] == "not_blocked"


def test_rows_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"offer_id,quota_id,family,created_at,identity_verified\nMS-AZR-0148P,,,,yes\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert json.loads(run("--file", "-", "--policy", "example-qualified"))["outcome"] == "not_blocked"


def test_a_file_with_strange_columns_is_refused(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("offer,created\nMS-AZR-0003P,2018-01-01\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"'offer_id' is missing.*'offer' is unknown"):
        run("--file", str(rows))
