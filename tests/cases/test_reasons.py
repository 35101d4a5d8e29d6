"""Every reason against a customer names what would change it."""

from typing import Any

import pytest
import yaml
from django.core.exceptions import ValidationError

from cases.models import ReasonCode, Verb
from cases.notices.wording import WOULD_CHANGE
from cases.reasons import SHIPPED
from subscriptions.policy.outcome import Outcome

ROWS: list[dict[str, Any]] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
def test_a_shipped_reason_is_whole(row: dict[str, Any]) -> None:
    ReasonCode(**row).clean_fields()
    ReasonCode(**row).clean()


@pytest.mark.parametrize("verb", [Verb.DENY, Verb.SUSPEND, Verb.REVOKE])
def test_a_reason_against_somebody_names_a_way_on(verb: Verb) -> None:
    reason = ReasonCode(code="because", verbs=[Verb.APPROVE, verb], title="Because", text="It is so.")
    with pytest.raises(ValidationError, match="needs a way on"):
        reason.clean()
    reason.verbs = [Verb.APPROVE, Verb.RESUME]
    reason.clean()


def test_what_the_policy_rejects_names_a_way_on() -> None:
    assert set(WOULD_CHANGE) == {Outcome.NEVER, Outcome.NOT_YET}
