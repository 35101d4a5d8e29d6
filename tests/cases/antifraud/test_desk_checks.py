"""The checks that look into the desk's own cases: links, velocity, history."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cases.actions import customer as customer_actions
from cases.actions import reviewer
from cases.actions.check_runs import make_check
from cases.actions.checks import end_round, start_checks
from cases.actors import SYSTEM
from cases.antifraud.examined import Examined
from cases.antifraud.registry import registry
from cases.antifraud.signals import Signal
from cases.models import Band, Case, State
from subscriptions.policy.document import AntiFraud
from tests.cases.antifraud.examining import seen
from tests.lookups.readiness.test_readiness import READY
from tests.outside.dns import OutsideDNS
from tests.world import APPROVAL, CSP, DENIAL, DETAILS, REVOCATION, World

TEMPLATE = (
    "We send invoices and delivery notes of our shop ourselves, since our auditors ask for one path of mail."
)
OWN_WORDS = (
    "Our hospital's laboratory sends findings to doctors, and the law forbids us to hand them to a relay."
)
Ask = Callable[..., Case]


@pytest.fixture
def ask(world: World) -> Ask:
    """A request in review with its traits kept; nothing of it is shared unless it is given."""
    number = iter(range(1, 100))

    def asked(by: str, **changes: Any) -> Case:
        each = next(number)
        own: dict[str, Any] = {
            "sending_domains": (f"d{each}.example",),
            "sending_addresses": (f"203.0.113.{each}",),
            "abuse_contact": f"abuse@d{each}.example",
        }
        details = replace(DETAILS, **own | changes)
        customer = world.contoso if by == "olive" else world.fabrikam
        subscription = world.subscription(customer=customer)
        case = customer_actions.ask_to_lift(subscription.pk, details, by=world.actor(by))
        start_checks(case.reference, by=SYSTEM)
        end_round(case.reference, by=SYSTEM)
        return Case.objects.get(pk=case.pk)

    return asked


def signals(slug: str, case: Case) -> dict[str, Signal]:
    """By part, as of the case's submission."""
    return {signal.part: signal for signal in seen(slug, Examined.of(case, timezone.now()))}


def flagged(slug: str, case: Case) -> set[str]:
    return {part for part, signal in signals(slug, case).items() if signal.finding == "flagged"}


def end(world: World, case: Case, state: State) -> None:
    rita, sena = world.actor("rita"), world.actor("sena")
    if state == State.DENIED:
        reviewer.deny(case.reference, DENIAL, by=rita)
        return
    reviewer.approve(case.reference, APPROVAL, by=rita)
    if state == State.SUSPENDED:
        reviewer.suspend(case.reference, REVOCATION, by=rita)
    if state == State.REVOKED:
        reviewer.revoke(case.reference, REVOCATION, by=sena)


BAD = [State.DENIED, State.SUSPENDED, State.REVOKED]
SHARED = [
    ("link_domain", {"sending_domains": ("shared.example",)}),
    ("link_address", {"sending_addresses": ("198.51.100.9",)}),
    ("link_contact", {"abuse_contact": "Abuse@Shared.example"}),
]


@pytest.mark.parametrize(("part", "shared"), SHARED)
@pytest.mark.parametrize("state", BAD)
def test_what_is_shared_with_a_bad_end_is_flagged(
    world: World, ask: Ask, part: str, shared: dict[str, object], state: State
) -> None:
    bad = ask("mallory", why_direct=OWN_WORDS, **shared)
    end(world, bad, state)
    found = signals("links", ask("olive", **shared))
    assert found[part].finding == "flagged"
    assert bad.reference in found[part].sentence
    assert found[part].evidence == {"cases": [bad.reference]}


@pytest.mark.parametrize(
    ("part", "fact", "value"),
    [
        ("link_payment", "payment_fingerprint", "fp_1"),
        ("link_phone", "phone", "+44 20 7946 0018"),
        ("link_network", "signup_network", "192.0.2.0/24"),
        ("link_contact", "contact", "boss@ring.example"),
    ],
)
def test_facts_tie_as_well(world: World, ask: Ask, part: str, fact: str, value: str) -> None:
    for customer in (world.contoso, world.fabrikam):
        world.knows(customer, **{fact: value})
    end(world, ask("mallory", why_direct=OWN_WORDS), State.DENIED)
    case = ask("olive")
    found = seen("links", Examined.of(case, timezone.now()))
    (flag,) = [signal for signal in found if signal.finding == "flagged"]
    assert flag.part == part


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (("shop.example",), ("mail.shop.example",)),
        (("mail.shop.example",), ("shop.example",)),
        (("news.shop.example",), ("mail.shop.example",)),
        (("mail.shop.example", "shop.example"), ("mail.shop.example", "shop.example")),
    ],
)
def test_a_registered_domain_ties_whatever_stands_before_it_and_once(
    world: World, ask: Ask, theirs: tuple[str, ...], ours: tuple[str, ...]
) -> None:
    bad = ask("mallory", why_direct=OWN_WORDS, sending_domains=theirs)
    end(world, bad, State.DENIED)
    found = seen("links", Examined.of(ask("olive", sending_domains=ours), timezone.now()))
    (domain,) = [signal for signal in found if signal.part == "link_domain"]
    assert (domain.finding, domain.evidence) == ("flagged", {"cases": [bad.reference]})
    assert domain.subject is not None
    assert domain.subject.value == "shop.example"


