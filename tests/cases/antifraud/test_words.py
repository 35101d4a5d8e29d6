"""Justifications that say nearly the same: of linked customers, of bad ends, of templates and of waves."""

import pytest

from cases.models import Case, CaseTrait, State
from subscriptions.models import Customer, CustomerMember, Role
from tests.cases.antifraud.desk import (
    OWN_WORDS,
    TEMPLATE,
    Ask,
    end,
    flagged,
    signals,
    suspend_and_resume,
)
from tests.world import CSP, World

LONG = (
    f"{TEMPLATE} Their rules were written before any relay had an audit of its own, and nobody changes them."
)


@pytest.fixture
def strangers(world: World) -> list[Customer]:
    """Three customers with nothing in common but, for the tests, whoever asks for them."""
    made = [Customer.objects.create(number=f"C-{n}", name=f"Stranger {n}") for n in (11, 12, 13)]
    for customer in made:
        CustomerMember.objects.create(user=world.user("mallory"), customer=customer, role=Role.OWNER)
    return made


def test_the_words_of_a_bad_end_are_known_again_without_a_link(world: World, ask: Ask) -> None:
    end(world, ask("mallory", why_direct=TEMPLATE), State.DENIED)
    assert flagged("words", ask("olive", why_direct=TEMPLATE.replace("notes", "slips"))) == {"same_words"}
    assert flagged("words", ask("olive", why_direct=OWN_WORDS)) == set()


def test_the_words_of_a_linked_customer_count_whatever_came_of_it(ask: Ask) -> None:
    ask("mallory", why_direct=TEMPLATE, abuse_contact="same@ring.example")
    case = ask("olive", why_direct=TEMPLATE, abuse_contact="same@ring.example")
    assert flagged("words", case) == {"same_words"}


def test_the_words_of_a_suspension_that_was_lifted_are_known_again(world: World, ask: Ask) -> None:
    suspend_and_resume(world, ask("mallory", why_direct=TEMPLATE))
    assert flagged("words", ask("olive", why_direct=TEMPLATE)) == {"same_words"}


def asked_by(strangers: list[Customer], ask: Ask, words: str) -> list[Case]:
    return [ask("mallory", customer, why_direct=words) for customer in strangers]


def test_a_wave_of_unlinked_customers_with_the_same_words_is_flagged_and_a_pair_is_not(
    strangers: list[Customer], ask: Ask
) -> None:
    first, second, third = asked_by(strangers, ask, LONG)
    case = ask("olive", why_direct=LONG)
    found = signals("words", case)["shared_words"]
    assert (found.finding, flagged("words", case)) == ("flagged", {"shared_words"})
    assert "3 others ask in them now" in found.sentence
    assert found.evidence["cases"] == [third.reference, second.reference, first.reference]


def test_an_unlinked_pair_is_told_and_not_flagged(strangers: list[Customer], ask: Ask) -> None:
    (other,) = asked_by(strangers[:1], ask, LONG)
    case = ask("olive", why_direct=LONG)
    assert flagged("words", case) == set()
    assert other.reference in signals("words", case)["shared_words"].sentence


def test_short_words_of_a_wave_may_be_alike_by_chance(strangers: list[Customer], ask: Ask) -> None:
    asked_by(strangers, ask, TEMPLATE)
    assert flagged("words", ask("olive", why_direct=TEMPLATE)) == set()


def test_words_with_which_several_were_approved_are_a_template_even_after_a_bad_end(
    world: World, strangers: list[Customer], ask: Ask
) -> None:
    for case in asked_by(strangers[:2], ask, LONG):
        end(world, case, State.APPROVED)
    bad, *_ = asked_by(strangers[2:], ask, LONG)
    end(world, bad, State.DENIED)
    case = ask("olive", why_direct=LONG)
    assert flagged("words", case) == set()
    found = signals("words", case)
    assert "several were approved with them" in found["shared_words"].sentence
    assert "The words are a template" in found["same_words"].sentence


def test_what_a_partner_sends_for_many_customers_is_in_its_words(
    world: World, strangers: list[Customer]
) -> None:
    """All in one text; one was denied, the others wait. Without the partner that would be a wave, and a bad end."""
    first, *others = [
        world.checked(world.submitted_by_partner(world.subscription(CSP, customer=customer)))
        for customer in (*strangers, world.contoso)
    ]
    end(world, first, State.DENIED)
    CaseTrait.objects.all().delete()
    Case.objects.update(why_direct=LONG)
    case = Case.objects.get(pk=others[-1].pk)
    assert flagged("words", case) == set()
    Case.objects.exclude(pk=case.pk).update(partner=world.adatum)
    assert flagged("words", case) == {"same_words", "shared_words"}
