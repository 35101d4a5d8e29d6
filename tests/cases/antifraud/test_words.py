"""Justifications that say nearly the same: of linked customers, of bad ends, of templates and of waves."""

from random import Random

import pytest

from cases.antifraud.checks.words import MOST_COMPARED, runs_of
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
OTHER_WORDS = (
    "Each branch prints its own vouchers at night, and a queue at somebody else's relay has held them until noon. "
    "Twice this spring pensioners stood before closed counters with nothing to show. The ministry then wrote to us that "
    "delivery is ours to answer for, hour by hour, and that it wants logs of our own machines, not a vendor's summary."
)
OWN_AND_OTHER = f"{OWN_WORDS} {OTHER_WORDS}"
HEAP = " ".join(
    sorted({*LONG.split(), *OWN_WORDS.split(), *OTHER_WORDS.split()}, key=lambda word: word[::-1])
)
"""Every word of theirs, and none of their sentences."""
HIDDEN = {
    "no-break spaces": LONG.replace(" ", "\u00a0"),
    "zero-width spaces": "\u200b".join(LONG),
    "soft hyphens": "\u00ad".join(LONG),
    "Cyrillic letters": LONG.translate(str.maketrans("aeopcyxisjh", "аеорсухіѕјһ")),  # noqa: RUF001 - the trick itself
    "Greek letters": LONG.translate(str.maketrans("aeiouvpxT", "αειουνρχΤ")),
    "full-width letters": "".join(chr(ord(each) + 0xFEE0) if each.isalpha() else each for each in LONG),
    "marks": "\u0301".join(LONG),
    "spaces within words": "\u200a".join(LONG),
    "letters that are not drawn": "\u3164".join(LONG),
    "capitals and digits": LONG.upper().replace("O", "0"),
    "other sentences around it": f"{OWN_WORDS} {LONG} {OTHER_WORDS}",
}


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


def test_a_copy_is_known_again_however_it_is_hidden(world: World, ask: Ask) -> None:
    end(world, ask("mallory", why_direct=LONG), State.DENIED)
    case = ask("olive", why_direct=OWN_WORDS)
    for how, case.why_direct in HIDDEN.items():
        assert (how, flagged("words", case)) == (how, {"same_words"})


def test_a_heap_of_words_speaks_against_nobody(world: World, strangers: list[Customer], ask: Ask) -> None:
    """Neither where it was denied, nor where a linked customer or a crowd asks in it."""
    denied, *_ = asked_by(strangers, ask, HEAP)
    end(world, denied, State.DENIED)
    ask("mallory", why_direct=HEAP, abuse_contact="same@ring.example")
    case = ask("olive", why_direct=OWN_WORDS, abuse_contact="same@ring.example")
    for case.why_direct in (LONG, OWN_WORDS, OTHER_WORDS):
        assert flagged("words", case) == set()


@pytest.mark.parametrize(
    ("approved", "asked"),
    [
        pytest.param(HEAP, LONG, id="a heap"),
        pytest.param(HEAP, f"{HEAP} {LONG}", id="a heap and what was denied"),
        pytest.param(OWN_AND_OTHER, f"{OWN_AND_OTHER} {LONG}", id="other words and what was denied"),
        pytest.param(HIDDEN["other sentences around it"], LONG, id="a text of which this is a part"),
    ],
)
def test_a_template_is_the_whole_text_and_excuses_only_what_it_says_itself(
    world: World, strangers: list[Customer], ask: Ask, approved: str, asked: str
) -> None:
    for case in asked_by(strangers[:2], ask, approved):
        end(world, case, State.APPROVED)
    end(world, ask("mallory", strangers[2], why_direct=LONG), State.DENIED)
    assert flagged("words", ask("olive", why_direct=asked)) == {"same_words"}


@pytest.mark.parametrize(
    "letters", ["abcdefghij", [chr(each) for each in range(0xFC00, 0xFC5E)]], ids=["tokens", "ligatures"]
)
def test_what_is_compared_of_a_text_has_an_end(letters: list[str]) -> None:
    """Of more words of one letter than a request may hold, and of as many letters that stand for several each."""
    apart = Random(1).choices(letters, k=2 * MOST_COMPARED)
    for text in (" ".join(apart), "".join(apart[:MOST_COMPARED])):
        assert 0 < len(runs_of(text)) <= MOST_COMPARED
