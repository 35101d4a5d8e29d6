"""Submitting: judged at once, moved on at once, once for each key, and refused with nothing kept."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions.customer import ask_to_lift
from cases.actions.partner import submit_for_customer
from cases.actions.submission import Submission, submit
from cases.actors import SYSTEM, Actor, Side
from cases.details import RequestDetails
from cases.models import (
    Attestation,
    Case,
    CaseEvent,
    Decision,
    EventKind,
    Flag,
    State,
)
from cases.proof import faults_of
from cases.refusals import Conflict, Invalid, NotPermitted, NotThere
from outbox.models import Message
from subscriptions.models import CustomerMember, Role, Subscription, SubscriptionState
from tests.subscriptions.imports.files import csv_file, run
from tests.world import (
    ATTESTATION,
    CSP,
    DETAILS,
    ENTERPRISE,
    FREE_TRIAL,
    PAY_AS_YOU_GO,
    UNHEARD_OF,
    World,
)

MOST_ROUND_TRIPS = 10


# --- by outcome ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offer_id", "state", "kind", "told"),
    [
        (FREE_TRIAL, State.REJECTED, EventKind.REJECTED, ["customer"]),
        (ENTERPRISE, State.NOT_NEEDED, EventKind.NOT_NEEDED, ["customer"]),
        (PAY_AS_YOU_GO, State.IN_REVIEW, EventKind.REVIEW_STARTED, ["customer", "desk"]),
        (CSP, State.WITH_PARTNER, EventKind.ROUTED, ["customer", "partner"]),
        (UNHEARD_OF, State.IN_REVIEW, EventKind.REVIEW_STARTED, ["customer", "desk"]),
    ],
)
def test_it_moves_on_at_once(
    world: World, offer_id: str, state: State, kind: EventKind, told: list[str]
) -> None:
    case = Case.objects.get(pk=world.submitted(world.subscription(offer_id)).pk)
    assert case.state == state
    events = list(case.events.all())
    assert [(event.kind, event.from_state, event.to_state) for event in events] == [
        (EventKind.SUBMITTED, "new", "submitted"),
        (kind, "submitted", state),
    ]
    assert [(event.side, event.actor_id) for event in events] == [
        (Side.CUSTOMER, world.user("olive").pk),
        (Side.SYSTEM, None),
    ]
    mails = Message.objects.filter(topic="case.event")
    assert sorted(message.payload["side"] for message in mails) == told
    work = Message.objects.exclude(topic="case.event").values_list("topic", flat=True)
    assert list(work) == (["checks.start"] if state == State.IN_REVIEW else [])
    assert list(faults_of(case)) == []


@pytest.mark.parametrize("offer_id", [FREE_TRIAL, ENTERPRISE])
def test_what_ends_at_once_ends_with_a_notice(world: World, offer_id: str) -> None:
    case = world.submitted(world.subscription(offer_id))
    decision = Decision.objects.get(case=case)
    assert decision.is_automated
    assert decision.notice["is_automated"]
    assert decision.notice["policy"]["id"] == decision.policy_id == case.policy_id == "azure-2017-11-15"
    assert decision.notice["clause"]["number"]
    assert decision.notice["reasons"]
    assert case.due_at is None


def test_not_yet_is_rejected_with_what_is_missing_and_when_to_ask_again(
    world: World,
) -> None:
    of_today = world.in_force("example-first-invoice")
    today = timezone.now().date()
    opened = (today - timedelta(days=10)).isoformat()
    world.knows(world.contoso, account_opened_on=opened, paid_invoices="1")
    subscription = world.subscription(created_at=timezone.now())
    case = world.submitted(subscription)
    notice = Decision.objects.get(case=case).notice
    assert (case.state, case.outcome) == (State.REJECTED, "not_yet")
    assert notice["policy"]["id"] == of_today
    assert notice["unmet"] == ["The account has to be at least 30 days old; it is 10 days old."]
    assert notice["ask_again_from"] == (today + timedelta(days=20)).isoformat()


def test_it_is_judged_by_the_facts_that_were_imported_last(world: World, tmp_path: Path) -> None:
    world.in_force("example-first-invoice")

    def bill(paid_invoices: int) -> None:
        line = f"C-1,2016-05-09,{paid_invoices}"
        header = "customer_number,account_opened_on,paid_invoices"
        assert not run(csv_file(tmp_path, line, header=header), command="import_facts").error

    bill(0)
    early = world.submitted(world.subscription(created_at=timezone.now()))
    bill(1)
    later = world.submitted(world.subscription(created_at=timezone.now()))
    assert (early.outcome, later.outcome) == ("not_yet", "may_request")
    stated = {fact["label"]: (fact["value"], fact["source"]) for fact in early.facts}
    assert stated["Paid invoices"] == ("0", "inventory.csv"), "what it was judged by stays with it"


def test_an_open_question_goes_to_review_and_stays_with_the_case(world: World) -> None:
    case = world.submitted(world.subscription(PAY_AS_YOU_GO, created_at=None))
    stored = Case.objects.get(pk=case.pk)
    assert (stored.state, stored.outcome) == (State.IN_REVIEW, "cannot_tell")
    assert stored.eligibility["missing"] == ["created"]
    assert stored.eligibility["question"]


def test_a_partner_that_asks_need_not_be_asked(world: World) -> None:
    case = world.submitted_by_partner()
    assert (case.state, case.submitted_side) == (State.IN_REVIEW, Side.PARTNER)
    attestation = Attestation.objects.get(case=case)
    assert (attestation.partner, attestation.author) == (world.northwind, world.user("petra"))
    assert case.due_at is not None


def test_a_partner_that_is_not_known_cannot_be_asked(world: World) -> None:
    """The CSP offer, and nobody to pass it to: a person looks."""
    subscription = world.subscription(CSP)
    Subscription.objects.filter(pk=subscription.pk).update(partner=None)
    assert world.submitted(subscription).state == State.IN_REVIEW


def test_an_exempt_subscription_needs_nothing(world: World) -> None:
    approved = world.case_in(State.APPROVED)
    case = ask_to_lift(approved.subscription_id, DETAILS, by=world.actor("conrad"))
    assert case.state == State.NOT_NEEDED
    assert approved.reference in Decision.objects.get(case=case).notice["what"]


def test_a_suspended_exemption_is_not_gone_round(world: World) -> None:
    suspended = world.case_in(State.SUSPENDED)
    with pytest.raises(Conflict, match="suspended") as refused:
        ask_to_lift(suspended.subscription_id, DETAILS, by=world.actor("olive"))
    assert refused.value.reference == suspended.reference
    assert Case.objects.count() == 1


@pytest.mark.parametrize("state", [State.DENIED, State.REVOKED, State.DECLINED, State.WITHDRAWN])
def test_after_an_end_one_may_ask_again(world: World, state: State) -> None:
    ended = world.case_in(state)
    again = ask_to_lift(ended.subscription_id, DETAILS, by=world.actor("olive"))
    assert again.pk != ended.pk


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.WITH_PARTNER, State.AWAITING_ANSWER])
def test_one_open_case_for_a_subscription(world: World, state: State) -> None:
    is_open = world.case_in(state)
    with pytest.raises(Conflict, match="open case") as refused:
        ask_to_lift(is_open.subscription_id, DETAILS, by=world.actor("olive"))
    assert refused.value.reference == is_open.reference
    assert Case.objects.count() == 1


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED, State.SUSPENDED])
def test_what_came_with_a_subscription_is_in_the_way_and_named_to_nobody(world: World, state: State) -> None:
    """Not even by a notice: the former customer's case is theirs."""
    case = world.case_in(state)
    Subscription.objects.filter(pk=case.subscription_id).update(customer=world.fabrikam)
    with pytest.raises(Conflict, match="before this subscription was yours") as refused:
        ask_to_lift(case.subscription_id, DETAILS, by=world.actor("mallory"))
    assert case.reference not in f"{refused.value.message}{refused.value.reference}"
    assert Case.objects.count() == 1


