"""The notice's table, its boundary, and facts that are missing or at odds."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from subscriptions.policy.eligibility import Eligibility
from subscriptions.policy.evaluate import evaluate
from subscriptions.policy.facts import Facts
from subscriptions.policy.outcome import Outcome
from tests.subscriptions.policy.documents import AZURE, corners, shipped

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
CUT_OFF = datetime(2017, 11, 15, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)

NOT_BLOCKED, MAY_REQUEST, NOT_YET, VIA_PARTNER, NEVER, CANNOT_TELL = Outcome

AFTER = {
    "enterprise-agreement": (NOT_BLOCKED, "2.1"),
    "pay-as-you-go": (MAY_REQUEST, "3.2"),
    "microsoft-partner-network": (MAY_REQUEST, "3.2"),
    "msdn": (NEVER, "4.2"),
    "azure-pass": (NEVER, "4.2"),
    "azure-in-open": (NEVER, "4.2"),
    "education": (NEVER, "4.2"),
    "bizspark": (NEVER, "4.2"),
    "free-trial": (NEVER, "4.2"),
    "csp": (VIA_PARTNER, "5.2"),
}
BEFORE = {
    "enterprise-agreement": "2.1",
    "pay-as-you-go": "3.1",
    "microsoft-partner-network": "3.1",
    "csp": "5.1",
}

ON_BEFORE_SIDE = [
    CUT_OFF - MICROSECOND,
    CUT_OFF - DAY,
    (CUT_OFF - MICROSECOND).astimezone(timezone(timedelta(hours=14))),
    datetime(2017, 11, 15, 13, 59, 59, 999999, timezone(timedelta(hours=14))),
    datetime(2017, 11, 14, 15, 59, 59, tzinfo=timezone(timedelta(hours=-8))),
    date(2017, 11, 14),
]
ON_AFTER_SIDE = [
    CUT_OFF,
    CUT_OFF + MICROSECOND,
    CUT_OFF + DAY,
    CUT_OFF.astimezone(timezone(timedelta(hours=-11))),
    datetime(2017, 11, 15, 5, 45, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    datetime(2017, 11, 14, 16, tzinfo=timezone(timedelta(hours=-8))),
    date(2017, 11, 15),
]


def judged(facts: Facts, policy_id: str = AZURE, at: datetime = NOW) -> Eligibility:
    return evaluate(facts, shipped(policy_id), at)


@pytest.mark.parametrize("created", ON_BEFORE_SIDE)
@pytest.mark.parametrize("family", AFTER)
def test_nothing_is_blocked_before_the_cut_off(family: str, created: datetime | date) -> None:
    answer = judged(Facts(family=family, created=created))
    assert (answer.outcome, answer.family) == (NOT_BLOCKED, family)
    assert answer.clause == BEFORE.get(family, "4.1")


@pytest.mark.parametrize("created", ON_AFTER_SIDE)
@pytest.mark.parametrize("family", AFTER)
def test_the_familys_rule_holds_from_the_cut_off_on(family: str, created: datetime | date) -> None:
    answer = judged(Facts(family=family, created=created))
    assert (answer.outcome, answer.clause) == AFTER[family]
    assert answer.family == family


@pytest.mark.parametrize(("family", "told"), AFTER.items())
def test_without_a_date_only_what_both_sides_agree_on_is_told(family: str, told: tuple[Outcome, str]) -> None:
    answer = judged(Facts(family=family))
    if told[0] == NOT_BLOCKED:
        assert (answer.outcome, answer.missing) == (NOT_BLOCKED, ())
    else:
        assert (answer.outcome, answer.missing) == (CANNOT_TELL, ("created",))
        assert answer.question == "It is not known when the subscription was created."


@pytest.mark.parametrize("created", [*ON_BEFORE_SIDE, *ON_AFTER_SIDE, None])
def test_what_the_policy_does_not_name_is_never_guessed(created: datetime | date | None) -> None:
    for facts in (
        Facts(offer_id="MS-AZR-0023P", created=created),
        Facts(offer_id="MS-AZR-9999P", created=created),
        Facts(quota_id="Sponsored_2016-01-01", created=created),
        Facts(family="mainframe", created=created),
    ):
        answer = judged(facts)
        assert (answer.outcome, answer.family, answer.rule, answer.clause) == (CANNOT_TELL, None, None, "6")
        assert answer.question == "The policy does not name this kind of subscription."


@pytest.mark.parametrize(
    ("facts", "before", "after", "family", "missing_after"),
    [
        # A quotaId that stands for one family, and ones that stand for several.
        ({"quota_id": "PayAsYouGo_2014-09-01"}, NOT_BLOCKED, MAY_REQUEST, "pay-as-you-go", ()),
        ({"quota_id": "MPN_2014-09-01"}, NOT_BLOCKED, CANNOT_TELL, None, ("offer_id",)),
        ({"quota_id": "MSDN_2014-09-01"}, NOT_BLOCKED, NEVER, None, ()),
        ({"quota_id": "MSDNDevTest_2014-09-01"}, CANNOT_TELL, CANNOT_TELL, None, ("offer_id",)),
        # The offer settles what the quotaId leaves open.
        ({"offer_id": "MS-AZR-0025P", "quota_id": "MPN_2014-09-01"}, NOT_BLOCKED, MAY_REQUEST,
         "microsoft-partner-network", ()),
        ({"offer_id": "MS-AZR-0029P", "quota_id": "MPN_2014-09-01"}, NOT_BLOCKED, NEVER, "msdn", ()),
        ({"family": "MSDN", "quota_id": "mpn_2014-09-01"}, NOT_BLOCKED, NEVER, "msdn", ()),
        ({"offer_id": "MS-AZR-0023P", "quota_id": "MSDNDevTest_2014-09-01"}, CANNOT_TELL, CANNOT_TELL,
         None, ()),
        # At odds: every family that one of them allows.
        ({"offer_id": "MS-AZR-0003P", "quota_id": "MPN_2014-09-01"}, NOT_BLOCKED, CANNOT_TELL, None,
         ("offer_id", "quota_id")),
        ({"offer_id": "MS-AZR-0044P", "quota_id": "AzurePass_2014-09-01"}, NOT_BLOCKED, NEVER, None, ()),
        ({"offer_id": "MS-AZR-0003P", "family": "csp"}, NOT_BLOCKED, CANNOT_TELL, None,
         ("offer_id", "family")),
        ({"offer_id": "MS-AZR-9999P", "quota_id": "PayAsYouGo_2014-09-01"}, CANNOT_TELL, CANNOT_TELL, None,
         ("offer_id", "quota_id")),
        # Nothing at all.
        ({}, CANNOT_TELL, CANNOT_TELL, None, ("offer_id",)),
    ],
)  # fmt: skip
def test_incomplete_and_contradicting_facts(
    facts: dict[str, str], before: Outcome, after: Outcome, family: str | None, missing_after: tuple[str, ...]
) -> None:
    for created in ON_BEFORE_SIDE:
        assert judged(Facts(**facts, created=created)).outcome == before  # type: ignore[arg-type]  # texts
    for created in ON_AFTER_SIDE:
        answer = judged(Facts(**facts, created=created))  # type: ignore[arg-type]  # texts
        assert (answer.outcome, answer.family, answer.missing) == (after, family, missing_after)
    undated = judged(Facts(**facts))  # type: ignore[arg-type]  # texts
    assert undated.outcome == (before if before == after else CANNOT_TELL)


def test_a_contradiction_is_told_in_words() -> None:
    facts = Facts(offer_id="MS-AZR-0003P", quota_id="MPN_2014-09-01")
    assert judged(facts).question == (
        "The offer ID MS-AZR-0003P and the quotaId MPN_2014-09-01 contradict each other. "
        "It is not known when the subscription was created."
    )


def test_a_day_that_holds_the_cut_off_is_on_both_sides() -> None:
    policy = corners()  # cut off at 12:00 UTC
    day = evaluate(Facts(family="gold", created=date(2019, 6, 1), paid_total_usd=Decimal(1000)), policy, NOW)
    assert (day.outcome, day.missing) == (CANNOT_TELL, ("created",))
    assert day.question == "It is not known at what time of that day the subscription was created."
    earlier = evaluate(Facts(family="gold", created=date(2019, 5, 31)), policy, NOW)
    assert earlier.outcome == NOT_BLOCKED


@pytest.mark.parametrize(
    ("age", "invoices", "outcome", "unmet", "again"),
    [
        (30, 1, MAY_REQUEST, [], None),
        (29, 1, NOT_YET, ["account_age_days"], date(2026, 11, 25)),
        (0, 5, NOT_YET, ["account_age_days"], date(2026, 12, 24)),
        (30, 0, NOT_YET, ["paid_invoices"], None),
        (10, 0, NOT_YET, ["account_age_days", "paid_invoices"], None),
        (None, 0, NOT_YET, ["paid_invoices"], None),
        (None, 1, CANNOT_TELL, [], None),
        (None, None, CANNOT_TELL, [], None),
    ],
)
def test_first_invoice(
    age: int | None, invoices: int | None, outcome: Outcome, unmet: list[str], again: date | None
) -> None:
    facts = Facts(offer_id="MS-AZR-0003P", account_age_days=age, paid_invoices=invoices)
    answer = judged(facts, "example-first-invoice")
    assert answer.outcome == outcome
    assert [condition.condition for condition in answer.unmet] == unmet
    assert answer.ask_again_from == again


def test_the_day_to_ask_again_meets_the_condition() -> None:
    opened, again = date(2026, 11, 4), None
    facts = Facts(family="csp", account_age_days=(NOW.date() - opened).days, paid_invoices=1)
    again = judged(facts, "example-first-invoice").ask_again_from
    assert again == opened + 30 * DAY
    late_in_the_west = NOW.replace(hour=3).astimezone(timezone(timedelta(hours=-10)))
    assert judged(facts, "example-first-invoice", at=late_in_the_west).ask_again_from == again


@pytest.mark.parametrize(
    ("paid", "outcome"),
    [
        (Decimal(1000), MAY_REQUEST),
        (Decimal("999.99"), NOT_YET),
        (Decimal(0), NOT_YET),
        (None, CANNOT_TELL),
    ],
)
def test_paid_1000(paid: Decimal | None, outcome: Outcome) -> None:
    answer = judged(Facts(offer_id="MS-AZR-0003P", paid_total_usd=paid), "example-paid-1000")
    assert (answer.outcome, answer.ask_again_from) == (outcome, None)
    assert answer.missing == (("paid_total_usd",) if paid is None else ())


def test_an_unmet_sum_is_told_with_what_there_is() -> None:
    answer = judged(Facts(offer_id="MS-AZR-0003P", paid_total_usd=Decimal("250.50")), "example-paid-1000")
    assert (
        answer.unmet[0].sentence
        == "Paid invoices have to come to at least 1,000 USD; so far it is 250.50 USD."
    )
    assert (answer.unmet[0].needed, answer.unmet[0].actual) == ("1000", "250.50")


@pytest.mark.parametrize(("verified", "outcome"), [(True, NOT_BLOCKED), (False, NEVER), (None, CANNOT_TELL)])
def test_qualified(verified: bool | None, outcome: Outcome) -> None:
    answer = judged(Facts(offer_id="MS-AZR-0148P", identity_verified=verified), "example-qualified")
    assert (answer.outcome, answer.family) == (outcome, "enterprise-dev-test")
    assert [unmet.condition for unmet in answer.unmet] == (["identity_verified"] if verified is False else [])


def test_the_trace_says_of_each_rule_why() -> None:
    answer = judged(Facts(offer_id="MS-AZR-0003P", created=datetime(2017, 11, 20, tzinfo=UTC)))
    assert [(step.rule, step.applied) for step in answer.trace] == [
        (rule.id, rule.id == "pay-as-you-go-after") for rule in shipped(AZURE).rules
    ]
    why = {step.rule: step.why for step in answer.trace}
    assert why["pay-as-you-go-after"] == (
        "This subscription is Pay-As-You-Go and was created at or after 15 Nov 2017, 00:00 UTC. "
        "So the outcome is: may request."
    )
    assert why["pay-as-you-go-before"] == (
        "It is for subscriptions created before 15 Nov 2017, 00:00 UTC; this one was not."
    )
    assert (
        why["enterprise-agreement"] == "It is for Enterprise Agreement; this subscription is Pay-As-You-Go."
    )
    assert answer.reading == (
        "The offer ID MS-AZR-0003P stands for Pay-As-You-Go.",
        "It was created on 20 Nov 2017, 00:00 UTC: not before 15 Nov 2017, 00:00 UTC.",
    )


def test_the_trace_says_which_conditions_are_met() -> None:
    facts = Facts(family="csp", account_age_days=31)
    step = judged(facts, "example-first-invoice").trace[0]
    assert not step.applied
    assert step.why == (
        "This subscription is Cloud Solution Provider (CSP). It asks for an account at least 30 days old "
        "(met) and at least 1 invoice paid (not known)."
    )


def test_where_several_rules_agree_the_first_is_cited_and_all_are_traced() -> None:
    answer = judged(Facts(quota_id="MPN_2014-09-01", created=date(2017, 1, 1)))
    assert (answer.outcome, answer.rule, answer.clause) == (NOT_BLOCKED, "pay-as-you-go-before", "3.1")
    applied = [step.rule for step in answer.trace if step.applied]
    assert applied == ["pay-as-you-go-before", "benefit-and-trial-before"]


def test_a_naive_moment_of_judgement_is_refused() -> None:
    with pytest.raises(ValueError, match="at: 2026-11-24T15:00:00 has no offset from UTC"):
        judged(Facts(), at=datetime(2026, 11, 24, 15))  # what is refused here
