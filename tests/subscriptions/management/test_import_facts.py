"""``manage.py import_facts`` as an operator sees it."""

import io
import json
import sys
import tracemalloc
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

from subscriptions.billing import KINDS, Fact, Value, facts_of_customer
from subscriptions.imports.entries import Refused
from subscriptions.imports.facts.importer import FactBatch
from subscriptions.imports.facts.reading import rows_of
from subscriptions.imports.stream import Stream
from subscriptions.imports.terms import Taken, Terms
from subscriptions.models import Customer
from tests.racing import overlapped, wait_until_blocked, with_own_connection
from tests.subscriptions.imports.files import Told, csv_file, run

HEADER = ",".join(["customer_number", "as_of", *KINDS])
MARCH = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
EVERYTHING: dict[str, tuple[str, Value]] = {
    "account_opened_on": ("2016-05-09", date(2016, 5, 9)),
    "paid_invoices": ("118", 118),
    "paid_total_usd": ("96410.55", Decimal("96410.55")),
    "unpaid_invoices": ("0", 0),
    "disputed_invoices": ("2", 2),
    "spending_limit_on": ("no", False),
    "identity_verified": ("TRUE", True),
    "contact": ("Billing@Contoso.example", "billing@contoso.example"),
    "phone": ("0044 (20) 7946-0018", "+442079460018"),
    "payment_fingerprint": ("fp_9c1", "fp_9c1"),
    "signup_network": ("192.0.2.77/24", "192.0.2.0/24"),
    "abuse_complaints": ("3", 3),
    "last_complaint_on": ("2026-02-27", date(2026, 2, 27)),
}


@pytest.fixture
def _customers(db: None) -> None:
    Customer.objects.create(number="C-1", name="Contoso")
    Customer.objects.create(number="C-2", name="Fabrikam")


pytestmark = pytest.mark.usefixtures("_customers")


def take_in(folder: Path, *lines: str, header: str = HEADER, options: tuple[str, ...] = ()) -> Told:
    """Import a CSV file of these lines."""
    return run(csv_file(folder, *lines, header=header, name="billing.csv"), *options, command="import_facts")


def take_in_json(folder: Path, *lines: str, options: tuple[str, ...] = ()) -> Told:
    """Import a file of these lines."""
    path = folder / "billing.jsonl"
    path.write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))
    return run(path, *options, command="import_facts")


def row(number: str = "C-1", as_of: str = "", **facts: str) -> str:
    """One line of ``HEADER``."""
    return ",".join([number, as_of, *(facts.get(name, "") for name in KINDS)])


def facts(number: str = "C-1") -> Mapping[str, Fact]:
    return facts_of_customer(Customer.objects.get(number=number))


def values(number: str = "C-1") -> dict[str, Any]:
    return {name: fact.value for name, fact in facts(number).items()}


def test_a_csv_file_brings_every_kind_of_fact_with_its_source_and_date(tmp_path: Path) -> None:
    told = take_in(
        tmp_path,
        row("C-1", **{name: text for name, (text, _) in EVERYTHING.items()}),
        row("C-2", "2026-03-01", paid_invoices="1"),
        options=("--as-of", MARCH.isoformat()),
    )
    assert told.error == ""
    assert told.sum == "2 changed, 0 unchanged, 0 skipped, 0 bad."
    assert told.report[-1].startswith("Facts: 14 not known before, 0 changed, 0 confirmed, ")
    assert facts("C-1") == {
        name: Fact(value, "billing.csv", MARCH) for name, (_, value) in EVERYTHING.items()
    }
    assert EVERYTHING.keys() == KINDS.keys()
    assert facts("C-2") == {"paid_invoices": Fact(1, "billing.csv", datetime(2026, 3, 1, tzinfo=UTC))}


def test_json_lines_bring_the_same(tmp_path: Path) -> None:
    told = take_in_json(
        tmp_path,
        '{"customer_number": "C-1", "paid_total_usd": 96410.10, "paid_invoices": 118, "identity_verified": true,'
        ' "spending_limit_on": false, "phone": null, "contact": "", "as_of": "2026-03-02T12:00:00+02:00"}',
        "",
        '{"customer_number": "C-2"}',
        options=("--source", "Ledger"),
    )
    assert (told.error, told.sum) == ("", "1 changed, 1 unchanged, 0 skipped, 0 bad.")
    assert facts("C-1") == {
        "paid_total_usd": Fact(Decimal("96410.10"), "Ledger", MARCH),
        "paid_invoices": Fact(118, "Ledger", MARCH),
        "identity_verified": Fact(True, "Ledger", MARCH),
        "spending_limit_on": Fact(False, "Ledger", MARCH),
    }
    assert facts("C-2") == {}


