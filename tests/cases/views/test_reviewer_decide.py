"""What reviewers decide and write on a case's page, and what is refused with nothing lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.actions import conversation, customer, reviewer
from cases.actions.system import note_offer_changes
from cases.details import RequestDetails
from cases.models import Case, CaseMessage, Decision, EventKind, Exemption, PrivateNote, State
from subscriptions.models import OfferChange, Subscription
from tests.cases.views.desk import QUEUE, case_path, see, verbs_offered, verdict
from tests.cases.views.reading import sign_in
from tests.front.page import Page
from tests.world import (
    APPROVAL,
    BEFORE,
    FREE_TRIAL,
    REVOCATION,
    UNHEARD_OF,
    World,
)


def test_a_decision_is_taken_told_and_leads_on(world: World, client: Client) -> None:
    case, other = world.submitted(), world.submitted()
    sign_in(client, world, "rita")
    data = verdict(case, text="Use ours.", private_note="Hm.")
    response = client.post(case_path(case, "decide/"), data, follow=True)
    assert response.redirect_chain == [(case_path(case), 302)]
    page = Page(response)
    assert "Denied. Contoso is told why" in page.text
    assert client.get(page.links["Next due n"])["Location"] == case_path(other)
    decision = Decision.objects.get(case=case)
    assert (decision.verb, decision.text, decision.private_note) == ("deny", "Use ours.", "Hm.")


def test_the_preview_is_the_notice_and_decides_nothing(world: World, client: Client) -> None:
    case = world.submitted()
    sign_in(client, world, "rita")
    data = verdict(case, text="Use ours.", private_note="Secret.")
    part = client.post(case_path(case, "preview/"), data, headers={"hx-request": "true"})
    whole = client.post(case_path(case, "preview/"), data)
    assert part.status_code == whole.status_code == 200
    for response in (part, whole):
        text = Page(response).text
        assert "Preview of the notice" in text
        assert "Denied: port 25 stays blocked for" in text
        assert "Use ours." in text
    assert b"Secret." not in part.content
    assert b"<html" not in part.content
    assert not Decision.objects.exists()
    empty = client.post(case_path(case, "preview/"), {**data, "reasons": []}, headers={"hx-request": "true"})
    assert "Choose a reason" in Page(empty).text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"reasons": []}, "Choose at least one reason"),
        ({"reasons": ["direct_sending_justified"]}, "Select a valid choice"),
        ({"text": "x" * 5001}, "at most 5000"),
        ({"private_note": "a\0b"}, "Null characters"),
    ],
)
def test_a_bad_decision_names_its_field_and_loses_nothing(
    world: World, client: Client, data: dict[str, Any], said: str
) -> None:
    case = world.submitted()
    sent = verdict(case, **{"text": "Typed with care.", **data})
    response = sign_in(client, world, "rita").post(case_path(case, "decide/"), sent)
    assert response.status_code == 422
    page = Page(response)
    assert said in page.text
    assert page.has_errors_first
    assert {"#deny_reasons_0", "#deny_text", "#deny_private_note"} & set(page.links.values())
    assert "Typed with care." in page.text or "text" in data
    chosen = [each for each in page.attributes("input") if each.get("value") == "deny" and "checked" in each]
    assert len(chosen) == 1
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW


def test_a_verb_that_is_none_is_refused(world: World, client: Client) -> None:
    case = world.submitted()
    sign_in(client, world, "rita")
    for verb in ("", "ask", "withdraw", "submit", "__class__"):
        assert client.post(case_path(case, "decide/"), verdict(case, verb)).status_code == 422, verb


def test_the_loser_is_told_who_decided_what_and_keeps_their_words(world: World, client: Client) -> None:
    case = world.checked(world.submitted())
    reviewer.approve(case.reference, APPROVAL, by=world.actor("remy"))
    data = verdict(case, text="Use ours.", private_note="Hm.")
    response = sign_in(client, world, "rita").post(case_path(case, "decide/"), data)
    assert response.status_code == 409
    text = Page(response).text
    assert "An authenticated relay does what you need" in text
    for words in ("Approved by Remy", "Direct sending is needed", "Use ours.", "Hm.", "it is approved now"):
        assert words in text, words
    assert Decision.objects.get(case=case).verb == "approve"
    assert Exemption.objects.filter(case=case, ends_at=None).exists()


@pytest.mark.parametrize("how", ["answered", "withdrawn"])
def test_a_decision_on_a_case_that_changed_is_refused_with_what_changed(
    world: World, client: Client, how: str
) -> None:
    case, olive = world.submitted(), world.actor("olive")
    if how == "withdrawn":
        customer.withdraw(case.reference, by=olive)
    else:
        conversation.send_message(case.reference, by=olive, text="We found a relay.")
    data = verdict(case, text="Use ours.")
    sign_in(client, world, "rita")
    response = client.post(case_path(case, "decide/"), data)
    assert response.status_code == 409
    page = Page(response)
    assert "by Olive" in page.text
    assert "Use ours." in page.text
    preview = client.post(case_path(case, "preview/"), data, headers={"hx-request": "true"})
    assert "changed since you looked" in Page(preview).text
    if how == "answered":
        assert "We found a relay." in page.text
        versions = {each["value"] for each in page.attributes("input") if each.get("name") == "version"}
        assert versions == {str(case.version + 1)}
        again = client.post(case_path(case, "decide/"), {**data, "version": versions.pop()})
        assert again.status_code == 302


@pytest.mark.parametrize("version", [None, "", "40000000000", "-1", "٣", "x"])
def test_who_did_not_say_what_they_looked_at_decides_nothing(
    world: World, client: Client, version: str | None
) -> None:
    case, rejected = world.case_in(State.IN_REVIEW), world.case_in(State.REJECTED)
    said = {} if version is None else {"version": version}
    sign_in(client, world, "rita")
    posts = [
        (case, "decide/", verdict(case, "approve", reasons=["direct_sending_justified"], text="Kept words.")),
        (case, "ask/", {"ask-text": "Kept words."}),
        (rejected, "reopen/", {"reopen-text": "Kept words."}),
        (rejected, "clear-flag/", {"clear_flag-text": "Kept words."}),
    ]
    for about, path, data in posts:
        typed = {name: value for name, value in data.items() if name != "version"}
        response = client.post(case_path(about, path), typed | said)
        assert response.status_code == 409, path
        assert "Kept words." in Page(response).text, path
    states = Case.objects.order_by("pk").values_list("state", "version")
    assert list(states) == [(State.IN_REVIEW, case.version), (State.REJECTED, rejected.version)]


def test_what_the_policy_forbids_is_refused_on_the_page(world: World, client: Client) -> None:
    case = world.checked(world.submitted(world.subscription(UNHEARD_OF)))
    rows = Subscription.objects.filter(pk=case.subscription_id)
    sign_in(client, world, "rita")
    rows.update(offer_id=FREE_TRIAL)
    approval = verdict(case, "approve", reasons=["data_clarified"], text="Fine.")
    response = client.post(case_path(case, "decide/"), approval)
    assert response.status_code == 409
    assert "the policy now says never" in Page(response).text
    assert "Fine." in Page(response).text
    rows.update(offer_id="MS-AZR-0003P", created_at=BEFORE)
    response = client.post(case_path(case, "decide/"), verdict(case))
    assert response.status_code == 409
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW


@pytest.mark.parametrize("who", ["tied", "audrey"])
def test_who_has_no_buttons_cannot_post_either(world: World, client: Client, who: str) -> None:
    case, rejected = world.submitted(), world.case_in(State.REJECTED)
    exempt = world.case_in(State.APPROVED)
    sign_in(client, world, who)
    text = {
        "text": "x",
        "ask-text": "x",
        "message-text": "x",
        "note-text": "x",
        "reopen-text": "x",
        "clear_flag-text": "x",
    }
    posts = [
        (case, "decide/", verdict(case)),
        (case, "decide/", verdict(case, "approve", reasons=["direct_sending_justified"])),
        (exempt, "decide/", verdict(exempt, "revoke", reasons=["abuse_reports"])),
        (case, "preview/", verdict(case)),
        (case, "ask/", text),
        (case, "message/", text),
        (case, "note/", text),
        (rejected, "reopen/", text),
        (exempt, "clear-flag/", text),
    ]
    for which, part, data in posts:
        assert client.post(case_path(which, part), data).status_code == 403, part
    assert {each.state for each in Case.objects.all()} == {"in_review", "rejected", "approved"}
    assert not PrivateNote.objects.exists()


def test_a_reviewer_who_is_no_senior_cannot_revoke(world: World, client: Client) -> None:
    case = world.case_in(State.APPROVED)
    data = verdict(case, "revoke", reasons=["abuse_reports"])
    assert sign_in(client, world, "rita").post(case_path(case, "decide/"), data).status_code == 403
    assert "Revoking for good is for senior reviewers" in see(client, case_path(case)).text
    assert sign_in(client, world, "sena").post(case_path(case, "decide/"), data).status_code == 302
    assert Case.objects.get(pk=case.pk).state == State.REVOKED


def test_questions_messages_and_notes_are_written(world: World, client: Client) -> None:
    case = world.submitted()
    sign_in(client, world, "rita")
    for kind, said in (
        ("message", "Your message is sent."),
        ("note", "Only the desk reads it."),
        ("ask", "Asked."),
    ):
        version = Case.objects.get(pk=case.pk).version
        data = {f"{kind}-text": f"A {kind}.", "version": version}
        assert said in Page(client.post(case_path(case, f"{kind}/"), data, follow=True)).text
    assert list(CaseMessage.objects.values_list("text", "kind")) == [
        ("A message.", "message"),
        ("A ask.", "question"),
    ]
    assert PrivateNote.objects.get().text == "A note."
    assert Case.objects.get(pk=case.pk).state == State.AWAITING_ANSWER


def test_a_message_that_is_sent_twice_is_one(world: World, client: Client) -> None:
    case = world.submitted()
    page = see(sign_in(client, world, "rita"), case_path(case))
    (key,) = [
        each["value"] for each in page.attributes("input") if each.get("name") == "message-idempotency_key"
    ]
    for _ in range(2):
        data = {"message-text": "Once.", "message-idempotency_key": key}
        assert client.post(case_path(case, "message/"), data).status_code == 302
    assert CaseMessage.objects.count() == 1


@pytest.mark.parametrize("kind", ["ask", "message", "note"])
def test_nothing_written_is_named(world: World, client: Client, kind: str) -> None:
    case = world.submitted()
    response = sign_in(client, world, "rita").post(case_path(case, f"{kind}/"), {f"{kind}-text": "  "})
    assert response.status_code == 422
    page = Page(response)
    assert "Write something first." in page.text
    assert page.has_errors_first
    assert Case.objects.get(pk=case.pk).version == case.version


def test_a_question_about_what_changed_is_kept(world: World, client: Client) -> None:
    case = world.submitted()
    customer.withdraw(case.reference, by=world.actor("olive"))
    data = {"ask-text": "Who reads it?", "version": case.version}
    response = sign_in(client, world, "rita").post(case_path(case, "ask/"), data)
    assert response.status_code == 409
    assert "Who reads it?" in Page(response).text
    assert "Request withdrawn by Olive" in Page(response).text


def test_a_rejected_case_is_judged_anew(world: World, client: Client) -> None:
    subscription = world.subscription(FREE_TRIAL)
    details = RequestDetails(data_claim="We pay since May.")
    case = customer.ask_to_lift(subscription.pk, details, by=world.actor("olive"))
    sign_in(client, world, "rita")
    shown = see(client, case_path(case))
    assert "The customer says that the data is wrong" in shown.text
    assert "We pay since May." in shown.text
    Subscription.objects.filter(pk=subscription.pk).update(offer_id="MS-AZR-0003P")
    data = {"reopen-text": "Billing says so too.", "version": case.version}
    page = Page(client.post(case_path(case, "reopen/"), data, follow=True))
    assert "Opened again: by today's facts it is now in review." in page.text
    assert "Billing says so too." in page.text
    assert verbs_offered(page) == ["deny", "ask"]  # to approve, the checks have to end first


def test_a_flag_is_cleared_with_a_reason(world: World, client: Client) -> None:
    case = world.case_in(State.APPROVED)
    Subscription.objects.filter(pk=case.subscription_id).update(offer_id=FREE_TRIAL)
    OfferChange.objects.create(
        subscription=case.subscription, before={"offer_id": "MS-AZR-0003P"}, after={"offer_id": FREE_TRIAL}
    )
    note_offer_changes()
    sign_in(client, world, "rita")
    shown = see(client, case_path(case))
    assert "The policy no longer allows the exemption" in shown.text
    assert f"Offer id: MS-AZR-0003P → {FREE_TRIAL}" in shown.text
    version = case.version + 1
    nothing = client.post(case_path(case, "clear-flag/"), {"clear_flag-text": "", "version": version})
    assert nothing.status_code == 422
    stale = client.post(case_path(case, "clear-flag/"), {"clear_flag-text": "Old contract.", "version": 1})
    assert stale.status_code == 409
    assert "Old contract." in Page(stale).text
    data = {"clear_flag-text": "Old contract.", "version": version}
    assert "The flag is cleared" in Page(client.post(case_path(case, "clear-flag/"), data, follow=True)).text
    assert Case.objects.get(pk=case.pk).flag == ""


def test_after_suspension_and_revocation_the_page_tells_it(world: World, client: Client) -> None:
    case = world.case_in(State.APPROVED)
    reviewer.suspend(case.reference, REVOCATION, by=world.actor("rita"))
    text = see(sign_in(client, world, "sena"), case_path(case)).text
    assert "Exemption suspended" in text
    assert "Three reports in a day." in text
    assert EventKind.SUSPENDED in {event.kind for event in case.events.all()}


def test_the_addresses_of_the_room_have_names(world: World) -> None:
    assert reverse("review:queue") == QUEUE
    assert reverse("review:case", args=["UB-7K3M-92QX"]) == f"{QUEUE}UB-7K3M-92QX/"


def test_reasons_that_cannot_be_true_are_not_offered(world: World, client: Client) -> None:
    sign_in(client, world, "rita")
    plain, vouched = (world.checked(case) for case in (world.submitted(), world.submitted_by_partner()))
    assert "Your partner vouched for you" not in see(client, case_path(plain)).text
    assert "Our question was not answered" not in see(client, case_path(plain)).text
    assert "Your partner vouched for you" in see(client, case_path(vouched)).text


def test_what_speaks_against_an_approval_is_answered_in_the_note(world: World, client: Client) -> None:
    case = world.case_in(State.IN_REVIEW)
    sign_in(client, world, "rita")
    assert "Say for the desk why it is approved all the same." in see(client, case_path(case)).text
    approval = verdict(case, "approve", reasons=["direct_sending_justified"], private_note="")
    for path in ("decide/", "preview/"):
        refused = client.post(case_path(case, path), approval)
        assert refused.status_code == 422
        assert "approve_private_note_error" in refused.content.decode()
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW
