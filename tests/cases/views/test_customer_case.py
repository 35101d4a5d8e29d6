"""The status page of a case, and what a customer does there."""

import pytest
from django.test import Client

from cases.actions import reviewer
from cases.actions.conversation import MOST_IN_WINDOW, send_message, write_note
from cases.models import Case, CaseMessage, State
from cases.queries import MESSAGES_SHOWN
from tests.cases.views.reading import MOST_QUERIES, body_of, queries_of, sign_in
from tests.front.page import Page
from tests.world import CSP, WAYS, World


def address(case: Case, end: str = "") -> str:
    return f"/requests/{case.reference}/{end}"


def read(client: Client, case: Case) -> Page:
    response = client.get(address(case))
    assert response.status_code == 200
    return Page(response)


def forms(page: Page) -> set[str]:
    """The last part of each address that the page posts to."""
    actions = [each.get("action", "") for each in page.attributes("form") if each.get("method") == "post"]
    return {action.rstrip("/").rsplit("/", 1)[-1] for action in actions} - {"logout"}


@pytest.mark.parametrize(
    ("state", "said", "buttons"),
    [
        (State.IN_REVIEW, "With our review team Decision by", {"message", "withdraw"}),
        (State.WITH_PARTNER, "With Northwind Cloud Their answer by", {"message", "withdraw"}),
        (State.AWAITING_ANSWER, "Your answer is needed Answer by", {"answer", "message", "withdraw"}),
        (State.APPROVED, "Approved: outbound port 25 is open", {"message"}),
        (State.SUSPENDED, "The exemption is suspended", {"message"}),
        (State.DENIED, "Your volume fits a relay.", {"message"}),
        (State.REJECTED, "No request to lift the block can be made", {"message"}),
        (State.NOT_NEEDED, "Nothing needs to be lifted", {"message"}),
        (State.DECLINED, "Use our relay, please.", {"message"}),
        (State.WITHDRAWN, "The request was withdrawn", {"message"}),
        (State.REVOKED, "The exemption was revoked", {"message"}),
    ],
)
def test_each_state_says_whose_turn_it_is_and_offers_what_the_machine_allows(
    client: Client, world: World, state: State, said: str, buttons: set[str]
) -> None:
    page = read(sign_in(client, world), world.case_in(state))
    assert said in page.text
    assert forms(page) == buttons


def test_an_approval_says_what_to_do_next_and_what_was_so_when_it_was_asked_for(
    client: Client, world: World
) -> None:
    case = world.case_in(State.APPROVED)
    page = read(sign_in(client, world), case)
    assert "Test it on a virtual machine of this subscription." in page.text
    assert page.links["Look at the records"] == f"/requests/readiness/?case={case.reference}"
    assert "At the time of asking Blocked, may ask" in page.text


def test_what_was_asked_stands_on_the_page(client: Client, world: World) -> None:
    page = read(sign_in(client, world), world.case_in(State.IN_REVIEW))
    assert "Receivers in our trade refuse mail from shared relays" in page.text
    assert "On a busy day 4,000 messages" in page.text
    assert "Sending domains shop.example" in page.text
    assert "Technical → Virtual Network → Connectivity → Cannot send e-mail (SMTP/Port 25)" in page.text
    assert "Sent by Olive" in page.text


@pytest.mark.parametrize("state", WAYS)
def test_nothing_of_the_desks_own_is_on_the_page(client: Client, world: World, state: State) -> None:
    case = world.case_in(state)
    write_note(case.reference, by=world.actor("rita"), text="Known from elsewhere.")
    send_message(case.reference, by=world.actor("remy"), text="We look at it.")
    sign_in(client, world)
    for page in (client.get(address(case)), client.get(address(case, "sent/"))):
        for secret in (
            "Known from elsewhere",
            "Smells of",
            "Three reports",
            "Rita",
            "Remy",
            "Sena",
            "Private",
        ):
            assert secret not in Page(page).text
    assert "Review team" in read(client, case).text


def test_a_question_is_answered(client: Client, world: World) -> None:
    case = world.case_in(State.AWAITING_ANSWER)
    sign_in(client, world)
    assert "To whom?" in read(client, case).text
    response = client.post(address(case, "answer/"), {"answer-text": "To those who bought."})
    assert response.headers["Location"] == address(case)
    page = read(client, case)
    assert "Your answer is sent." in page.text
    assert "Olive answered" in page.text
    assert "To those who bought." in page.text
    assert "With our review team" in page.text
    assert f"answer-{case.reference}" in [each.get("data-draft-sent") for _, each in page.tags]
    assert forms(page) == {"message", "withdraw"}


