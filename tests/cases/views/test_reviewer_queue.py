"""The queue's page, and who may enter the reviewers' room."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cases.actions import conversation, customer, partner
from cases.models import Case, State
from subscriptions.models import Customer
from tests.cases.views.desk import QUEUE, case_path, see, verdict
from tests.cases.views.reading import sign_in
from tests.front.page import Page
from tests.world import (
    ATTESTATION,
    UNHEARD_OF,
    WAYS,
    World,
)

DESK = ("rita", "remy", "sena", "tied", "audrey")


@pytest.mark.parametrize("who", ["olive", "petra", "opal", "nora"])
def test_the_room_is_for_the_desk_alone(world: World, client: Client, who: str) -> None:
    case = world.submitted()
    sign_in(client, world, who)
    for path in (QUEUE, f"{QUEUE}next/", case_path(case)):
        assert client.get(path).status_code == 403, path
    for part in ("decide", "preview", "ask", "message", "note", "reopen", "clear-flag"):
        assert client.post(case_path(case, f"{part}/"), verdict(case, text="x")).status_code == 403, part
    assert Case.objects.get(pk=case.pk).version == case.version


def test_who_is_not_signed_in_comes_back_after(world: World, client: Client) -> None:
    path = case_path(world.submitted())
    assert client.get(path)["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("part", ["decide", "preview", "ask", "message", "note", "reopen", "clear-flag"])
def test_an_address_of_a_step_opened_as_a_page_leads_to_the_case(
    world: World, client: Client, part: str
) -> None:
    case = world.submitted()
    sign_in(client, world, "rita")
    assert client.get(case_path(case, f"{part}/"))["Location"] == case_path(case)


def test_a_case_is_opened_by_its_reference_as_one_writes_it(world: World, client: Client) -> None:
    case = world.submitted()
    sign_in(client, world, "rita")
    for written in (case.reference.lower(), case.reference.replace("-", "")):
        assert client.get(f"{QUEUE}{written}/")["Location"] == case_path(case)
    for none in ("UB-0000-0000", "nothing", "%00", "UB-7K3M-92QX"):
        assert client.get(f"{QUEUE}{none}/").status_code == 404


@pytest.mark.parametrize("who", DESK)
def test_the_queue_shows_everybody_of_the_desk_what_waits(world: World, client: Client, who: str) -> None:
    waiting, ended = world.submitted(world.subscription(name="Mail out")), world.case_in(State.DENIED)
    Case.objects.filter(pk=waiting.pk).update(due_at=timezone.now() + timedelta(hours=5.1))
    page = see(sign_in(client, world, who), QUEUE)
    assert page.links[waiting.reference] == case_path(waiting)
    assert ended.reference not in page.links
    for words in ("Mail out", "Contoso", "Pay-As-You-Go", "May request", "in 5 hours", "In review"):
        assert words in page.text


def test_a_row_says_why_it_is_here_and_what_is_late(world: World, client: Client) -> None:
    unclear = world.submitted(world.subscription(UNHEARD_OF))
    Case.objects.filter(pk=unclear.pk).update(due_at=unclear.submitted_at)
    answered = world.case_in(State.AWAITING_ANSWER)
    customer.answer(answered.reference, by=world.actor("olive"), text="So.")
    vouched = world.case_in(State.WITH_PARTNER)
    partner.vouch(vouched.reference, ATTESTATION, by=world.actor("petra"))
    text = see(sign_in(client, world, "rita"), QUEUE).text
    assert unclear.eligibility["question"] in text
    rows = {row.split()[0]: row for row in re.split(r"(?=UB-)", text)[1:]}
    assert "Cannot tell" in rows[unclear.reference]
    assert "Answered" in rows[answered.reference]
    assert "Vouched" in rows[vouched.reference]
    assert "CSP Via partner Northwind Cloud" in rows[vouched.reference]
    assert "late" in text[: text.index(unclear.reference)]


def test_the_rail_counts_and_leads_to_each_view(world: World, client: Client) -> None:
    for state in WAYS:
        world.case_in(state)
    sign_in(client, world, "rita")
    links = see(client, QUEUE).links
    assert {"In review 1", "Waiting for answer 1", "With partner 1", "Suspended 1", "Exempt 1"} <= set(links)
    for label, count in (("Exempt 1", 1), (f"All cases {len(WAYS)}", len(WAYS))):
        shown = see(client, QUEUE + links[label])
        assert len([text for text in shown.links if text.startswith("UB-")]) == count


def test_an_empty_queue_says_so(world: World, client: Client) -> None:
    sign_in(client, world, "rita")
    assert "Nothing waits for review" in see(client, QUEUE).text
    assert "No case fits" in see(client, f"{QUEUE}?state=denied").text


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("state=gone", "State:"),
        ("state=&family=nonsense", "Family:"),
        ("partner=x", "Partner:"),
        ("partner=99999999999999999999", "Partner:"),
        ("outcome=1", "Outcome:"),
        ("only=all", "Only:"),
        ("after=zzz", "no place in the queue"),
        ("before=7", "no place in the queue"),
        ("q=" + "x" * 201, "Search:"),
        ("q=a%00b", "Search:"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_is_kept(
    world: World, client: Client, query: str, named: str
) -> None:
    case = world.submitted()
    response = sign_in(client, world, "rita").get(f"{QUEUE}?{query}")
    assert response.status_code == 400
    page = Page(response)
    assert named in page.text[page.text.index("to fix first") :]
    assert case.reference in page.links


def test_a_reference_that_is_searched_for_opens_the_case(world: World, client: Client) -> None:
    case = world.case_in(State.DENIED)
    sign_in(client, world, "rita")
    heard = case.reference.lower().replace("-", " ")
    assert client.get(QUEUE, {"state": "", "q": heard})["Location"] == case_path(case)
    shown = see(client, f"{QUEUE}?state=&q=Contoso")
    assert case.reference in shown.links


def test_names_are_shown_as_they_are_and_run_nothing(world: World, client: Client) -> None:
    evil = "<script>alert(1)</script>"
    Customer.objects.filter(pk=world.contoso.pk).update(name=evil)
    case = world.submitted(world.subscription(name=evil))
    conversation.send_message(case.reference, by=world.actor("olive"), text=evil)
    sign_in(client, world, "rita")
    for path in (QUEUE, f"{QUEUE}?state=&q=%3Cscript%3E", case_path(case)):
        assert evil.encode() not in client.get(path).content, path


def test_next_leads_on_and_says_when_nothing_is_left(world: World, client: Client) -> None:
    first, second = world.submitted(), world.submitted()
    sign_in(client, world, "rita")
    assert client.get(f"{QUEUE}next/")["Location"] == case_path(first)
    assert client.get(f"{QUEUE}next/?after={first.reference}")["Location"] == case_path(second)
    sign_in(client, world, "tied")
    response = client.get(f"{QUEUE}next/?after=nonsense", follow=True)
    assert "Nothing else waits" in Page(response).text
