"""``manage.py import_subscriptions`` as an operator sees it."""

import io
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone

from subscriptions.models import Customer, OfferChange, Partner, Subscription
from subscriptions.policy.versions import load_shipped_policies
from tests.subscriptions.imports.files import BLOG, HEADER, LAB, SHOP, csv_file, csv_line, run

pytestmark = pytest.mark.django_db

ARM_LIST = {
    "value": [
        {
            "id": f"/subscriptions/{SHOP}",
            "authorizationSource": "RoleBased",
            "managedByTenants": [{"tenantId": LAB}],
            "subscriptionId": SHOP,
            "displayName": "Web shop",
            "state": "Warned",
            "subscriptionPolicies": {"quotaId": "FreeTrial_2014-09-01", "spendingLimit": "On"},
        }
    ],
    "count": {"type": "Total", "value": 1},
}
PARTNER_CENTER_ITEM = {
    "id": LAB,
    "entitlementId": SHOP.upper(),
    "offerId": "MS-AZR-0145P",
    "friendlyName": "Web shop",
    "creationDate": "2018-05-10T07:30:05.427Z",
    "status": "suspended",
    "billingType": "usage",
    "links": {"self": {"uri": "/subscriptions", "method": "GET"}},
}


@pytest.fixture(autouse=True)
def _policies(db: None) -> None:
    load_shipped_policies()


def json_file(folder: Path, content: object) -> Path:
    path = folder / "list.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def shop() -> Subscription:
    return Subscription.objects.select_related("customer", "partner").get(pk=SHOP)


def test_a_csv_file_brings_subscriptions_customers_and_partners(tmp_path: Path) -> None:
    told = run(
        csv_file(
            tmp_path,
            csv_line(partner="P-7,Northwind Cloud", offer_id="MS-AZR-0145P", quota_id="CSP_2015-05-01"),
            csv_line(BLOG, "Blog, and more".join('""'), created_at="2017-11-14", state="Disabled"),
            csv_line(LAB, "", offer_id="", quota_id="", created_at="", state="deleted", customer="C-2,"),
        )
    )
    assert told.error == ""
    assert told.sum == "3 new, 0 changed, 0 unchanged, 0 skipped, 0 bad."
    assert "Not known before: 2 customers, 1 partner." in told.report
    brought = shop()
    assert (brought.name, brought.offer_id, brought.quota_id) == (
        "Web shop",
        "MS-AZR-0145P",
        "CSP_2015-05-01",
    )
    assert brought.created_at == datetime(2017, 11, 20, 9, 12, tzinfo=UTC)
    assert (brought.family, brought.state, brought.source) == ("csp", "active", "inventory.csv")
    assert (brought.customer.name, brought.partner and brought.partner.name) == ("Contoso", "Northwind Cloud")
    blog = Subscription.objects.get(pk=BLOG)
    assert (blog.name, blog.is_created_by_day, blog.state) == ("Blog, and more", True, "disabled")
    assert blog.created_at == datetime(2017, 11, 14, tzinfo=UTC)
    lab = Subscription.objects.get(pk=LAB)
    assert (lab.name, lab.family, lab.created_at, lab.customer.name) == (LAB, "", None, "C-2")


def test_a_list_of_resource_manager_is_told_from_its_content(tmp_path: Path) -> None:
    told = run(json_file(tmp_path, ARM_LIST), "--customer", "C-1", "--source", "Resource Manager")
    assert told.error == ""
    brought = shop()
    assert (brought.name, brought.quota_id, brought.offer_id) == ("Web shop", "FreeTrial_2014-09-01", "")
    assert (brought.family, brought.state, brought.source) == ("free-trial", "active", "Resource Manager")
    assert (brought.created_at, brought.customer.number) == (None, "C-1")


@pytest.mark.parametrize(
    "content",
    [PARTNER_CENTER_ITEM, [PARTNER_CENTER_ITEM], {"totalCount": 1, "items": [PARTNER_CENTER_ITEM]}],
    ids=["one", "array", "collection"],
)
def test_partner_center_names_the_subscription_that_runs_in_azure(tmp_path: Path, content: object) -> None:
    told = run(json_file(tmp_path, content), "--customer", "C-1", "--partner", "P-7")
    assert told.error == ""
    brought = shop()
    assert (brought.offer_id, brought.family, brought.state) == ("MS-AZR-0145P", "csp", "disabled")
    assert brought.created_at == datetime(2018, 5, 10, 7, 30, 5, 427000, tzinfo=UTC)
    assert brought.partner is not None
    assert brought.partner.number == "P-7"