def test_an_answer_that_comes_second_is_told_so_and_not_lost(client: Client, world: World) -> None:
    case = world.case_in(State.AWAITING_ANSWER)
    sign_in(client, world)
    client.post(address(case, "answer/"), {"answer-text": "First."})
    response = client.post(address(case, "answer/"), {"answer-text": "Second."})
    assert response.status_code == 409
    assert "go back, and your browser still has it" in Page(response).text
    assert not CaseMessage.objects.filter(text="Second.").exists()


@pytest.mark.parametrize("state", WAYS)
def test_a_message_can_be_written_whatever_the_state(client: Client, world: World, state: State) -> None:
    case = world.case_in(state)
    sign_in(client, world)
    response = client.post(address(case, "message/"), {"message-text": "One more thing.\nIt matters."})
    assert response.headers["Location"] == address(case)
    assert "One more thing. It matters." in read(client, case).text


def test_a_message_sent_twice_is_one(client: Client, world: World) -> None:
    case = world.submitted()
    page = read(sign_in(client, world), case)
    (key,) = [
        each["value"] for each in page.attributes("input") if each.get("name") == "message-idempotency_key"
    ]
    for _ in range(2):
        response = client.post(
            address(case, "message/"), {"message-text": "Once.", "message-idempotency_key": key}
        )
        assert response.headers["Location"] == address(case)
    assert CaseMessage.objects.count() == 1


@pytest.mark.parametrize(("room", "name"), [("requests", "olive"), ("partner", "petra")])
def test_who_wrote_too_much_is_told_when_they_may_again_and_loses_nothing(
    client: Client, world: World, room: str, name: str
) -> None:
    case = world.submitted(world.subscription(CSP))
    for _ in range(MOST_IN_WINDOW):
        send_message(case.reference, by=world.actor(name), text="Again.")
    sign_in(client, world, name)
    response = client.post(f"/{room}/{case.reference}/message/", {"message-text": "The last words."})
    assert response.status_code == 422
    page = Page(response)
    assert "You can write again at" in page.text
    assert "The last words." in page.text
    assert CaseMessage.objects.count() == MOST_IN_WINDOW


@pytest.mark.parametrize(("room", "name"), [("requests", "olive"), ("partner", "petra")])
def test_of_many_messages_the_newest_are_shown_and_the_others_a_page_back(
    client: Client, world: World, room: str, name: str
) -> None:
    case = world.submitted_by_partner()
    reviewer.ask(case.reference, by=world.actor("rita"), text="To whom?")
    for number in range(MESSAGES_SHOWN + 10):
        send_message(case.reference, by=world.actor("rita"), text=f"Word {number:03}.")
    sign_in(client, world, name)
    path = f"/{room}/{case.reference}/"
    newest = Page(client.get(path))
    assert ("Word 009." in newest.text, "Word 010." in newest.text) == (False, True)
    assert f"Word {MESSAGES_SHOWN + 9:03}." in newest.text
    assert "To whom?" in newest.text, "a question stays, however much was written since"
    earlier = Page(client.get(path + newest.links["Earlier messages"]))
    assert ("Word 000." in earlier.text, "Word 010." in earlier.text) == (True, False)
    assert "Earlier messages" not in earlier.links
    assert earlier.links["The newest messages"] == f"{path}#messages"
    for nonsense in ("x", "-1", "9" * 30, "٣"):
        assert Page(client.get(path, {"before": nonsense})).links["Earlier messages"]
    assert queries_of(client, path) <= MOST_QUERIES


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        ("message", "  ", "Write something first."),
        ("message", "x" * 5001, "at most 5000 characters"),
        ("answer", "", "Write something first."),
        ("answer", "a\0b", "Null characters are not allowed."),
    ],
)
def test_a_text_that_cannot_be_used_comes_back(
    client: Client, world: World, kind: str, typed: str, sentence: str
) -> None:
    case = world.case_in(State.AWAITING_ANSWER)
    response = sign_in(client, world).post(address(case, f"{kind}/"), {f"{kind}-text": typed})
    page = Page(response)
    assert response.status_code == 422
    assert sentence in page.text
    assert page.links[f"Your {kind}: {page_error(page)}"] == f"#id_{kind}-text"
    assert typed.strip() in page.text


def page_error(page: Page) -> str:
    (error,) = [text for text in page.links if text.startswith("Your ") and ": " in text]
    return error.split(": ", 1)[1]


