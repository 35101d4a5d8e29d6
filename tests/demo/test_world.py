"""The demo world: everything is in it, it verifies, and each login sees what is theirs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from cases.access import visible_cases, visible_subscriptions
from cases.actors import Actor
from cases.antifraud.registry import registry
from cases.antifraud.rules.replay import Kind, replay_summed
from cases.antifraud.rules.stored import rule_of
from cases.models import (
    Attestation,
    AutoRule,
    Band,
    Case,
    CaseEvent,
    CaseMessage,
    Decision,
    EventKind,
    Exemption,
    Finding,
    Flag,
    PrivateNote,
    RuleChange,
    RuleTrial,
    SignalRow,
    State,
)
from demo.load import load_demo_world
from engines.__main__ import ROLES
from outbox.models import KeptMail, Message
from people.models import User
from subscriptions.billing import facts_of_customer
from subscriptions.judging import judge
from subscriptions.models import Address, Customer, OfferChange, Partner, PolicyVersion, Subscription
from subscriptions.policy.outcome import Outcome
from subscriptions.policy.versions import active_policy
from tests.cases.antifraud.test_registry import SHIPPED

pytestmark = pytest.mark.django_db

MONDAY_NIGHT = datetime(2026, 11, 23, 0, 5, tzinfo=UTC)
RING = ("Larkspur Offers", "Millbrook Deals", "Quillon Savings")
NEVER_STORED = {State.NEW, State.SUBMITTED}


@pytest.fixture(scope="module", autouse=True)
def _demo_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One world for all tests of this module; nothing of it is committed.

    In tables made anew, as a first start has them: after all other tests it took ten times as long.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        _forget_the_world()
        call_command("load_demo")
        yield
        transaction.set_rollback(True)


def test_cases_in_every_state() -> None:
    states = set(Case.objects.values_list("state", flat=True))
    assert states == set(State) - NEVER_STORED


def test_the_policys_families_on_both_sides_of_the_cut_off_and_every_outcome() -> None:
    policy = active_policy()
    assert policy.cut_off is not None
    sides, outcomes = set(), set()
    for subscription in Subscription.objects.select_related("customer"):
        outcomes.add(judge(subscription, policy, timezone.now()).outcome)
        if subscription.created_at:
            sides.add((subscription.family, subscription.created_at < policy.cut_off))
    assert {(family, side) for family in policy.families for side in (True, False)} <= sides
    assert outcomes == set(Outcome) - {Outcome.NOT_YET}, "the policy in force knows no condition of time"


def test_data_is_as_untidy_as_in_life() -> None:
    subscriptions = Subscription.objects.all()
    assert subscriptions.count() >= 60
    assert (Customer.objects.count(), Partner.objects.count()) == (15, 3)
    assert subscriptions.filter(created_at=None).exists()
    assert subscriptions.filter(is_created_by_day=True).exists()
    assert subscriptions.filter(offer_id="").exclude(quota_id="").exists()
    assert subscriptions.filter(state="disabled").exists()
    assert subscriptions.filter(family="").exists()
    facts = [fact for customer in Customer.objects.all() for fact in facts_of_customer(customer).values()]
    assert {fact.source for fact in facts} == {"billing-export.csv"}
    assert max(fact.as_of for fact in facts) > timezone.now() - timedelta(days=5)


def test_addresses_are_of_both_kinds_and_move_between_subscriptions() -> None:
    held = Address.objects.all()
    assert held.filter(address__contains=":").exists()
    moved = held.exclude(held_until=None).values_list("address", flat=True)
    assert held.filter(address__in=list(moved), held_until=None).exists()


def test_each_kind_of_event_happened_and_people_wrote() -> None:
    assert set(CaseEvent.objects.values_list("kind", flat=True)) == set(EventKind)
    assert set(Case.objects.values_list("flag", flat=True)) == {"", *Flag}
    assert CaseMessage.objects.filter(kind="question").exists()
    assert PrivateNote.objects.exists()
    assert Attestation.objects.exists()
    assert Decision.objects.filter(verb="deny").exclude(text="").exists()
    assert Exemption.objects.filter(ends_at=None).count() == Case.objects.filter(state="approved").count()
    assert not OfferChange.objects.filter(noted_at=None).exists()


def test_the_ledger_verifies_and_the_databases_guard_agrees(capsys: pytest.CaptureFixture[str]) -> None:
    connection.check_constraints()
    call_command("verify_ledger")
    assert f"{Case.objects.count()} cases verify" in capsys.readouterr().out


def test_what_happened_lies_in_the_past_and_in_order() -> None:
    now = timezone.now()
    events = list(CaseEvent.objects.order_by("pk"))
    assert all(earlier.at <= later.at for earlier, later in pairwise(events))
    assert events[0].at < now - timedelta(days=30)
    assert now - timedelta(hours=1) < events[-1].at <= now


def test_the_queue_has_overdue_and_later_cases_and_some_that_wait() -> None:
    now = timezone.now()
    due = _due_times()
    assert min(due) < now < max(due)
    assert Case.objects.filter(state=State.AWAITING_ANSWER).exclude(due_left=None).exists()


def test_every_part_of_every_check_was_clear_flagged_and_unknown() -> None:
    seen = set(SignalRow.objects.values_list("part", "finding"))
    parts = {part for slug in SHIPPED for part in registry()[slug].weights}
    assert not {(part, finding) for part in parts for finding in Finding.values} - seen


def test_the_last_of_a_crowd_is_flagged_for_all_who_came_before() -> None:
    last = Case.objects.get(subscription__name="Orders ahead")
    crowded = {f"velocity_{kind}" for kind in ("partner", "network", "contact", "payment")}
    assert crowded | {"history_partner"} <= _flags(last).keys()


@pytest.mark.parametrize("band", Band.values)
def test_every_band_is_in_review_and_decided(band: str) -> None:
    states = set(Case.objects.filter(band=band).values_list("state", flat=True))
    assert State.IN_REVIEW in states
    assert states & {State.APPROVED, State.DENIED, State.REVOKED}


def test_the_ring_is_found_by_its_links() -> None:
    first, second, third = (_case_of(name) for name in RING)
    assert first.state == State.REVOKED
    assert (second.band, third.band) == (Band.HIGH, Band.HIGH)
    for case in (second, third):
        flagged = _flags(case)
        assert {"link_payment", "link_network", "same_words"} <= flagged.keys()
        assert first.reference in flagged["link_payment"]


def test_the_ring_is_on_the_page_of_its_payment_fingerprint() -> None:
    address = reverse("review:linked", args=["payment", "fp-0be44c9d"])
    desk = _signed_in("reviewer")
    assert address in desk.get(reverse("review:case", args=[_case_of(RING[1]).reference])).content.decode()
    page = desk.get(address).content.decode()
    for name in RING:
        assert _case_of(name).reference in page


def test_an_honest_pair_with_one_template_is_not_flagged() -> None:
    rowing, choir = _case_of("Harbour Rowing Club"), _case_of("Linden Choir")
    assert rowing.why_direct == choir.why_direct
    assert {rowing.band, choir.band} == {Band.LOW}
    assert not _flags(rowing)
    assert not _flags(choir)


def test_words_of_a_wave_are_found_with_its_third_and_a_domain_that_is_nobodys() -> None:
    names = ("Copperfield Quotes", "Ironwood Tenders", "Pinemarsh Bids")
    first, second, third = (_flags(_case_of(name)) for name in names)
    assert "shared_words" not in {*first, *second}
    assert "2 others ask in them now" in third["shared_words"]
    assert "fastlane-post.example has nothing to do" in third["domain_owner"]


def test_complaints_are_told_with_the_abuse_desks_count() -> None:
    waiting = Case.objects.filter(customer__name="Fjordlight Books", state=State.IN_REVIEW).latest("pk")
    assert "143 complaints, the latest on" in _flags(waiting)["history_complaints"]


def test_records_that_were_mended_lift_the_second_round() -> None:
    first, second = _case_of("Linden Choir").rounds.order_by("number")
    records = ("mx", "spf", "spf_address", "dkim", "dmarc", "ptr", "fcrdns", "helo")
    for each, band, finding in ((first, Band.ELEVATED, "flagged"), (second, Band.LOW, "clear")):
        assert each.band == band
        rows = SignalRow.objects.filter(run__round=each, part__in=records)
        assert set(rows.values_list("part", "finding")) == {(part, finding) for part in records}


def test_a_rule_is_tried_in_the_shadow() -> None:
    trials = RuleTrial.objects.all()
    assert set(trials.values_list("mode", "acted")) == {("shadow", False)}
    assert trials.count() > 30


def test_what_is_shipped_was_loaded_before_it_was_used() -> None:
    first = CaseEvent.objects.earliest("at").at
    assert RuleChange.objects.earliest("id") == RuleChange.objects.earliest("at")
    assert all(loaded < first for loaded in PolicyVersion.objects.values_list("loaded_at", flat=True))


def test_the_age_of_a_domain_has_the_registry_as_its_source() -> None:
    sources = set(SignalRow.objects.filter(part="domain_age").values_list("source", flat=True))
    assert any("http://rdap.demo.example:" in source for source in sources)
    assert not any("127.0.0.1" in source for source in SignalRow.objects.values_list("source", flat=True))


def test_the_rules_replay_shows_where_it_agrees_where_it_errs_and_what_waits() -> None:
    done = replay_summed(rule_of(AutoRule.objects.get(pk="trusted-partner")), 10)
    assert {kind for kind, count in done.counts.items() if count} == {
        Kind.AGREES,
        Kind.APPROVES_REFUSED,
        Kind.DECIDES_WAITING,
    }


@pytest.mark.parametrize("at", [MONDAY_NIGHT, MONDAY_NIGHT - timedelta(hours=30)])
def test_it_loads_on_any_day_of_the_week_and_at_night(at: datetime) -> None:
    with transaction.atomic():
        connection.check_constraints()
        _forget_the_world()
        load_demo_world(at)
        due = _due_times()
        assert sum(moment < at for moment in due) >= 2
        assert any(at < moment < at + timedelta(days=3) for moment in due)
        transaction.set_rollback(True)


def test_every_mail_arrived_shortly_after_what_it_tells() -> None:
    assert not Message.objects.filter(sent_at=None).exists()
    assert Message.objects.filter(topic="email").count() == KeptMail.objects.count() > 300
    for message in Message.objects.filter(topic="case.event"):
        event = CaseEvent.objects.get(
            case__reference=message.payload["reference"], seq=message.payload["seq"]
        )
        assert message.sent_at is not None
        assert event.at <= message.sent_at <= event.at + timedelta(seconds=10)
    oldest = KeptMail.objects.earliest("kept_at")
    assert oldest.kept_at < timezone.now() - timedelta(days=30)
    assert f"{oldest.kept_at:%a, %d %b %Y %H:%M:%S}" in oldest.headers["Date"]


@pytest.mark.parametrize("role", ROLES)
def test_each_demo_login_signs_in(role: str) -> None:
    client = Client()
    login = {"login": f"{role}@demo.example", "password": settings.DEMO_PASSWORD}
    assert client.post(reverse("account_login"), login).status_code == 302
    assert client.session["_auth_user_id"]


def test_the_login_page_says_who_is_what() -> None:
    page = Client().get(reverse("account_login")).content.decode()
    for role in ROLES:
        assert f"{role}@demo.example" in page
    assert page.count("Fjordlight Books") == 1


def test_the_other_customer_and_partner_see_nothing_of_the_first() -> None:
    mine = visible_cases(_actor("customer"))
    assert mine.exists()
    assert not mine.filter(pk__in=visible_cases(_actor("customer2"))).exists()
    assert not visible_subscriptions(_actor("customer2")).filter(customer__name="Fjordlight Books").exists()
    assert not visible_cases(_actor("partner2")).filter(customer__name="Fjordlight Books").exists()


def test_the_other_customers_page_of_a_case_is_not_there() -> None:
    case = Case.objects.filter(customer__name="Fjordlight Books").latest("pk")
    address = reverse("customer:case", args=[case.reference])
    assert _signed_in("customer").get(address).status_code == 200
    assert _signed_in("customer2").get(address).status_code == 404


def test_a_second_load_changes_nothing() -> None:
    with pytest.raises(CommandError, match="people here already"):
        call_command("load_demo")


def test_no_demo_world_outside_demo_mode() -> None:
    with override_settings(DEMO=False), pytest.raises(CommandError, match="demo mode alone"):
        call_command("load_demo")


def _case_of(customer: str) -> Case:
    return Case.objects.get(customer__name=customer)


def _flags(case: Case) -> dict[str, str]:
    """Sentences of the newest round's flags, by part."""
    rows = SignalRow.objects.filter(run__round=case.rounds.latest("number"), finding=Finding.FLAGGED)
    return dict(rows.values_list("part", "sentence"))


def _due_times() -> list[datetime]:
    cases = Case.objects.filter(state=State.IN_REVIEW)
    return [case.due_at for case in cases if case.due_at is not None]


def _actor(role: str) -> Actor:
    return Actor.of(_user(role))


def _user(role: str) -> User:
    return User.objects.get(email=f"{role}@demo.example")


def _signed_in(role: str) -> Client:
    client = Client()
    client.force_login(_user(role))
    return client


def _forget_the_world() -> None:
    """Empty every table of it, which the guard of the ledger allows nobody but a test."""
    tables = ("people_user", "subscriptions_customer", "subscriptions_partner", "outbox_message")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_another_password_is_taken_up_at_the_next_start(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prepare")
    assert "DEMO_PASSWORD" not in capsys.readouterr().out
    with override_settings(DEMO_PASSWORD="another-one"):
        call_command("prepare")
        assert "have the password that DEMO_PASSWORD names now" in capsys.readouterr().out
        for login in ROLES:
            signed_in = {"login": f"{login}@demo.example", "password": "another-one"}
            assert Client().post(reverse("account_login"), signed_in).status_code == 302
