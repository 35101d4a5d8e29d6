"""Many rows at once say the same as one by one."""

import io
import json
import random
from datetime import UTC, datetime

import pytest

from subscriptions.csv_lines import LONGEST_LINE, BadHeader
from subscriptions.policy.bulk import COLUMNS, EXPLANATION, MOST_KEPT, answers
from subscriptions.policy.document import Policy
from subscriptions.policy.evaluate import evaluate
from subscriptions.policy.facts import facts_named
from tests.subscriptions.policy.documents import SHIPPED_IDS, corners, shipped

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
HEADER = "offer_id,quota_id,family,created_at"


def judged(text: str, policy: Policy) -> list[dict[str, object]]:
    return [json.loads(line) for line, _ in answers(io.StringIO(text), policy, NOW)]


def random_row(dice: random.Random, policy: Policy) -> list[str]:
    offer = dice.choice(policy.offers)
    return [
        dice.choice(["", offer.id, "Z-1"]),
        dice.choice(["", offer.quota_id or "", "Q-Z"]),
        dice.choice(["", "", dice.choice(list(policy.families)), "none such"]),
        dice.choice(["", "2017-11-15", "2019-06-01", "2019-06-01T11:59:59Z", "2020-02-02T00:00:00+02:00"]),
        dice.choice(["", "0", "29", "30", "90", "400"]),
        dice.choice(["", "0", "1", "3", "12"]),
        dice.choice(["", "0", "999.99", "1000", "1000.01"]),
        dice.choice(["", "yes", "no"]),
    ]


@pytest.mark.parametrize("policy", [*map(shipped, SHIPPED_IDS), corners()], ids=lambda policy: policy.id)
def test_each_row_is_answered_as_if_it_were_alone(policy: Policy) -> None:
    dice = random.Random(25)
    rows = [random_row(dice, policy) for _ in range(2000)]
    text = "\n".join([",".join(COLUMNS), *map(",".join, rows)])
    for row, told in zip(rows, judged(text, policy), strict=True):
        alone = evaluate(facts_named(dict(zip(COLUMNS, row, strict=True)), COLUMNS), policy, NOW).as_json()
        assert told == {key: value for key, value in alone.items() if key not in EXPLANATION}, row


def test_answers_stay_right_when_more_is_asked_than_is_kept() -> None:
    rows = [f"B-1,,,2020-01-01,{age},1" for age in range(30)] + [
        f"UNKNOWN-{number},,,2020-01-01,0,0" for number in range(MOST_KEPT + 10)
    ]
    told = judged("\n".join([f"{HEADER},account_age_days,paid_invoices", *rows, rows[7]]), corners())
    assert told[7] == told[-1]
    assert told[7]["ask_again_from"] == "2026-12-17"
    assert {line["outcome"] for line in told[30:-1]} == {"cannot_tell"}


def test_a_bad_row_is_told_with_its_line_and_the_rest_go_on() -> None:
    text = "\n".join(
        [
            HEADER,
            "G-1,,,2019-01-01",
            "",
            "G-1,,,yesterday",
            "G-1,,",
            '"G-1,,,2019-01-01',
            "G-1,,,2019-01-01T00:00:00",
            f"{'x' * 200},,,2019-01-01",
            '"G-1",,"gold",2019-01-01',
        ]
    )
    told = judged(text, corners())
    assert [line.get("outcome") for line in told] == ["not_blocked", *[None] * 5, "not_blocked"]
    assert [(line["line"], line["field"]) for line in told if "error" in line] == [
        (4, "created_at"),
        (5, ""),
        (6, ""),
        (7, "created_at"),
        (8, "offer_id"),
    ]
    assert "add Z or, for example, +01:00" in str(told[4]["error"])


def test_a_line_too_long_for_memory_is_told_and_the_rest_go_on() -> None:
    long, other = judged("\n".join([HEADER, "x" * 4_000_000, "MS-AZR-0017P,,,"]), shipped(SHIPPED_IDS[0]))
    assert long == {"line": 2, "error": f"is longer than {LONGEST_LINE} characters", "field": ""}
    assert other["outcome"] == "not_blocked"


def test_columns_may_stand_in_any_order() -> None:
    text = "Created_At , family,paid_total_usd,quota_id,offer_id\r\n2020-01-01,,1000,,G-1\r\n"
    assert judged(text, corners())[0]["outcome"] == "may_request"


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("", "'offer_id' is missing"),
        ("offer_id,quota_id,family", "'created_at' is missing"),
        (f"{HEADER},colour", "'colour' is unknown"),
        (f"{HEADER},family", "'family' is there twice"),
        ("offer_id;quota_id;family;created_at", "'offer_id' is missing"),
    ],
)
def test_a_bad_header_is_refused_before_anything_is_judged(header: str, told: str) -> None:
    with pytest.raises(
        BadHeader, match="the first line has to name the columns offer_id, quota_id"
    ) as refusal:
        judged(f"{header}\nG-1,,,2019-01-01", corners())
    assert told in str(refusal.value)
