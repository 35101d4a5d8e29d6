"""What ties a request to customers who ended badly, or were complained about."""

import pytest
from django.utils import timezone

from cases.antifraud.checks import links
from cases.antifraud.examined import Examined
from cases.models import State
from subscriptions.models import Customer, CustomerMember, Role
from tests.cases.antifraud.desk import (
    OWN_WORDS,
    TEMPLATE,
    Ask,
    complain,
    days_ago,
    end,
    flagged,
    signals,
    suspend_and_resume,
)
from tests.cases.antifraud.examining import seen
from tests.world import FREE_TRIAL, World

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
    assert f"{bad.reference} ({state}" in found[part].sentence
    assert (found[part].evidence["cases"], found[part].evidence["sharing_cases"]) == ([bad.reference],) * 2


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
    assert (domain.finding, domain.evidence["cases"]) == ("flagged", [bad.reference])
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
    pair = ask("olive", why_direct=TEMPLATE)
    assert (flagged("links", pair), flagged("words", pair)) == (set(), set())
    end(world, ask("mallory", why_direct=OWN_WORDS, **agency), State.APPROVED)
    second = ask("olive", **agency)
    assert flagged("links", second) == set()
    assert "1 request of other customers came with it" in signals("links", second)["link_domain"].sentence


def test_a_ring_is_found(world: World, ask: Ask) -> None:
    """Two accounts with one card and one domain; the first was revoked, and the second takes its words."""
    for customer in (world.contoso, world.fabrikam):
        world.knows(customer, payment_fingerprint="fp_ring")
    end(world, ask("mallory", why_direct=TEMPLATE, sending_domains=("ring.example",)), State.REVOKED)
    case = ask("olive", why_direct=TEMPLATE, sending_domains=("ring.example",))
    assert flagged("links", case) == {"link_payment", "link_domain"}
    assert flagged("words", case) == {"same_words"}


def test_what_a_customer_shares_with_itself_ties_nothing(world: World, ask: Ask) -> None:
    end(world, ask("olive", abuse_contact="us@contoso.example"), State.DENIED)
    assert flagged("links", ask("olive", abuse_contact="us@contoso.example")) == set()


CONTACT = {"abuse_contact": "us@ring.example"}


def test_an_end_that_was_lifted_counts_and_is_told_as_lifted(world: World, ask: Ask) -> None:
    bad = ask("mallory", **CONTACT)
    suspend_and_resume(world, bad)
    found = signals("links", ask("olive", **CONTACT))["link_contact"]
    assert found.finding == "flagged"
    assert f"{bad.reference} (suspended after complaints, lifted since)" in found.sentence


def test_whatever_else_a_linked_customer_asked_for_counts_as_well(world: World, ask: Ask) -> None:
    """The case that ended badly shares nothing; another one of the same customer does."""
    bad, sharing = ask("mallory"), ask("mallory", **CONTACT)
    end(world, bad, State.DENIED)
    found = signals("links", ask("olive", **CONTACT))["link_contact"]
    assert found.finding == "flagged"
    assert found.evidence["cases"] == [bad.reference]
    assert found.evidence["sharing_cases"] == [sharing.reference]
    assert "relay_would_do" in found.evidence["decisions"][0]


def test_what_the_policy_rejects_is_no_bad_end(world: World, ask: Ask) -> None:
    ask("mallory", **CONTACT)
    world.submitted(world.subscription(FREE_TRIAL, customer=world.fabrikam), by="mallory")
    assert flagged("links", ask("olive", **CONTACT)) == set()


def test_bad_ends_are_not_hidden_behind_many_newer_cases(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "MOST_TOLD", 2)
    bad = ask("mallory", **CONTACT)
    end(world, bad, State.DENIED)
    other = Customer.objects.create(number="C-9", name="Somebody else")
    CustomerMember.objects.create(user=world.user("mallory"), customer=other, role=Role.OWNER)
    for _ in range(3):
        ask("mallory", other, **CONTACT)
    found = signals("links", ask("olive", **CONTACT))["link_contact"]
    assert (found.finding, found.evidence["cases"]) == ("flagged", [bad.reference])
    assert len(found.evidence["sharing_cases"]) == 2


@pytest.mark.parametrize(
    ("count", "last_on", "finding"),
    [
        ("3", days_ago(0), "flagged"),
        ("3", "", "flagged"),
        ("", days_ago(0), "flagged"),
        ("0", "", "clear"),
        ("3", days_ago(370), "clear"),
    ],
)
def test_a_linked_customer_who_was_complained_about(
    world: World, ask: Ask, count: str, last_on: str, finding: str
) -> None:
    complain(world, world.fabrikam, count, last_on)
    ask("mallory", **CONTACT)
    found = signals("links", ask("olive", **CONTACT))["link_contact"]
    assert found.finding == finding
    assert ("complained about: Fabrikam (C-2): " in found.sentence) == (finding == "flagged")
    assert ("bank export" in str(found.evidence["complaints"])) == (finding == "flagged")