def test_blank_cells_and_columns_that_are_not_there_change_nothing(tmp_path: Path) -> None:
    take_in(tmp_path, row(paid_invoices="3", phone="1001"))
    take_in(tmp_path, "C-1, ,4", header="customer_number,phone,paid_invoices")
    assert values() == {"phone": "1001", "paid_invoices": 4}


def test_newer_facts_replace_older_ones_fact_by_fact(tmp_path: Path) -> None:
    take_in(tmp_path, row(paid_invoices="3", unpaid_invoices="1"), options=("--as-of", "2026-03-02"))
    newer = ("--as-of", "2026-03-03", "--source", "newer")
    take_in(tmp_path, row(paid_invoices="4"), options=newer)
    between = take_in(
        tmp_path,
        row(paid_invoices="9", unpaid_invoices="0", disputed_invoices="1"),
        options=("--as-of", "2026-03-02T12:00:00Z"),
    )
    assert between.sum == "1 changed, 0 unchanged, 0 skipped, 0 bad."
    assert between.report[-1] == (
        "Facts: 1 not known before, 1 changed, 0 confirmed, 1 left, as what is stored is newer."
    )
    assert values() == {"paid_invoices": 4, "unpaid_invoices": 0, "disputed_invoices": 1}
    assert facts()["paid_invoices"].source == "newer"


def test_an_older_file_overwrites_nothing_and_says_so(tmp_path: Path) -> None:
    take_in(tmp_path, row(paid_invoices="3"), options=("--as-of", MARCH.isoformat()))
    before = Customer.objects.get(number="C-1").facts
    told = take_in(
        tmp_path, row(paid_invoices="4"), row("C-2", phone="1001"), options=("--as-of", "2026-03-01")
    )
    assert told.left == ["line 2: skipped: what is stored is newer, as of 2 Mar 2026, 10:00:00 UTC"]
    assert (told.error, told.sum) == ("", "1 changed, 0 unchanged, 1 skipped, 0 bad.")
    assert Customer.objects.get(number="C-1").facts == before


def test_facts_that_a_newer_file_confirms_are_newer_by_it(tmp_path: Path) -> None:
    take_in(tmp_path, row(identity_verified="yes"), options=("--as-of", "2026-03-01", "--source", "first"))
    told = take_in(
        tmp_path, row(identity_verified="1"), options=("--as-of", MARCH.isoformat(), "--source", "second")
    )
    assert told.sum == "0 changed, 1 unchanged, 0 skipped, 0 bad."
    assert facts() == {"identity_verified": Fact(True, "second", MARCH)}
    take_in(
        tmp_path, row(identity_verified="yes"), options=("--as-of", MARCH.isoformat(), "--source", "third")
    )
    assert facts()["identity_verified"].source == "second", "the same again says nothing new"


BAD = {
    "customer_number: is not stated": row("", paid_invoices="1"),
    "customer_number: 'C-9' is no customer here": row("C-9", paid_invoices="1"),
    "customer_number: is longer than 64 characters": row("C" * 65),
    "customer_number: stands in line 2 already": row("C-1", paid_invoices="9"),
    "as_of: '2999-01-01' has not come yet": row("C-2", "2999-01-01"),
    "as_of: '2026-03-02T10:00:00': a time needs its offset from UTC: add Z or, for example, +01:00": row(
        "C-2", "2026-03-02T10:00:00"
    ),
    "account_opened_on: '9 May' is no day like 2026-01-31": row("C-2", account_opened_on="9 May"),
    "account_opened_on: '2999-01-01' has not come yet": row("C-2", account_opened_on="2999-01-01"),
    "paid_invoices: '-1' is not a whole number like 30": row("C-2", paid_invoices="-1"),
    "paid_total_usd: '1e3' is not an amount like 1000 or 1000.50": row("C-2", paid_total_usd="1e3"),
    "identity_verified: 'maybe' is neither yes nor no": row("C-2", identity_verified="maybe"),
    "contact: 'nobody' is no mailbox like billing@example.com": row("C-2", contact="nobody"),
    "phone: must be 1 to 200 printable characters": row("C-2", phone="1001\x00"),
    "phone: '-' is no phone number like +44 20 7946 0018, of at least 4 digits": row("C-2", phone="-"),
    "payment_fingerprint: must be 1 to 200 printable characters": row("C-2", payment_fingerprint="\udcff"),
    "signup_network: '300.0.0.0/8' is no network like 192.0.2.0/24 or 2001:db8::/48": row(
        "C-2", signup_network="300.0.0.0/8"
    ),
    "has 2 values, but the first line names 15 columns": "C-2,x",
}


