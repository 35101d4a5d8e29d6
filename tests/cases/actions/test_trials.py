"""Rules at the end of a round: in the shadow they record, on they decide, and they never approve in doubt."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cases.actions import reviewer, rules
from cases.actions.checks import end_run
from cases.actors import SYSTEM
from cases.antifraud.signals import Signal
from cases.ledger import record
from cases.machine import locked
from cases.models import (
    AutoRule,
    Case,
    CaseEvent,
    Decision,
    EventKind,
    Exemption,
    Finding,
    Flag,
    ReasonCode,
    RuleMode,
    RuleTrial,
    State,
)
from cases.proof import faults_of
from outbox.models import Message
from subscriptions.models import PolicyVersion, Subscription
from tests.cases.rules import rule_in
from tests.cases.views.checking import ended, quiet, running, signal
from tests.racing import at_once, overlapped
from tests.world import FREE_TRIAL, UNHEARD_OF, World, make_world


def checked(case: Case, find: Callable[[str], list[Signal]] = quiet) -> Case:
    """The case after one more round that saw nothing, so that its band is low."""
    return ended(case, find)


def trial(rule: AutoRule) -> tuple[bool, str, bool]:
    """The last that the rule said: whether it fits, why it does not, whether it acted."""
    last = RuleTrial.objects.filter(rule=rule).latest("id")
    return last.fits, last.why_not, last.acted


def stays_in_review(case: Case) -> bool:
    """Nothing was decided, and nothing half."""
    case = Case.objects.get(pk=case.pk)
    nothing = not Decision.objects.filter(case=case).exists() and not Exemption.objects.exists()
    return case.state == State.IN_REVIEW and nothing and not list(faults_of(case))


@pytest.mark.parametrize("mode", [RuleMode.SHADOW, RuleMode.PROPOSED])
def test_in_the_shadow_it_records_and_does_nothing(world: World, mode: RuleMode) -> None:
    rule = rule_in(world, mode)
    case = checked(world.submitted())
    assert trial(rule) == (True, "", False)
    assert RuleTrial.objects.get().mode == mode
    assert stays_in_review(case)


def test_off_it_is_not_even_tried(world: World) -> None:
    rule_in(world, RuleMode.OFF)
    assert stays_in_review(checked(world.submitted()))
    assert not RuleTrial.objects.exists()


def test_on_it_approves_as_a_reviewer_would_and_says_that_a_machine_did(world: World) -> None:
    rule = rule_in(world, RuleMode.ON)
    case = checked(world.submitted())
    assert case.state == State.APPROVED
    assert trial(rule) == (True, "", True)
    decision = Decision.objects.get(case=case)
    assert (decision.verb, decision.reasons, decision.made_by) == (
        "approve",
        ["direct_sending_justified"],
        None,
    )
    assert decision.is_automated
    assert decision.notice["is_automated"] is True
    event = CaseEvent.objects.get(case=case, kind=EventKind.APPROVED)
    assert (event.data["rule"], event.side, event.from_state) == (rule.pk, "system", "in_review")
    assert Exemption.objects.get(subscription=case.subscription_id).ends_at is None
    assert Message.objects.filter(key=f"{case.reference}/{event.seq}/customer").exists()
    assert case.due_at is None
    assert list(faults_of(case)) == []


def test_on_it_denies_with_its_reasons(world: World) -> None:
    rule_in(world, RuleMode.ON, then="deny", reasons="relay_would_do, purpose_unclear")
    case = checked(world.submitted())
    assert case.state == State.DENIED
    assert set(Decision.objects.get(case=case).reasons) == {"relay_would_do", "purpose_unclear"}
    assert not Exemption.objects.exists()


def test_what_does_not_fit_is_left_to_people_with_the_reason(world: World) -> None:
    when = "{bands: [low], outcomes: [via_partner], partners: [P-9], most_daily_volume: 100, clear: [spf]}"
    rule = rule_in(world, RuleMode.ON, when=when)
    assert stays_in_review(checked(world.submitted()))
    assert trial(rule) == (
        False,
        "the policy says may request; it came by no partner; the volume is 4,000 a day; Sending domains: SPF is not checked",
        False,
    )


@pytest.mark.parametrize(
    ("findings", "fits"), [("clear", True), ("clear unknown", False), ("clear flagged", False), ("", False)]
)
def test_clear_is_asked_of_each_subject_and_unknown_is_not_clear(
    world: World, findings: str, fits: bool
) -> None:
    rule = rule_in(world, RuleMode.SHADOW, when="{bands: [low, elevated], clear: [spf]}")

    def find(slug: str) -> list[Signal]:
        seen = [signal("spf", Finding(each)) for each in findings.split()]
        return seen if slug == "domain_records" and seen else quiet(slug)

    checked(world.submitted(), find)
    assert trial(rule)[0] is fits


# --- never in doubt ------------------------------------------------------------------------------


def unreadable(world: World, case: Case) -> None:
    """As an older version of the product may have left one."""
    AutoRule.objects.create(
        id="quick",
        title="Quick",
        document="when: soon",
        mode=RuleMode.ON,
        proposed_by=world.user("sena"),
        confirmed_by=world.user("tied"),
        made_at=timezone.now(),
    )


def without_its_reasons(world: World, case: Case) -> None:
    rule_in(world, RuleMode.ON)
    ReasonCode.objects.filter(pk="direct_sending_justified").update(is_active=False)


def changed_facts(world: World, case: Case) -> None:
    rule_in(world, RuleMode.ON)
    Subscription.objects.filter(pk=case.subscription_id).update(offer_id=FREE_TRIAL)


def unheard_of_by_now(world: World, case: Case) -> None:
    rule_in(world, RuleMode.ON)
    Subscription.objects.filter(pk=case.subscription_id).update(offer_id=UNHEARD_OF)


def of_another_customer(world: World, case: Case) -> None:
    rule_in(world, RuleMode.ON)
    Subscription.objects.filter(pk=case.subscription_id).update(customer=world.fabrikam)


def flagged(world: World, case: Case) -> None:
    rule_in(world, RuleMode.ON)
    with locked(case.reference, by=SYSTEM) as found:
        found.flag = Flag.DATA_DISPUTED
        record(found, EventKind.FLAGGED, by=SYSTEM, data={"flag": Flag.DATA_DISPUTED.value})


def in_disagreement(world: World, case: Case) -> None:
    rule_in(world, RuleMode.ON)
    rule_in(world, RuleMode.ON, "slow", then="deny", reasons="relay_would_do")


NEVER: dict[str, tuple[Callable[[World, Case], None], str]] = {
    "its document cannot be read": (unreadable, "the rule failed: quick:1"),
    "its reasons are gone": (without_its_reasons, "direct_sending_justified does not fit"),
    "the facts forbid it": (changed_facts, "says never"),
    "the facts leave it open": (unheard_of_by_now, "which no rule decides"),
    "the subscription went to somebody else": (of_another_customer, "belongs to another customer now"),
    "the case is flagged": (flagged, "the case is flagged"),
    "another rule disagrees": (in_disagreement, "do not agree: slow"),
}


@pytest.mark.parametrize("name", NEVER)
def test_it_never_approves_where(world: World, name: str) -> None:
    bring, why = NEVER[name]
    case = world.submitted()
    bring(world, case)
    checked(case)
    said = RuleTrial.objects.filter(rule="quick").latest("id")
    assert why in said.why_not.lower()
    assert not RuleTrial.objects.filter(acted=True).exists()
    assert stays_in_review(case)


def test_it_never_approves_what_the_policy_in_force_forbids(world: World) -> None:
    rule = rule_in(world, RuleMode.ON)
    case = world.submitted()
    own = PolicyVersion.objects.get(pk=case.policy_id)
    stricter = own.document.replace(f"id: {own.pk}", "id: stricter", 1).replace("may_request", "never")
    PolicyVersion.objects.create(
        id="stricter", title="Stricter", document=stricter, sha256="s" * 64, effective_from=case.submitted_at
    )
    checked(case)
    assert "stricter says" in trial(rule)[1]
    assert stays_in_review(case)


def test_it_never_decides_what_only_people_can_tell(world: World) -> None:
    rule = rule_in(world, RuleMode.ON)
    case = checked(world.submitted(world.subscription(UNHEARD_OF)))
    assert trial(rule) == (False, "the policy says cannot tell, which only people decide", False)
    assert stays_in_review(case)


def test_it_never_decides_while_a_question_is_open(world: World) -> None:
    rule = rule_in(world, RuleMode.ON)
    case = world.submitted()
    check_round = running(case)
    reviewer.ask(case.reference, by=world.actor("rita"), text="To whom?")
    for run in check_round.runs.all():
        end_run(run.pk, quiet(run.check_slug))
    assert trial(rule) == (False, "the case is awaiting answer", False)
    assert Case.objects.get(pk=case.pk).state == State.AWAITING_ANSWER


def test_two_that_agree_decide_once(world: World) -> None:
    first, second = rule_in(world, RuleMode.ON), rule_in(world, RuleMode.ON, "slow")
    case = checked(world.submitted())
    assert case.state == State.APPROVED
    assert trial(first) == (True, "", True)
    assert trial(second) == (True, "quick came first", False)


# --- races ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_runs_that_end_at_once_let_it_act_once() -> None:
    world = make_world()
    rule = rule_in(world, RuleMode.ON)
    case = world.submitted()
    first, second, *others = running(case).runs.all()
    for run in others:
        end_run(run.pk, quiet(run.check_slug))
    overlapped(lambda: end_run(first.pk, quiet("a")), lambda: end_run(second.pk, quiet("b")))
    assert RuleTrial.objects.filter(rule=rule, acted=True).count() == RuleTrial.objects.count() == 1
    assert Decision.objects.filter(case=case).count() == Exemption.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_run_ended_by_many_at_once_lets_it_act_once() -> None:
    world = make_world()
    rule_in(world, RuleMode.ON)
    case = world.submitted()
    last, *others = running(case).runs.all()
    for run in others:
        end_run(run.pk, quiet(run.check_slug))
    answers = at_once(lambda: end_run(last.pk, quiet("a")), 4)
    assert sorted(map(bool, answers)) == [False, False, False, True]
    assert Decision.objects.filter(case=case).count() == RuleTrial.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_once_it_is_off_it_decides_nothing_more() -> None:
    """A round that ends while the switch is thrown waits for it, and then finds the rule off."""
    world = make_world()
    rule = rule_in(world, RuleMode.ON)
    case = world.submitted()
    last, *others = running(case).runs.all()
    for run in others:
        end_run(run.pk, quiet(run.check_slug))
    sena = world.actor("sena")
    overlapped(
        lambda: bool(rules.switch(rule.pk, "off", by=sena)),
        lambda: end_run(last.pk, quiet("a")),
    )
    assert stays_in_review(case)
    assert not RuleTrial.objects.exists()


@pytest.mark.parametrize(
    "sql",
    ["UPDATE cases_ruletrial SET fits = false", "DELETE FROM cases_ruletrial", "TRUNCATE cases_ruletrial"],
)
def test_what_it_said_is_never_rewritten(world: World, sql: str) -> None:
    rule_in(world, RuleMode.SHADOW)
    checked(world.submitted())
    connection.check_constraints()
    refused = pytest.raises(DatabaseError, match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
