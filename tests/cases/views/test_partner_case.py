"""A case as its partner follows it: vouching, declining with a preview, answering, writing, withdrawing."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cases.actions import customer, partner, reviewer
from cases.actions.conversation import send_message, write_note
from cases.details import Checked
from cases.models import Attestation, Case, CaseMessage, Decision, State
from tests.cases.views.reading import MOST_QUERIES, body_of, queries_of, sign_in
from tests.front.page import Page
from tests.world import ATTESTATION, DENIAL, World

WORD = {"checked": Checked.values, "attestation": "Known since 2019."}
REASON = "Our relay carries this: ask us for an account."
CHANGE = "A mail that it refuses: show us one."
DECLINE = {"decline-text": REASON, "decline-would_change": CHANGE}


def address(case: Case, end: str = "") -> str:
    return f"/partner/{case.reference}/{end}"


def read(client: Client, case: Case) -> Page:
    response = client.get(address(case))
    assert response.status_code == 200
    return Page(response)


def forms(page: Page) -> set[str]:
    """The last part of each address that the page posts to."""
    actions = [each.get("action", "") for each in page.attributes("form") if each.get("method") == "post"]
    return {action.rstrip("/").rsplit("/", 1)[-1] for action in actions} - {"logout"}


def state_of(case: Case) -> str:
    return str(Case.objects.get(pk=case.pk).state)


def asked(world: World) -> Case:
    case = world.submitted_by_partner()
    return reviewer.ask(case.reference, by=world.actor("rita"), text="Who reads the abuse mailbox?")


def test_what_waits_shows_what_the_customer_wrote_and_what_can_be_done(client: Client, world: World) -> None:
    case = world.case_in(State.WITH_PARTNER)
    page = read(sign_in(client, world, "petra"), case)
    assert "Your customer waits for you Vouch or decline by" in page.text
    assert case.why_direct in page.text
    assert "203.0.113.7" in page.text
    assert page.text.index(case.why_direct) < page.text.index("Vouch and pass it on")
    assert forms(page) == {"vouch", "decline", "message"}


def in_review(world: World) -> Case:
    return world.submitted_by_partner()


def denied(world: World) -> Case:
    return reviewer.deny(in_review(world).reference, DENIAL, by=world.actor("rita"))


def withdrawn(world: World) -> Case:
    return customer.withdraw(in_review(world).reference, by=world.actor("petra"))


@pytest.mark.parametrize(
    ("bring", "said", "steps"),
    [
        (in_review, "With our review team", {"message", "withdraw"}),
        (asked, "Your answer is needed Answer by", {"answer", "message", "withdraw"}),
        (denied, "Your volume fits a relay.", {"message"}),
        (withdrawn, "The request was withdrawn", {"message"}),
    ],
)
def test_a_request_of_the_partners_own_is_followed_and_answered(
    client: Client, world: World, bring: Callable[[World], Case], said: str, steps: set[str]
) -> None:
    page = read(sign_in(client, world, "petra"), bring(world))
    assert said in page.text
    assert forms(page) == steps
    assert "What you vouched for" in page.text


def test_a_request_that_was_vouched_for_stays_the_customers(client: Client, world: World) -> None:
    case = partner.vouch(world.case_in(State.WITH_PARTNER).reference, ATTESTATION, by=world.actor("petra"))
    reviewer.ask(case.reference, by=world.actor("rita"), text="To whom?")
    page = read(sign_in(client, world, "petra"), case)
    assert "Waiting for an answer from Contoso" in page.text
    assert forms(page) == {"message"}
    assert client.post(address(case, "answer/"), {"answer-text": "To us."}).status_code == 403
    assert client.post(address(case, "withdraw/")).status_code == 403


def test_vouching_passes_it_on_and_says_so(client: Client, world: World) -> None:
    case = world.case_in(State.WITH_PARTNER)
    response = sign_in(client, world, "petra").post(address(case, "vouch/"), WORD)
    assert response.headers["Location"] == address(case)
    page = read(client, case)
    assert "You vouched for Contoso." in page.text
    assert "With our review team Decision by" in page.text
    assert "Known since 2019." in page.text
    assert f"vouch-{case.reference}" in [each.get("data-draft-sent") for _, each in page.tags]


@pytest.mark.parametrize("checked", [[], Checked.values[1:], [*Checked.values, "hearsay"]])
def test_half_a_word_is_none_and_what_was_typed_stays(
    client: Client, world: World, checked: list[str]
) -> None:
    case = world.case_in(State.WITH_PARTNER)
    response = sign_in(client, world, "petra").post(address(case, "vouch/"), WORD | {"checked": checked})
    page = Page(response)
    assert response.status_code == 422
    assert "One thing to fix first" in page.text
    assert "Known since 2019." in page.text
    assert state_of(case) == State.WITH_PARTNER
    assert not Attestation.objects.exists()


def test_declining_is_seen_as_the_customer_will_read_it_before_it_is_sent(
    client: Client, world: World
) -> None:
    case = world.case_in(State.WITH_PARTNER)
    response = sign_in(client, world, "petra").post(address(case, "decline/"), DECLINE)
    page = Page(response)
    assert response.status_code == 200
    assert "What Contoso will read" in page.text
    assert "Preview of the notice" in page.text
    assert REASON in page.text
    assert state_of(case) == State.WITH_PARTNER
    assert not Decision.objects.exists()


def test_the_words_can_be_changed_before_they_are_sent(client: Client, world: World) -> None:
    case = world.case_in(State.WITH_PARTNER)
    change = DECLINE | {"step": "change"}
    response = sign_in(client, world, "petra").post(address(case, "decline/"), change)
    assert response.status_code == 200
    assert REASON in Page(response).text
    assert re.search(r"<details[^>]* open>\s*<summary>Decline instead", response.content.decode())


def test_declined_the_customer_reads_the_reason(client: Client, world: World) -> None:
    case = world.case_in(State.WITH_PARTNER)
    send = DECLINE | {"step": "send"}
    response = sign_in(client, world, "petra").post(address(case, "decline/"), send)
    assert response.headers["Location"] == address(case)
    assert "You declined, and Contoso was told why." in read(client, case).text
    customers = Page(sign_in(client, world, "olive").get(f"/requests/{case.reference}/"))
    said = f"Why, in the words of Northwind Cloud {REASON} What would change it: {CHANGE}"
    assert said in customers.text
    assert "they can open a case on your behalf" not in customers.text
    assert "Petra" not in str(Decision.objects.get().notice)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        *[(field, text) for field in DECLINE for text in ("", "   ", "x" * 5001, "NUL \0")],
        ("decline-text", "No, not by us."),
    ],
)
@pytest.mark.parametrize("step", ["check", "send", "change"])
def test_no_decline_without_words(client: Client, world: World, step: str, field: str, text: str) -> None:
    case = world.case_in(State.WITH_PARTNER)
    post = DECLINE | {field: text, "step": step}
    response = sign_in(client, world, "petra").post(address(case, "decline/"), post)
    assert response.status_code == 422
    assert "to fix first" in Page(response).text
    assert state_of(case) == State.WITH_PARTNER


POSTS: dict[str, dict[str, Any]] = {
    "vouch/": WORD,
    "decline/": DECLINE | {"step": "send"},
    "answer/": {"answer-text": "We do."},
    "message/": {"message-text": "Hello."},
    "withdraw/": {},
}


def case_for(world: World, step: str) -> Case:
    """A case in which Petra could take the step."""
    if step in ("vouch/", "decline/"):
        return world.case_in(State.WITH_PARTNER)
    return asked(world) if step == "answer/" else world.submitted_by_partner()


@pytest.mark.parametrize("step", POSTS)
@pytest.mark.parametrize(("who", "status"), [("prue", 403), ("quentin", 404), ("olive", 403), ("rita", 403)])
def test_who_may_not_take_a_step_changes_nothing(
    client: Client, world: World, step: str, who: str, status: int
) -> None:
    case = case_for(world, step)
    events = case.events.count()
    assert sign_in(client, world, who).post(address(case, step), POSTS[step]).status_code == status
    assert sign_in(client, world, who).post(address(case, step), {}).status_code == status
    assert case.events.count() == events


@pytest.mark.parametrize("step", ["vouch/", "decline/", "answer/", "withdraw/"])
def test_a_step_taken_twice_has_one_effect_and_leads_to_the_case(
    client: Client, world: World, step: str
) -> None:
    case = case_for(world, step)
    sign_in(client, world, "petra")
    assert client.post(address(case, step), POSTS[step]).status_code == 302
    events = case.events.count()
    second = client.post(address(case, step), POSTS[step])
    assert second.status_code == 409
    assert address(case) in Page(second).links.values()
    assert case.events.count() == events


@pytest.mark.parametrize("step", POSTS)
def test_the_address_of_a_step_opened_otherwise_leads_to_the_case(
    client: Client, world: World, step: str
) -> None:
    case = case_for(world, step)
    response = sign_in(client, world, "petra").get(address(case, step))
    assert response.headers["Location"] == address(case)


def test_a_question_is_answered(client: Client, world: World) -> None:
    case = asked(world)
    page = read(sign_in(client, world, "petra"), case)
    assert "Review team asks Who reads the abuse mailbox?" in page.text
    client.post(address(case, "answer/"), {"answer-text": "Two people, every day."})
    page = read(client, case)
    assert "Your answer is sent." in page.text
    assert "Two people, every day." in page.text
    assert state_of(case) == State.IN_REVIEW


@pytest.mark.parametrize("kind", ["answer", "message"])
def test_an_empty_text_is_named(client: Client, world: World, kind: str) -> None:
    response = sign_in(client, world, "petra").post(address(asked(world), f"{kind}/"), {f"{kind}-text": " "})
    assert response.status_code == 422
    assert "Write something first." in Page(response).text


def test_messages_are_read_by_all_and_escaped(client: Client, world: World) -> None:
    case = world.case_in(State.WITH_PARTNER)
    text = "<script>alert(1)</script> & more"
    sign_in(client, world, "petra").post(address(case, "message/"), {"message-text": text})
    assert CaseMessage.objects.get().text == text
    assert text in read(client, case).text
    assert "<script>alert" not in client.get(address(case)).content.decode()


def test_withdrawing_what_the_partner_sent(client: Client, world: World) -> None:
    case = world.submitted_by_partner()
    sign_in(client, world, "petra").post(address(case, "withdraw/"))
    assert "The request was withdrawn" in read(client, case).text


@pytest.mark.parametrize("state", [State.WITH_PARTNER, State.AWAITING_ANSWER])
def test_a_reader_sees_and_has_no_buttons(client: Client, world: World, state: State) -> None:
    case = world.case_in(state) if state == State.WITH_PARTNER else asked(world)
    page = read(sign_in(client, world, "prue"), case)
    assert case.why_direct in page.text
    assert forms(page) == set()


def test_what_is_the_desks_own_is_not_there(client: Client, world: World) -> None:
    case, rita = world.submitted_by_partner(), world.actor("rita")
    write_note(case.reference, by=rita, text="Smells odd.")
    send_message(case.reference, by=rita, text="We look at it today.")
    reviewer.deny(case.reference, DENIAL, by=rita)
    text = client_text(sign_in(client, world, "petra"), case)
    assert "We look at it today." in text
    for word in ("Smells", "Rita", "Private note", DENIAL.private_note):
        assert word not in text


def client_text(client: Client, case: Case) -> str:
    return client.get(address(case)).content.decode()


@pytest.mark.parametrize("end", ["", "sent/"])
def test_not_yours_and_not_there_answer_alike(client: Client, world: World, end: str) -> None:
    case, own = world.case_in(State.WITH_PARTNER), world.submitted()
    sign_in(client, world, "quentin")
    theirs = client.get(address(case, end))
    nobodys = client.get(f"/partner/UB-0000-0000/{end}")
    assert theirs.status_code == nobodys.status_code == 404
    assert body_of(theirs) == body_of(nobodys)
    assert sign_in(client, world, "petra").get(address(own, end)).status_code == 404


def test_a_reference_as_it_was_heard_leads_to_the_case(client: Client, world: World) -> None:
    case = world.case_in(State.WITH_PARTNER)
    response = sign_in(client, world, "petra").get(f"/partner/{case.reference.lower()}/")
    assert response.headers["Location"] == address(case)


def test_the_number_of_queries_does_not_grow(client: Client, world: World) -> None:
    case, petra = world.case_in(State.WITH_PARTNER), world.actor("petra")

    def more(number: int) -> None:
        for _ in range(number):
            send_message(case.reference, by=petra, text="Once more.")

    sign_in(client, world, "petra")
    more(2)
    few = queries_of(client, address(case))
    more(2)
    assert queries_of(client, address(case)) == few <= MOST_QUERIES