def test_what_a_file_does_not_state_stays(tmp_path: Path) -> None:
    run(json_file(tmp_path, PARTNER_CENTER_ITEM), "--customer", "C-1", "--partner", "P-7")
    told = run(json_file(tmp_path, ARM_LIST))
    assert told.sum == "0 new, 1 changed, 0 unchanged, 0 skipped, 0 bad."
    merged = shop()
    assert (merged.offer_id, merged.quota_id) == ("MS-AZR-0145P", "FreeTrial_2014-09-01")
    assert merged.family == ""  # the two contradict each other
    assert merged.created_at is not None
    assert (merged.customer.number, merged.partner and merged.partner.number) == ("C-1", "P-7")
    run(csv_file(tmp_path, csv_line(quota_id="", created_at="")))
    stated = shop()
    assert (stated.quota_id, stated.created_at, stated.partner) == ("", None, None)


BAD = {
    "subscription_id: 'nope' is no UUID": csv_line("nope"),
    "name: '\\udcff' holds characters that cannot be printed": csv_line(BLOG, "\udcff"),
    "name: is longer than 200 characters": csv_line(BLOG, "n" * 201),
    "offer_id: is longer than 64 characters": csv_line(BLOG, offer_id="x" * 65),
    "quota_id: 'a\\x00' holds characters that cannot be printed": csv_line(BLOG, quota_id="a\x00"),
    "created_at: '2017-11-20T09:12:00': a time needs its offset from UTC: add Z or, for example, +01:00": csv_line(
        BLOG, created_at="2017-11-20T09:12:00"
    ),
    "created_at: '2999-01-01' has not come yet": csv_line(BLOG, created_at="2999-01-01"),
    "state: 'gone' is none of active, enabled, warned, pastdue, disabled, suspended, expired, pending, deleted": (
        csv_line(BLOG, state="gone")
    ),
    "customer_number: is not stated, and the subscription is new here; name its customer with --customer": (
        csv_line(BLOG, customer=",")
    ),
    "has 3 values, but the first line names 10 columns": f"{BLOG},Blog,x",
    "is no row of a CSV file: unexpected end of data": csv_line(BLOG, '"Blog'),
    "subscription_id: stands in line 2 already": csv_line(SHOP.upper(), "Another"),
}


def test_each_bad_row_is_told_and_loses_no_other(tmp_path: Path) -> None:
    path = csv_file(tmp_path)
    lines = [HEADER, csv_line(), *BAD.values(), csv_line(LAB, "Lab"), ""]
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
    told = run(path)
    assert told.left == [f"line {number}: {reason}" for number, reason in enumerate(BAD, start=3)]
    assert told.sum == f"2 new, 0 changed, 0 unchanged, 0 skipped, {len(BAD)} bad."
    assert told.error == f"{len(BAD)} of {len(BAD) + 2} were refused; a line above says why of each"
    assert set(Subscription.objects.values_list("pk", "name")) == {
        (UUID(SHOP), "Web shop"),
        (UUID(LAB), "Lab"),
    }


def test_bad_items_of_json_are_told_by_their_own_names(tmp_path: Path) -> None:
    good = PARTNER_CENTER_ITEM
    items = [
        good | {"entitlementId": ""},
        good | {"creationDate": 5},
        "text",
        good | {"billingType": "license"},
        good,
    ]
    told = run(json_file(tmp_path, {"items": items}), "--customer", "C-1")
    assert told.left == [
        "item 1: entitlementId: '' is no UUID",
        "item 2: creationDate: is no text",
        "item 3: is no object",
        "item 4: skipped: it is billed by licence, so it is none of Azure",
    ]
    assert told.sum == "1 new, 0 changed, 0 unchanged, 1 skipped, 3 bad."


@pytest.mark.parametrize("rest", [', {"entitlementId" 5}]', "", "[" * 40, ', "\\ud800", \xff'])
def test_json_that_breaks_off_keeps_what_came_before(tmp_path: Path, rest: str) -> None:
    path = tmp_path / "list.json"
    path.write_bytes(f"[{json.dumps(PARTNER_CENTER_ITEM)}{rest}".encode("latin-1"))
    told = run(path, "--customer", "C-1")
    assert "the rest of the file cannot be read: " in told.left[-1]
    assert told.error
    assert shop().offer_id == "MS-AZR-0145P"


