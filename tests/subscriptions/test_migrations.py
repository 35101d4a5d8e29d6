"""What customers' facts were in columns is there afterwards, and would be again."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from subscriptions.billing import Fact, facts_of_customer
from subscriptions.models import Customer

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = ("subscriptions", "0003_search_by_words")
EXPORTED = datetime(2026, 3, 2, 10, 0, 0, 123456, tzinfo=UTC)


def migrate_to(*target: tuple[str, str]) -> Apps:
    executor = MigrationExecutor(connection)
    executor.migrate(list(target))
    apps: Apps = MigrationExecutor(connection).loader.project_state(list(target)).apps
    return apps


@pytest.fixture
def _forward_again() -> Iterator[None]:
    yield
    migrate_to(*MigrationExecutor(connection).loader.graph.leaf_nodes())


@pytest.mark.usefixtures("_forward_again")
def test_columns_become_facts_and_facts_columns() -> None:
    old: Any = migrate_to(BEFORE).get_model("subscriptions", "Customer")
    full = {
        "account_opened_on": date(2016, 5, 9),
        "paid_invoices": 0,
        "paid_total_usd": Decimal("96410.55"),
        "is_identity_verified": False,
        "facts_as_of": EXPORTED,
        "facts_source": "billing.csv",
    }
    old.objects.create(number="C-1", name="All", **full)
    old.objects.create(number="C-2", name="None")
    old.objects.create(number="C-3", name="Undated", paid_invoices=3)
    migrate_to(*MigrationExecutor(connection).loader.graph.leaf_nodes())
    assert facts_of_customer(Customer.objects.get(number="C-1")) == {
        "account_opened_on": Fact(date(2016, 5, 9), "billing.csv", EXPORTED),
        "paid_invoices": Fact(0, "billing.csv", EXPORTED),
        "paid_total_usd": Fact(Decimal("96410.55"), "billing.csv", EXPORTED),
        "identity_verified": Fact(False, "billing.csv", EXPORTED),
    }
    assert Customer.objects.get(number="C-2").facts == {}
    undated = facts_of_customer(Customer.objects.get(number="C-3"))
    assert undated == {"paid_invoices": Fact(3, "not stated", datetime(1970, 1, 1, tzinfo=UTC))}
    again: Any = migrate_to(BEFORE).get_model("subscriptions", "Customer")
    assert again.objects.filter(number="C-1").values(*full).get() == full
    assert again.objects.filter(number="C-2").values(*full).get() == dict.fromkeys(full) | {
        "facts_source": ""
    }
