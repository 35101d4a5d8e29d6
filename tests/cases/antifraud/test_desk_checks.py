"""How often somebody asks; and every check together, of one who asks often and honestly."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from cases.actions.check_runs import make_check
from cases.actions.checks import start_checks
from cases.actors import SYSTEM
from cases.antifraud.examined import Examined
from cases.antifraud.registry import registry
from cases.antifraud.signals import Subject
from cases.models import Band, Case, SignalRow, State, TraitKind
from subscriptions.policy.document import AntiFraud
from tests.cases.antifraud.desk import Ask, flagged, signals
from tests.cases.antifraud.examining import seen
from tests.lookups.readiness.test_readiness import READY
from tests.outside.dns import OutsideDNS
from tests.world import CSP, World


def test_many_requests_of_one_customer_count_once(world: World, ask: Ask) -> None:
    """The contact, card and network are the customer's own, and so is the contact for abuse."""
    one = {"contact": "boss@contoso.example", "payment_fingerprint": "fp_1", "signup_network": "192.0.2.0/24"}
    world.knows(world.contoso, **one)
    cases = [ask("olive", abuse_contact="us@contoso.example") for _ in range(4)]
    assert flagged("velocity", cases[3]) == {"velocity_customer"}
    found = signals("velocity", cases[3])["velocity_customer"]
    assert "4 requests by this customer within 7 days; up to 3 are usual" in found.sentence
    assert found.evidence["cases"] == [case.reference for case in reversed(cases)]
    assert found.subject == Subject(TraitKind.CUSTOMER, str(world.contoso.pk))
    assert flagged("velocity", ask("mallory")) == set()


def test_three_requests_of_a_customer_are_usual(ask: Ask) -> None:
    cases = [ask("olive") for _ in range(3)]
    assert flagged("velocity", cases[2]) == set()


def test_what_was_answered_at_once_counts_nowhere(world: World, ask: Ask) -> None:
    for state in (State.REJECTED, State.REJECTED, State.NOT_NEEDED):
        world.case_in(state)
    case = ask("olive")
    assert signals("velocity", case)["velocity_customer"].evidence["requests"] == 1


def test_velocity_forgets_what_is_older_than_its_window(ask: Ask) -> None:
    cases = [ask("olive") for _ in range(4)]
    old = timezone.now() - timedelta(days=8)
    Case.objects.filter(pk=cases[0].pk).update(submitted_at=old)
    assert flagged("velocity", cases[3]) == set()


def test_a_spread_over_several_customers_is_flagged_by_what_they_share(world: World, ask: Ask) -> None:
    """One card, one network and one mailbox; three requests of others are more than usual of a card."""
    for customer in (world.contoso, world.fabrikam):
        world.knows(customer, payment_fingerprint="fp_1", signup_network="192.0.2.0/24")
    for number in range(3):
        ask("mallory", abuse_contact="us@ring.example")
        case = ask("olive", abuse_contact="us@ring.example")
        is_much = number == 2
        expected = {"velocity_payment", "velocity_contact"} if is_much else set()
        assert flagged("velocity", case) == expected
    found = signals("velocity", case)
    assert found["velocity_network"].evidence["requests"] == 3
    assert "3 requests of other customers with the payment fingerprint fp_1" in (
        found["velocity_payment"].sentence
    )


def test_of_several_contacts_the_one_that_most_share_is_told_once(world: World, ask: Ask) -> None:
    for customer in (world.contoso, world.fabrikam):
        world.knows(customer, contact="office@ring.example")
    for _ in range(2):
        ask("mallory", abuse_contact="abuse@ring.example")
    ask("mallory")
    found = seen("velocity", Examined.of(ask("olive", abuse_contact="abuse@ring.example"), timezone.now()))
    (contact,) = [signal for signal in found if signal.part == "velocity_contact"]
    assert contact.subject is not None
    assert (contact.subject.value, contact.evidence["requests"]) == ("office@ring.example", 3)


def test_velocity_of_a_partner(world: World) -> None:
    partners = world.submitted(world.subscription(CSP))
    found = signals("velocity", partners)["velocity_partner"]
    assert (found.evidence["requests"], found.evidence["cases"]) == (1, [partners.reference])
    assert found.subject == Subject(TraitKind.PARTNER, str(world.northwind.pk))


@pytest.mark.usefixtures("rdap")
def test_an_old_and_paying_account_that_moves_five_subscriptions_is_no_high_risk(
    world: World, dns_server: OutsideDNS
) -> None:
    """Every check as a round makes them: one behaviour is one flag."""
    dns_server.zone |= READY
    world.knows(
        world.contoso,
        account_opened_on="2016-03-01",
        paid_total_usd="48000",
        unpaid_invoices="0",
        disputed_invoices="0",
        spending_limit_on="no",
        identity_verified="yes",
        contact="office@shop.example",
        phone="+44 20 7946 0018",
        payment_fingerprint="fp_1",
        signup_network="192.0.2.0/24",
    )
    cases = [world.submitted() for _ in range(5)]
    check_round = start_checks(cases[4].reference, by=SYSTEM)
    assert check_round is not None
    for run in check_round.runs.all():
        make_check(run.pk)
    check_round.refresh_from_db()
    flags = {part["part"] for part in check_round.parts if part["finding"] == "flagged"}
    assert flags & {*registry()["velocity"].weights} == {"velocity_customer"}
    known = sum(part["weight"] for part in check_round.parts if part["finding"] == "flagged")
    assert known < AntiFraud().high_from
    assert check_round.band != Band.HIGH
    found = SignalRow.objects.filter(run__round=check_round)
    assert set(found.values_list("part", flat=True)) >= {
        "mx",
        "volume",
        "identity",
        "same_words",
        "link_phone",
    }
    bare = found.filter(Q(evidence={}) | (Q(subject="") & ~Q(run__check_slug="words")))
    assert not bare.values_list("part"), "each says what it rests on, and points at something"
