"""The checks that look into the desk's own cases: links, velocity, history."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from cases.actions import customer as customer_actions
from cases.actions import reviewer
from cases.actions.checks import end_round, start_checks
from cases.actors import SYSTEM
from cases.antifraud.examined import Examined
from cases.antifraud.signals import Signal
from cases.models import Case, State
from tests.cases.antifraud.examining import seen
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


def test_velocity_of_a_customer_and_its_contact(world: World, ask: Ask) -> None:
    for _ in range(2):
        ask("olive", abuse_contact="us@contoso.example")
    third = ask("olive", abuse_contact="us@contoso.example")
    assert flagged("velocity", third) == set()
    fourth = ask("olive", abuse_contact="us@contoso.example")
    assert flagged("velocity", fourth) == {"velocity_customer", "velocity_contact"}
    assert (
        "4 requests by this customer within 7 days"
        in signals("velocity", fourth)["velocity_customer"].sentence
    )
    assert flagged("velocity", ask("mallory")) == set()


def test_velocity_forgets_what_is_older_than_its_window(ask: Ask) -> None:
    cases = [ask("olive") for _ in range(4)]
    old = timezone.now() - timedelta(days=8)
    Case.objects.filter(pk=cases[0].pk).update(submitted_at=old)
    assert flagged("velocity", cases[3]) == set()


def test_velocity_of_payment_network_and_partner(world: World, ask: Ask) -> None:
    world.knows(world.contoso, payment_fingerprint="fp_1", signup_network="192.0.2.0/24")
    world.knows(world.fabrikam, payment_fingerprint="fp_1", signup_network="192.0.2.0/24")
    case = [ask(by) for by in ("olive", "mallory", "olive", "mallory")][-1]
    assert flagged("velocity", case) == {"velocity_payment"}
    assert signals("velocity", case)["velocity_network"].evidence["requests"] == 4
    partners = world.submitted(world.subscription(CSP))
    assert signals("velocity", partners)["velocity_partner"].evidence["requests"] == 1