def test_a_dry_run_says_what_would_change_and_changes_nothing(tmp_path: Path) -> None:
    run(csv_file(tmp_path, csv_line(), csv_line(BLOG, "Blog")))
    before = list(Subscription.objects.order_by("pk").values())
    told = run(
        csv_file(
            tmp_path,
            csv_line(offer_id="MS-AZR-0044P", quota_id="FreeTrial_2014-09-01"),
            csv_line(BLOG, "Blog"),
            csv_line(LAB, "Lab", customer="C-9,Ninth", partner="P-9,Ninth"),
            csv_line("nope"),
            header=HEADER,
        ),
        "--dry-run",
    )
    assert told.report[:4] == [
        f"line 2: would change {SHOP}: family pay-as-you-go → free-trial, offer_id MS-AZR-0003P → MS-AZR-0044P, "
        "quota_id PayAsYouGo_2014-09-01 → FreeTrial_2014-09-01",
        f"line 4: would add {LAB}: name Lab, state active, family pay-as-you-go, partner P-9, customer C-9, "
        "offer_id MS-AZR-0003P, quota_id PayAsYouGo_2014-09-01",
        "line 5: subscription_id: 'nope' is no UUID",
        "Dry run: nothing was written. This is what an import would come to.",
    ]
    assert told.sum == "1 new, 1 changed, 1 unchanged, 0 skipped, 1 bad."
    assert "Not known before: 1 customer, 1 partner." in told.report
    assert list(Subscription.objects.order_by("pk").values()) == before
    assert not OfferChange.objects.exists()
    assert not Customer.objects.filter(number="C-9").exists()
    assert not Partner.objects.exists()


def test_an_older_file_never_overwrites_newer_facts(tmp_path: Path) -> None:
    run(csv_file(tmp_path, csv_line(name="New")), "--as-of", "2026-03-02T10:00:00Z")
    told = run(csv_file(tmp_path, csv_line(name="Old"), csv_line(BLOG)), "--as-of", "2026-03-01")
    assert told.left == ["line 2: skipped: what is stored is newer, as of 2 Mar 2026, 10:00:00 UTC"]
    assert told.error == ""
    assert shop().name == "New"
    assert Subscription.objects.filter(pk=BLOG).exists()


def test_facts_that_a_newer_file_confirms_are_newer(tmp_path: Path) -> None:
    run(csv_file(tmp_path, csv_line()), "--as-of", "2026-03-01")
    told = run(csv_file(tmp_path, csv_line(), name="second.csv"), "--as-of", "2026-03-03")
    assert told.sum == "0 new, 0 changed, 1 unchanged, 0 skipped, 0 bad."
    assert (shop().as_of, shop().source) == (datetime(2026, 3, 3, tzinfo=UTC), "second.csv")
    assert run(csv_file(tmp_path, csv_line(name="Between")), "--as-of", "2026-03-02").left


def test_a_file_tells_when_it_was_written(tmp_path: Path) -> None:
    path = csv_file(tmp_path, csv_line())
    before = timezone.now()
    run(path)
    assert abs(shop().as_of - before) < timedelta(minutes=1)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert "what is stored is newer" in run(path).left[0]
    os.utime(path, (9_999_999_999, 9_999_999_999))
    run(path)
    assert abs(shop().as_of - before) < timedelta(minutes=1)


def test_rows_may_come_from_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = csv_file(tmp_path, csv_line()).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + content)))
    assert run("-").error == ""
    assert shop().source == "standard input"


@pytest.mark.parametrize(
    ("content", "options", "error"),
    [
        (HEADER, ["--as-of", "soon"], "--as-of: 'soon': not a date or time like"),
        (HEADER, ["--as-of", "2999-01-01"], "--as-of: '2999-01-01' has not come yet"),
        (HEADER, ["--customer", "C" * 65], "--customer: is longer than 64 characters"),
        ("id,name", [], "'subscription_id' is missing, 'id' is unknown"),
        ("", [], "the file is empty"),
        (b"\xfe\xff\x00s", [], "byte 0 is not UTF-8, so this is no CSV file"),
        ("é,subscription_id".encode() + b"\xff", [], "byte 18 is not UTF-8"),
        ("[]", [], "no subscription in it has a shape that is known here; name its --format"),
        ('{"hosts": [{"name": "a"}]}', [], "no subscription in it has a shape that is known here"),
    ],
)
def test_what_cannot_be_imported_is_refused_in_words(
    tmp_path: Path, content: str | bytes, options: list[str], error: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    assert error in run(path, *options).error
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(("content", "named"), [('{"value": []}', []), ("[]", ["--format", "arm"])])
def test_an_empty_list_is_no_fault(tmp_path: Path, content: str, named: list[str]) -> None:
    path = tmp_path / "list.json"
    path.write_text(content, encoding="utf-8")
    told = run(path, *named)
    assert (told.report, told.error) == (["list.json: there is nothing in it to import, not one item."], "")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path / "none.csv").error.endswith("none.csv: No such file or directory")


SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "subscriptions"
FAMILIES = {"arm-list.json": "", "partner-center-subscription.json": "csp"}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of real samples is not here")
@pytest.mark.parametrize("name", FAMILIES)
def test_real_payloads_are_read(name: str) -> None:
    told = run(SHARED / name, "--customer", "C-1")
    assert (told.sum, told.error) == ("1 new, 0 changed, 0 unchanged, 0 skipped, 0 bad.", "")
    assert Subscription.objects.get().family == FAMILIES[name]
