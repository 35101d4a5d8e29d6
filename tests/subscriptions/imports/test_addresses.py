"""Addresses move between subscriptions, and it stays known who held one when."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from subscriptions.models import Address
from subscriptions.policy.versions import load_shipped_policies
from tests.subscriptions.imports.files import BLOG, LAB, SHOP, Told, csv_file, run

pytestmark = pytest.mark.django_db
HEADER = "subscription_id,customer_number,addresses"
NAMES = {SHOP: "shop", BLOG: "blog", LAB: "lab"}


@pytest.fixture(autouse=True)
def _policies(db: None) -> None:
    load_shipped_policies()


def on(day: int, folder: Path, *options: str, **held: str) -> Told:
    """Import what each subscription holds on a day of March 2026."""
    ids = {name: id_ for id_, name in NAMES.items()}
    lines = [f'{ids[name]},C-1,"{addresses}"' for name, addresses in held.items()]
    return run(csv_file(folder, *lines, header=HEADER), "--as-of", f"2026-03-{day:02}", *options)


def history() -> list[tuple[str, str, int, int | None]]:
    """Address, holder, from and until, as days of March."""
    rows = Address.objects.order_by("address", "held_from")
    return [
        (row.address, NAMES[str(row.subscription_id)], row.held_from.day, until.day if until else None)
        for row in rows
        for until in [row.held_until]
    ]


def test_an_address_moves_from_one_subscription_to_another(tmp_path: Path) -> None:
    told = on(1, tmp_path, shop="203.0.113.7; 2001:DB8::1", blog="203.0.113.8")
    assert "Addresses: 3 given, 0 taken back." in told.report
    told = on(3, tmp_path, blog="203.0.113.7", shop="2001:db8::1")
    assert "Addresses: 1 given, 2 taken back." in told.report
    assert history() == [
        ("203.0.113.7", "shop", 1, 3),
        ("203.0.113.7", "blog", 3, None),
        ("203.0.113.8", "blog", 1, 3),
        ("2001:db8::1", "shop", 1, None),
    ]


def test_the_other_one_gives_it_up_though_the_file_does_not_name_it(tmp_path: Path) -> None:
    on(1, tmp_path, shop="203.0.113.7")
    on(2, tmp_path, blog="203.0.113.7")
    assert history() == [("203.0.113.7", "shop", 1, 2), ("203.0.113.7", "blog", 2, None)]


def test_an_older_file_takes_nothing_from_whoever_holds_it_later(tmp_path: Path) -> None:
    on(5, tmp_path, shop="203.0.113.7")
    on(9, tmp_path, blog="203.0.113.7")
    told = on(7, tmp_path, lab="203.0.113.7 203.0.113.9")
    assert "Addresses: 1 given, 0 taken back." in told.report
    assert history() == [
        ("203.0.113.7", "shop", 5, 9),
        ("203.0.113.7", "blog", 9, None),
        ("203.0.113.9", "lab", 7, None),
    ]


def test_a_corrected_file_of_the_same_time_leaves_no_trace_of_the_first(tmp_path: Path) -> None:
    on(1, tmp_path, shop="203.0.113.7")
    on(1, tmp_path, blog="203.0.113.7", shop="")
    assert history() == [("203.0.113.7", "blog", 1, None)]


def test_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    on(1, tmp_path, shop="203.0.113.7")
    before = history()
    told = on(1, tmp_path, shop="203.0.113.7,203.0.113.7")
    assert not [line for line in told.report if line.startswith("Addresses")]
    assert history() == before


def test_a_file_without_the_column_leaves_addresses_alone(tmp_path: Path) -> None:
    on(1, tmp_path, shop="203.0.113.7")
    run(csv_file(tmp_path, f"{SHOP},C-1", header="subscription_id,customer_number"))
    assert history() == [("203.0.113.7", "shop", 1, None)]


def test_one_address_stands_in_one_row(tmp_path: Path) -> None:
    told = on(1, tmp_path, shop="203.0.113.7", blog="::ffff:203.0.113.7", lab="203.0.113.9")
    assert told.left == ["line 3: addresses: 203.0.113.7 stands in line 2 already"]
    assert history() == [("203.0.113.7", "shop", 1, None), ("203.0.113.9", "lab", 1, None)]


@pytest.mark.parametrize(
    "address", ["203.0.113.256", "203.0.113.0/24", "127.0.0.1", "fe80::1", "fd00::1%eth0", "::"]
)
def test_what_is_no_address_of_a_subscription_is_refused(tmp_path: Path, address: str) -> None:
    told = on(1, tmp_path, shop=address, blog="203.0.113.8")
    assert told.left[0].startswith(f"line 2: addresses: {address!a} is ")
    assert history() == [("203.0.113.8", "blog", 1, None)]


def test_a_dry_run_counts_what_it_would_move(tmp_path: Path) -> None:
    on(1, tmp_path, shop="203.0.113.7")
    before = history()
    told = on(2, tmp_path, "--dry-run", shop="203.0.113.8", blog="203.0.113.7")
    assert "Addresses: 2 given, 1 taken back." in told.report
    assert history() == before


def test_batches_of_one_file_know_of_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subscriptions.imports.command.AT_ONCE", 1)
    on(1, tmp_path, shop="203.0.113.7", blog="203.0.113.8")
    told = on(2, tmp_path, "--dry-run", shop="203.0.113.8", blog="203.0.113.7", lab="203.0.113.8")
    assert told.left == ["line 4: addresses: 203.0.113.8 stands in line 2 already"]
    assert "Addresses: 2 given, 2 taken back." in told.report
    on(2, tmp_path, shop="203.0.113.8", blog="203.0.113.7")
    assert [row for row in history() if row[3] is None] == [
        ("203.0.113.7", "blog", 2, None),
        ("203.0.113.8", "shop", 2, None),
    ]
    assert Address.objects.filter(held_until=datetime(2026, 3, 2, tzinfo=UTC)).count() == 2


def test_what_another_source_knows_from_later_on_stays(tmp_path: Path) -> None:
    on(1, tmp_path, shop="203.0.113.7")
    Address.objects.create(
        subscription_id=SHOP, address="203.0.113.9", held_from=datetime(2026, 3, 5, tzinfo=UTC)
    )
    assert on(3, tmp_path, shop="").error == ""
    assert history() == [("203.0.113.7", "shop", 1, 3), ("203.0.113.9", "shop", 5, None)]


def test_what_was_held_until_later_goes_to_nobody_meanwhile(tmp_path: Path) -> None:
    on(5, tmp_path, shop="203.0.113.7")
    on(9, tmp_path, shop="")
    on(7, tmp_path, lab="203.0.113.7")
    assert history() == [("203.0.113.7", "shop", 5, 9)]
    on(9, tmp_path, blog="203.0.113.7")
    assert history() == [("203.0.113.7", "shop", 5, 9), ("203.0.113.7", "blog", 9, None)]
