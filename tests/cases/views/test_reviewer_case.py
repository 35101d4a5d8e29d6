"""The page of a case as the desk sees it: what is known, and who may do what."""

from typing import Any

import pytest
from django.test import Client

from cases import dossier
from cases.actions import conversation
from cases.models import State
from subscriptions.models import Address, Subscription
from tests.cases.views.desk import QUEUE, case_path, see, verbs_offered
from tests.cases.views.reading import MOST_QUERIES, queries_of, sign_in
from tests.world import (
    AFTER,
    ATTESTATION,
    BEFORE,
    CSP,
    FREE_TRIAL,
    UNHEARD_OF,
    WAYS,
    World,
)

MAY = {
    "rita": {
        State.IN_REVIEW: ["approve", "deny", "ask"],
        State.APPROVED: ["suspend"],
        State.SUSPENDED: ["resume"],
        State.REJECTED: ["reopen"],
    },
    "sena": {
        State.IN_REVIEW: ["approve", "deny", "ask"],
        State.APPROVED: ["suspend", "revoke"],
        State.SUSPENDED: ["resume", "revoke"],
        State.REJECTED: ["reopen"],
    },
    "tied": {},
    "audrey": {},
}


@pytest.mark.parametrize("state", WAYS)
def test_each_person_has_the_buttons_that_the_machine_gives_them(
    world: World, client: Client, state: State
) -> None:
    case = world.case_in(state)
    for who, may in MAY.items():
        page = see(sign_in(client, world, who), case_path(case))
        assert verbs_offered(page) == may.get(state, []), who
        boxes = [each.get("name") for each in page.attributes("textarea")]
        assert ("note-text" in boxes) is bool(may), who
    assert "Reviewers decide it" in page.text
    assert "you belong to Contoso" in see(sign_in(client, world, "tied"), case_path(case)).text


def test_the_case_shows_what_was_asked_and_by_whom(world: World, client: Client) -> None:
    subscription = world.subscription(CSP)
    Address.objects.create(subscription=subscription, address="203.0.113.7", held_from=AFTER)
    case = world.submitted_by_partner(subscription)
    page = see(sign_in(client, world, "audrey"), case_path(case))
    ids = {f"#{attributes['id']}" for _, attributes in page.tags if "id" in attributes}
    jumps = {each["href"] for each in page.attributes("a") if each["href"].startswith("#")}
    assert {"#asked", "#happened", "#policy", "#checks", "#decision"} <= jumps <= ids
    text = page.text
    for words in (
        case.why_direct,
        "Transactional: receipts, resets, alerts",
        "4,000 on a busy day",
        "shop.example",
        "203.0.113.7 in the inventory",
        "abuse@shop.example",
        "Petra, for the customer, of Northwind Cloud",
        "Northwind Cloud vouches",
        ATTESTATION.text,
        "A relay on 587 or 443 cannot do what they need",
        "MS-AZR-0145P",
        "From arm-list.json",
        "How this was decided",
        "§5.2",
        "azure-2017-11-15",
        "None, ever.",
        "s first.",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("held_until", "words"), [(BEFORE, "held before, not now"), (None, "not in the inventory")]
)
def test_an_address_of_somebody_else_is_said_to_be(
    world: World, client: Client, held_until: Any, words: str
) -> None:
    case = world.submitted()
    if held_until:
        Address.objects.create(
            subscription=case.subscription,
            address="203.0.113.7",
            held_from=BEFORE.replace(year=2016),
            held_until=held_until,
        )
    assert f"203.0.113.7 {words}" in see(sign_in(client, world, "rita"), case_path(case)).text


def test_other_cases_and_exemptions_are_shown(world: World, client: Client) -> None:
    case = world.case_in(State.REVOKED)
    elsewhere = world.submitted()
    again = world.submitted(case.subscription)
    page = see(sign_in(client, world, "rita"), case_path(again))
    assert {case.reference, elsewhere.reference} <= set(page.links)
    assert "All cases of Contoso" in page.links
    assert "to" in page.text[page.text.index("Exemptions of this subscription") :][:60]
    assert elsewhere.reference in see(client, page.links["All cases of Contoso"]).links


def test_a_change_of_the_facts_is_said_loudly(world: World, client: Client) -> None:
    case = world.submitted(world.subscription(UNHEARD_OF))
    sign_in(client, world, "rita")
    assert "s facts the policy says" not in see(client, case_path(case)).text
    Subscription.objects.filter(pk=case.subscription_id).update(offer_id=FREE_TRIAL)
    text = see(client, case_path(case)).text
    assert "s facts the policy says: Never." in text
    assert "It cannot be approved as it stands." in text
    assert f"now {FREE_TRIAL}" in text
    Subscription.objects.filter(pk=case.subscription_id).update(offer_id="MS-AZR-0003P", created_at=BEFORE)
    assert "Nobody is denied what they have." in see(client, case_path(case)).text


def test_private_words_are_seen_as_private_by_the_desk(world: World, client: Client) -> None:
    case = world.case_in(State.DENIED)
    conversation.write_note(case.reference, by=world.actor("rita"), text="I know them.")
    text = see(sign_in(client, world, "audrey"), case_path(case)).text
    assert "Private note Private to the desk" in text
    assert "I know them." in text
    assert "Smells of a list seller." in text


def test_long_histories_are_shown_by_pages(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dossier, "EVENTS_SHOWN", 4)
    case = world.submitted()
    for number in range(6):
        conversation.send_message(case.reference, by=world.actor("olive"), text=f"Letter {number}.")
    sign_in(client, world, "rita")
    newest = see(client, case_path(case))
    assert "Letter 5." in newest.text
    assert "Letter 1." not in newest.text
    before = see(client, newest.links["What happened before"])
    assert "Letter 1." in before.text
    assert "Request sent" in before.text
    assert "Letter 5." not in before.text


def test_the_number_of_queries_is_small_and_does_not_grow(world: World, client: Client) -> None:
    case = world.submitted_by_partner()
    paths = (case_path(case), QUEUE, f"{QUEUE}?state=&q=web")
    sign_in(client, world, "sena")

    def grow() -> None:
        conversation.send_message(case.reference, by=world.actor("petra"), text="Hello.")
        conversation.write_note(case.reference, by=world.actor("rita"), text="Hm.")
        world.case_in(State.REVOKED)
        world.submitted()

    grow()
    few = [queries_of(client, path) for path in paths]
    for _ in range(4):
        grow()
    assert [queries_of(client, path) for path in paths] == few
    assert few[0] <= MOST_QUERIES
    assert max(few[1:]) <= 8