def test_each_bad_row_is_told_and_loses_no_other(tmp_path: Path) -> None:
    path = csv_file(tmp_path, name="billing.csv")
    lines = [HEADER, row("C-1", phone="1001"), *BAD.values(), row("C-2", phone="2002"), ""]
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
    told = run(path, command="import_facts")
    assert told.left == [f"line {number}: {reason}" for number, reason in enumerate(BAD, start=3)]
    assert told.error == f"{len(BAD)} of {len(BAD) + 2} were refused; a line above says why of each"
    assert (values("C-1"), values("C-2")) == ({"phone": "1001"}, {"phone": "2002"})
    assert not Customer.objects.filter(number="C-9").exists(), "facts make no customers"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1]", "is no object"),
        ("{", "is no JSON: "),
        ("[" * 50_000, "is no JSON: "),
        ('{"customer_number": "C-1", "favourite_colour": 1}', "'favourite_colour' is unknown; known are "),
        ('{"customer_number": ["C-1"]}', "customer_number: is neither text, nor a number, nor true or false"),
        ('{"customer_number": "C-1", "paid_invoices": 1.5}', "paid_invoices: '1.5' is not a whole number"),
        ('{"customer_number": "C-1", "paid_total_usd": NaN}', "paid_total_usd: 'NaN' is not an amount"),
        ('{"customer_number": "C-1", "paid_invoices": ' + "9" * 10_000 + "}", "is not a whole number"),
        ('{"customer_number": "\\ud800"}', "holds characters that cannot be printed"),
        (
            '{"customer_number": "C-1", "phone": "1001\\u0000"}',
            "phone: must be 1 to 200 printable characters",
        ),
        ('{"customer_number": "C-1", "signup_network": "fe80::1%\\u0000"}', "signup_network: "),
        ("\udcff", "is no JSON: "),
    ],
)
def test_a_bad_line_of_json_loses_no_other(tmp_path: Path, line: str, reason: str) -> None:
    told = take_in_json(
        tmp_path,
        '{"customer_number": "C-1", "paid_invoices": 1}',
        line,
        '{"customer_number": "C-2", "phone": "2002"}',
    )
    (left,) = told.left
    assert left.startswith("line 2: ")
    assert reason in left
    assert (values("C-1"), values("C-2")) == ({"paid_invoices": 1}, {"phone": "2002"})


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_a_line_of_json_too_long_for_memory_loses_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    fits = '{"customer_number": "C-1", "phone": "1001"}'
    monkeypatch.setattr("subscriptions.imports.facts.reading.LONGEST_LINE", len(fits))
    long = [fits + " ", " " * len(fits) * 3, "[" * len(fits) * 5]
    path = tmp_path / "billing.jsonl"
    lines = (end or "\n").join([fits, *long, fits.replace("C-1", "C-2"), long[-1]])
    path.write_bytes(f"{lines}{end}".encode())
    told = run(path, command="import_facts")
    reason = f"is longer than {len(fits)} characters; give an object in each line"
    assert told.left == [f"line {number}: {reason}" for number in (2, 3, 4, 6)]
    assert (values("C-1"), values("C-2")) == ({"phone": "1001"}, {"phone": "1001"})


def test_a_file_of_one_endless_line_is_never_held_in_whole() -> None:
    file = io.BytesIO(b'{"customer_number": "' + b"C" * 8_000_000)
    terms = Terms(now=MARCH, as_of=MARCH, source="billing", unit="line")
    tracemalloc.start()
    try:
        (refused,) = rows_of(Stream(file), terms)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(refused, Refused)
    assert most < 2_000_000, "bytes"