def test_a_request_is_withdrawn(client: Client, world: World) -> None:
    case = world.case_in(State.IN_REVIEW)
    response = sign_in(client, world).post(address(case, "withdraw/"))
    assert response.headers["Location"] == address(case)
    page = read(client, case)
    assert "Your request is withdrawn." in page.text
    assert "The request was withdrawn" in page.text
    assert client.post(address(case, "withdraw/")).status_code == 409


@pytest.mark.parametrize("end", ["answer", "message", "withdraw"])
def test_an_address_to_post_to_leads_to_the_case_when_it_is_opened(
    client: Client, world: World, end: str
) -> None:
    case = world.case_in(State.AWAITING_ANSWER)
    response = sign_in(client, world).get(address(case, f"{end}/"))
    assert response.headers["Location"] == address(case)
    assert Case.objects.get().state == State.AWAITING_ANSWER


@pytest.mark.parametrize("end", ["answer", "message", "withdraw"])
def test_a_reader_reads_and_changes_nothing(client: Client, world: World, end: str) -> None:
    case = world.case_in(State.AWAITING_ANSWER)
    sign_in(client, world, "rhea")
    page = read(client, case)
    assert "To whom?" in page.text
    assert forms(page) == set()
    response = client.post(address(case, f"{end}/"), {f"{end}-text": "Me too."})
    assert response.status_code == 403
    assert Case.objects.get().version == case.version


def test_what_the_partner_submitted_the_customer_follows_and_does_not_withdraw(
    client: Client, world: World
) -> None:
    case = world.submitted_by_partner()
    reviewer.ask(case.reference, by=world.actor("rita"), text="How many?")
    sign_in(client, world)
    page = read(client, case)
    assert "Waiting for an answer from Northwind Cloud" in page.text
    assert forms(page) == {"message"}
    assert client.post(address(case, "withdraw/")).status_code == 403


@pytest.mark.parametrize("typed", ["{0}", "ub{1}", " {2} ", "{1}"])
def test_a_reference_is_read_as_people_say_it(client: Client, world: World, typed: str) -> None:
    case = world.case_in(State.IN_REVIEW)
    plain = case.reference.replace("-", "").removeprefix("UB")
    look_alike = plain.replace("0", "O").replace("1", "l").replace("V", "u")
    text = typed.format(case.reference.lower(), plain, look_alike)
    sign_in(client, world)
    assert client.get(f"/requests/{text}/").headers["Location"] == address(case)
    assert client.get(f"/requests/{text}/sent/").headers["Location"] == address(case, "sent/")


@pytest.mark.parametrize("end", ["", "sent/", "answer/", "message/", "withdraw/"])
def test_not_yours_and_not_there_answer_alike(client: Client, world: World, end: str) -> None:
    case = world.case_in(State.AWAITING_ANSWER)
    sign_in(client, world, "mallory")
    ask = client.post if end.strip("/") in ("answer", "message", "withdraw") else client.get
    text = {"answer-text": "x", "message-text": "x"}
    theirs = ask(address(case, end), text)
    nobodys = ask(f"/requests/UB-0000-0000/{end}", text)
    nonsense = ask(f"/requests/{'x' * 200}/{end}", text)
    assert {theirs.status_code, nobodys.status_code, nonsense.status_code} == {404}
    assert body_of(theirs) == body_of(nobodys) == body_of(nonsense)


def test_a_reviewer_who_reads_one_customer_sees_no_other_here(client: Client, world: World) -> None:
    case = world.submitted(world.subscription(customer=world.fabrikam), by="mallory")
    assert sign_in(client, world, "tied").get(address(case)).status_code == 404


def test_sent_says_what_the_partner_does_next(client: Client, world: World) -> None:
    case = world.submitted(world.subscription(CSP))
    page = Page(sign_in(client, world).get(address(case, "sent/")))
    assert "Northwind Cloud looks at your request." in page.text


def test_the_number_of_queries_does_not_grow(client: Client, world: World) -> None:
    case = world.case_in(State.AWAITING_ANSWER)
    sign_in(client, world)
    send_message(case.reference, by=world.actor("rita"), text="Hello.")
    few = queries_of(client, address(case))
    for number in range(6):
        send_message(case.reference, by=world.actor("rita"), text=f"Hello {number}.")
        send_message(case.reference, by=world.actor("olive"), text=f"Yes {number}.")
    assert queries_of(client, address(case)) == few <= MOST_QUERIES