def test_another_subscription_is_another_matter(world: World) -> None:
    world.case_in(State.IN_REVIEW)
    assert world.submitted().state == State.IN_REVIEW


def test_a_disabled_subscription_may_ask_and_a_deleted_one_may_not(world: World) -> None:
    subscription = world.subscription()
    for state in SubscriptionState.DELETED, SubscriptionState.DISABLED:
        Subscription.objects.filter(pk=subscription.pk).update(state=state)
        if state == SubscriptionState.DELETED:
            with pytest.raises(Conflict, match="deleted"):
                world.submitted(subscription)
        else:
            assert world.submitted(subscription).state == State.IN_REVIEW


# --- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mallory", "quentin", "petra", "nora", "opal"])
def test_what_is_not_theirs_is_not_there(world: World, name: str) -> None:
    subscription = world.subscription()
    with pytest.raises(NotThere) as theirs:
        ask_to_lift(subscription.pk, DETAILS, by=world.actor(name))
    Subscription.objects.filter(pk=subscription.pk).delete()
    with pytest.raises(NotThere) as nobodys:
        ask_to_lift(subscription.pk, DETAILS, by=world.actor(name))
    assert theirs.value.message == nobodys.value.message


def test_somebody_who_was_shut_out_sees_nothing_and_does_nothing(world: World) -> None:
    subscription = world.subscription()
    olive = world.user("olive")
    olive.is_active = False
    olive.save()
    with pytest.raises(NotThere):
        ask_to_lift(subscription.pk, DETAILS, by=Actor.of(olive))