def test_a_dry_run_says_what_would_change_and_changes_nothing(tmp_path: Path) -> None:
    take_in(tmp_path, row(paid_invoices="3", identity_verified="yes"))
    before = list(Customer.objects.order_by("pk").values())
    told = take_in(
        tmp_path,
        row(paid_invoices="4", identity_verified="yes", phone="1001"),
        row("C-9"),
        options=("--dry-run",),
    )
    assert told.report[:3] == [
        "line 2: would change C-1: paid_invoices 3 → 4, phone none → 1001",
        "line 3: customer_number: 'C-9' is no customer here",
        "Dry run: nothing was written. This is what an import would come to.",
    ]
    assert told.sum == "1 changed, 0 unchanged, 0 skipped, 1 bad."
    assert told.report[-1].startswith("Facts: 1 not known before, 1 changed, 1 confirmed, 0 left")
    assert list(Customer.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("content", "options", "error"),
    [
        ("customer,phone\nC-1,1", [], "'customer_number' is missing, 'customer' is unknown"),
        ("", [], "the file is empty"),
        (json.dumps([{"customer_number": "C-1"}]), [], "is one JSON array; give an object in each line"),
        (HEADER, ["--as-of", "soon"], "--as-of: 'soon': not a date or time like"),
    ],
)
def test_what_cannot_be_imported_is_refused_in_words(
    tmp_path: Path, content: str, options: list[str], error: str
) -> None:
    path = tmp_path / "file"
    path.write_text(content, encoding="utf-8")
    assert error in run(path, *options, command="import_facts").error
    assert facts() == {}


def test_a_header_alone_says_that_there_is_nothing_to_import(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(f"{HEADER}\n", encoding="utf-8")
    told = run(path, command="import_facts")
    assert (told.report, told.error) == (["facts.csv: there is nothing in it to import, not one line."], "")


def test_rows_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    content = f"\ufeff{HEADER}\n{row(phone='1001')}\n".encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert run("-", command="import_facts").error == ""
    (fact,) = facts().values()
    assert fact.source == "standard input"
    assert abs(fact.as_of - timezone.now()) < timedelta(minutes=1)


def test_a_stop_says_how_far_it_came_and_what_is_in_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subscriptions.imports.command.AT_ONCE", 1)
    merge, batches = FactBatch.merge, []

    def break_off(batch: FactBatch, rows: Any) -> Taken:
        batches.append(rows)
        if len(batches) == 2:
            raise OperationalError("the server closed the connection")
        return merge(batch, rows)

    monkeypatch.setattr(FactBatch, "merge", break_off)
    lines = (row("C-1", phone="1001"), row("C-2", phone="2002"))
    assert take_in(tmp_path, *lines).error.startswith("the import stopped after 1 rows: ")
    assert (values("C-1"), values("C-2")) == ({"phone": "1001"}, {})
    assert take_in(tmp_path, *lines).sum == "1 changed, 1 unchanged, 0 skipped, 0 bad."


@pytest.mark.django_db(transaction=True)
def test_an_older_file_waits_for_a_newer_one_and_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "older").mkdir()
    newer, older = overlapped(
        lambda: take_in(tmp_path, row("C-1", "2026-03-02", paid_invoices="2")),
        lambda: take_in(tmp_path / "older", row("C-1", "2026-03-01", paid_invoices="1", phone="1001")),
    )
    assert isinstance(newer, Told)
    assert isinstance(older, Told)
    assert (newer.error, older.error) == ("", "")
    assert values() == {"paid_invoices": 2, "phone": "1001"}


@pytest.mark.django_db(transaction=True)
def test_customers_are_locked_in_one_order_whatever_the_files(tmp_path: Path) -> None:
    """Somebody holds the first customer and wants the second: an import that held it would never end."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lock("C-1")
            told = pool.submit(with_own_connection, lambda: take_in(tmp_path, row("C-2"), row("C-1")))
            wait_until_blocked(told)
            lock("C-2")
        assert told.result().sum == "0 changed, 2 unchanged, 0 skipped, 0 bad."


def lock(number: str) -> None:
    """Until the transaction ends."""
    Customer.objects.select_for_update(no_key=True).get(number=number)