def test_two_names_below_a_public_suffix_are_not_tied(world: World, ask: Ask) -> None:
    end(world, ask("mallory", why_direct=OWN_WORDS, sending_domains=("one.co.uk",)), State.DENIED)
    assert flagged("links", ask("olive", sending_domains=("two.co.uk",))) == set()


def test_an_honest_pair_is_not_flagged(world: World, ask: Ask) -> None:
    """Two customers with one template, and even one domain of their agency, whose requests went well."""
    agency = {"sending_domains": ("agency.example",)}
    first = ask("mallory", why_direct=TEMPLATE)
    end(world, first, State.APPROVED)
    assert flagged("links", ask("olive", why_direct=TEMPLATE)) == set()
    end(world, ask("mallory", why_direct=OWN_WORDS, **agency), State.APPROVED)
    assert flagged("links", ask("olive", why_direct=DETAILS.why_direct, **agency)) == set()


def test_the_words_of_a_bad_end_are_known_again_without_a_link(world: World, ask: Ask) -> None:
    end(world, ask("mallory", why_direct=TEMPLATE), State.DENIED)
    assert flagged("links", ask("olive", why_direct=TEMPLATE.replace("notes", "slips"))) == {"same_words"}
    assert flagged("links", ask("olive", why_direct=OWN_WORDS)) == set()


def test_the_words_of_a_linked_customer_count_whatever_came_of_it(ask: Ask) -> None:
    ask("mallory", why_direct=TEMPLATE, abuse_contact="same@ring.example")
    case = ask("olive", why_direct=TEMPLATE, abuse_contact="same@ring.example")
    assert flagged("links", case) == {"same_words"}


def test_a_ring_is_found(world: World, ask: Ask) -> None:
    """Two accounts with one card and one domain; the first was revoked, and the second takes its words."""
    for customer in (world.contoso, world.fabrikam):
        world.knows(customer, payment_fingerprint="fp_ring")
    end(world, ask("mallory", why_direct=TEMPLATE, sending_domains=("ring.example",)), State.REVOKED)
    case = ask("olive", why_direct=TEMPLATE, sending_domains=("ring.example",))
    assert flagged("links", case) == {"link_payment", "link_domain", "same_words"}


def test_what_a_customer_shares_with_itself_ties_nothing(world: World, ask: Ask) -> None:
    end(world, ask("olive", abuse_contact="us@contoso.example"), State.DENIED)
    assert flagged("links", ask("olive", abuse_contact="us@contoso.example")) == set()


def test_history_of_subscription_and_customer(world: World, ask: Ask) -> None:
    first = ask("olive")
    assert flagged("history", first) == set()
    end(world, first, State.DENIED)
    again = customer_actions.ask_to_lift(first.subscription_id, DETAILS, by=world.actor("olive"))
    assert flagged("history", again) == {"history_subscription"}
    other = ask("olive")
    assert flagged("history", other) == {"history_customer"}
    assert first.reference in signals("history", other)["history_customer"].sentence
    assert flagged("history", ask("mallory")) == set()


def test_history_of_a_partner_needs_enough_cases_and_a_bad_share(world: World) -> None:
    case = world.submitted_by_partner()

    def finding_after(denied: int = 0, approved: int = 0) -> str:
        for state in [State.DENIED] * denied + [State.APPROVED] * approved:
            end(world, world.checked(world.submitted_by_partner()), state)
        return signals("history", case)["history_partner"].finding

    assert finding_after(denied=3, approved=4) == "clear", "seven say nothing yet"
    assert finding_after(approved=1) == "flagged"
    assert finding_after(approved=4) == "clear", "three of twelve are not above a quarter"


def test_many_requests_of_one_customer_count_once(world: World, ask: Ask) -> None:
    """The contact, card and network are the customer's own, and so is the contact for abuse."""
    one = {"contact": "boss@contoso.example", "payment_fingerprint": "fp_1", "signup_network": "192.0.2.0/24"}
    world.knows(world.contoso, **one)
    cases = [ask("olive", abuse_contact="us@contoso.example") for _ in range(4)]
    assert flagged("velocity", cases[3]) == {"velocity_customer"}
    told = signals("velocity", cases[3])["velocity_customer"].sentence
    assert "4 requests by this customer within 7 days; up to 3 are usual" in told
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
    assert signals("velocity", partners)["velocity_partner"].evidence["requests"] == 1


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