@pytest.mark.parametrize("name", ["rhea", "rita", "audrey", "tied"])
def test_who_may_look_may_not_ask(world: World, name: str) -> None:
    with pytest.raises(NotPermitted):
        ask_to_lift(world.subscription().pk, DETAILS, by=world.actor(name))
    assert not Case.objects.exists()


def test_the_system_asks_for_nobody(world: World) -> None:
    with pytest.raises(NotPermitted):
        ask_to_lift(world.subscription().pk, DETAILS, by=SYSTEM)


def test_who_belongs_to_both_is_recorded_on_the_side_they_asked_for(world: World) -> None:
    """A partner that is its own customer: whose word it is, is what they say, not what is looked up first."""
    CustomerMember.objects.create(user=world.user("petra"), customer=world.contoso, role=Role.OWNER)
    case = world.submitted_by_partner()
    assert case.events.get(seq=1).side == Side.PARTNER
    assert list(faults_of(Case.objects.get(pk=case.pk))) == []


# --- what is typed ----------------------------------------------------------------------------------


def test_what_a_reviewer_needs_is_asked_for_where_one_will_read_it(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        ask_to_lift(world.subscription().pk, RequestDetails(), by=world.actor("olive"))
    assert set(refused.value.errors) >= {"why_direct", "sending_domains", "abuse_contact", "terms"}
    assert not Case.objects.exists()
    assert not CaseEvent.objects.exists()
    assert not Message.objects.exists()


def test_a_rejection_on_record_asks_for_nothing(world: World) -> None:
    said = RequestDetails(data_claim="We are on pay-as-you-go since March.")
    case = ask_to_lift(world.subscription(FREE_TRIAL).pk, said, by=world.actor("olive"))
    assert (case.state, case.flag) == (State.REJECTED, Flag.DATA_DISPUTED)


def test_a_rejection_on_record_is_the_answer_until_the_data_is_said_to_be_wrong(world: World) -> None:
    subscription, olive = world.subscription(FREE_TRIAL), world.actor("olive")

    def ask(claim: str = "") -> Case:
        return ask_to_lift(subscription.pk, RequestDetails(data_claim=claim), by=olive)

    first = ask()
    sent = Message.objects.count()
    Subscription.objects.filter(pk=subscription.pk).update(as_of=timezone.now(), source="next-list.json")
    assert ask() == first
    assert (Case.objects.count(), Message.objects.count()) == (1, sent)
    disputed = ask("We pay since March.")
    assert (disputed == first, disputed.flag) == (False, Flag.DATA_DISPUTED)
    Subscription.objects.filter(pk=subscription.pk).update(quota_id="FreeTrial_2014-09-01")
    assert ask() not in (first, disputed), "other facts"
    Subscription.objects.filter(pk=subscription.pk).update(customer=world.fabrikam)
    other = ask_to_lift(subscription.pk, RequestDetails(), by=world.actor("mallory"))
    assert other.customer == world.fabrikam


@pytest.mark.parametrize(
    "fault",
    [
        {"why_direct": "Because \0 of this, we cannot use a relay at all, not ever."},
        {"why_direct": "Because \ud800 of this, we cannot use a relay at all, not ever."},
        {"daily_volume": 2**31},
        {"sending_domains": ["x" * 300]},
        {"sending_addresses": ["fe80::1%eth0"]},
        {"abuse_contact": "a" * 300 + "@shop.example"},
        {"mail_kind": "x" * 17},
        {"data_claim": "\0"},
    ],
    ids=lambda fault: next(iter(fault)),
)
@pytest.mark.parametrize("offer_id", [PAY_AS_YOU_GO, FREE_TRIAL])
def test_what_the_database_would_refuse_is_named(
    world: World, offer_id: str, fault: dict[str, object]
) -> None:
    details = replace(DETAILS, **fault)  # type: ignore[arg-type]  # by the field's name
    with pytest.raises(Invalid) as refused:
        ask_to_lift(world.subscription(offer_id).pk, details, by=world.actor("olive"))
    assert list(refused.value.errors) == list(fault)
    assert not Case.objects.exists()


def test_what_is_typed_is_kept_put_right(world: World) -> None:
    typed = replace(
        DETAILS,
        sending_domains=["Shop.Example", "shop.example."],
        sending_addresses=["::FFFF:203.0.113.7", "2001:DB8::1", "::203.0.113.9"],
    )
    case = Case.objects.get(pk=ask_to_lift(world.subscription().pk, typed, by=world.actor("olive")).pk)
    assert case.sending_domains == ["shop.example"]
    assert list(faults_of(case)) == []


def test_a_partner_attests_to_every_point(world: World) -> None:
    half = replace(ATTESTATION, checked=ATTESTATION.checked[:2])
    with pytest.raises(Invalid) as refused:
        submit_for_customer(world.subscription(CSP).pk, DETAILS, half, by=world.actor("petra"))
    assert list(refused.value.errors) == ["checked"]
    assert not Case.objects.exists()


# --- what it costs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offer_id", "side"),
    [
        (PAY_AS_YOU_GO, Side.CUSTOMER),
        (FREE_TRIAL, Side.CUSTOMER),
        (ENTERPRISE, Side.CUSTOMER),
        (CSP, Side.CUSTOMER),
        (CSP, Side.PARTNER),
        (UNHEARD_OF, Side.CUSTOMER),
    ],
)
def test_round_trips(world: World, offer_id: str, side: Side) -> None:
    """Locks, savepoints and all, and with a key: ten at most, whatever the outcome."""
    world.submitted(world.subscription(offer_id))  # the policy is parsed once in a process
    subscription = world.subscription(offer_id)
    by = world.actor("petra" if side == Side.PARTNER else "olive")
    attestation = ATTESTATION if side == Side.PARTNER else None
    with CaptureQueriesContext(
        connection,
    ) as queries:
        submit(Submission(subscription.pk, side, DETAILS, attestation, "k-1"), by=by)
    assert len(queries) <= MOST_ROUND_TRIPS, [query["sql"][:90] for query in queries]
