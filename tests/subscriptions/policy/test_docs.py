"""docs/policy.md describes the format as it is."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from subscriptions.policy.bulk import COLUMNS
from subscriptions.policy.document import (
    AntiFraud,
    Clause,
    Conditions,
    KeyClauses,
    Offer,
    Policy,
    Rule,
    Service,
)
from subscriptions.policy.outcome import Outcome
from tests.subscriptions.policy.documents import SHIPPED_IDS

DOCUMENTED = (Path(__file__).resolve().parents[3] / "docs" / "policy.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("part", [AntiFraud, Clause, Conditions, KeyClauses, Offer, Policy, Rule, Service])
def test_every_key_is_described(part: type[BaseModel]) -> None:
    assert [
        key for key in part.model_fields if f"`{key}" not in DOCUMENTED and f"  {key}:" not in DOCUMENTED
    ] == []


def test_outcomes_columns_and_shipped_policies_are_described() -> None:
    assert [outcome for outcome in Outcome if f"`{outcome}`" not in DOCUMENTED] == []
    assert [column for column in COLUMNS if column not in DOCUMENTED] == []
    assert [version_id for version_id in SHIPPED_IDS if f"`{version_id}`" not in DOCUMENTED] == []
