"""The desk's pages of policy versions: who reads, who has buttons, what they do, and what a draft would change."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.actions import policies
from cases.models import DraftState, PolicyDraft, State
from subscriptions.models import PolicyVersion
from subscriptions.policy.versions import active_policy, add_version
from tests.cases.policies import NEVER_AGAIN, NOTICE, document, drafted
from tests.cases.views.reading import MOST_QUERIES, queries_of, sign_in
from tests.front.page import Page
from tests.world import PEOPLE, World

LIST = "/review/policies/"
READERS = {"rita", "remy", "sena", "tied", "audrey"}
SENIORS = {"sena", "tied"}


def page_of(draft: PolicyDraft) -> str:
    return f"{LIST}drafts/{draft.pk}/"


def see(client: Client, path: str, status: int = 200) -> Page:
    response = client.get(path)
    assert response.status_code == status, path
    return Page(response)


@pytest.mark.parametrize("name", PEOPLE)
def test_who_reads_and_who_has_buttons(world: World, client: Client, name: str) -> None:
    draft = drafted(world)
    sign_in(client, world, name)
    paths = (LIST, page_of(draft))
    assert {client.get(path).status_code for path in paths} == ({200} if name in READERS else {403})
    content = client.get(page_of(draft)).content.decode()
    assert ('value="publish"' in content) is (name == "tied")
    assert ('value="discard"' in content) is (name in SENIORS)
    assert ("Replay it" in content) is (name in SENIORS)
    assert ('name="document"' in client.get(LIST).content.decode()) is (name in SENIORS)
    refused = 302 if name in SENIORS else 403
    assert client.post(f"{page_of(draft)}replay/").status_code == refused
    assert client.post(LIST, {"document": document("mine")}).status_code == refused
    posted = client.post(page_of(draft), {"verb": "publish", "without_replay": "on"}).status_code
    assert posted == (302 if name == "tied" else 403)
    assert PolicyVersion.objects.filter(pk="stricter").exists() is (name == "tied")


def test_who_is_not_signed_in_is_asked_to(world: World, client: Client) -> None:
    assert [client.get(path).status_code for path in (LIST, page_of(drafted(world)))] == [302, 302]


def test_a_file_is_drafted_and_faults_stand_beside_what_was_typed(world: World, client: Client) -> None:
    sign_in(client, world, "sena")
    file = SimpleUploadedFile("new.yaml", document("of-file").encode())
    assert client.post(LIST, {"file": file, "document": ""}).status_code == 302
    assert PolicyDraft.objects.get().version_id == "of-file"
    wrong = document("typed").replace("outcome: may_request", "outcome: perhaps")
    for sent, status, words in (
        ({"document": wrong}, 422, "draft:41: rules[2].outcome: is perhaps"),
        (
            {"document": document("nul", swap=("title: ", r'title: "\0" #'))},
            422,
            "title: holds the character U+0000",
        ),
        (
            {"document": document("half", swap=("title: ", r'title: "\uD800" #'))},
            422,
            "title: holds the character U+D800",
        ),
        ({"document": ""}, 422, "Paste a policy document"),
        ({"file": SimpleUploadedFile("x", b"\xff\xfe")}, 422, "Byte 0 of the file is not UTF-8"),
        ({"document": document("of-file"), "why": "Because."}, 409, "a draft of of-file already"),
        ({"document": document("more"), "why": "x" * 9999}, 422, "at most 5000"),
    ):
        response = client.post(LIST, sent)
        assert response.status_code == status
        assert words in Page(response).text
    assert "outcome: perhaps" in client.post(LIST, {"document": wrong}).content.decode()


def test_a_draft_begins_with_the_document_of_a_version(world: World, client: Client) -> None:
    page = see(sign_in(client, world, "sena"), LIST)
    taken = client.get(page.links["Download azure-2017-11-15"])
    assert taken.headers["Content-Disposition"] == 'attachment; filename="azure-2017-11-15.yaml"'
    assert taken.content.decode() == NOTICE
    begun = client.get(page.links["Draft from this azure-2017-11-15"].partition("#")[0])
    assert begun.context["document"] == NOTICE
    assert "Give it an id of its own" in Page(begun).text
    assert client.get(f"{LIST}?from=nothing").status_code == 404
    assert client.get(f"{LIST}nothing/document/").status_code == 404


def test_a_suspended_exemption_is_called_so(world: World, client: Client) -> None:
    world.case_in(State.SUSPENDED)
    draft = drafted(world, text=document(swap=NEVER_AGAIN))
    policies.replay_draft(draft.pk)
    text = see(sign_in(client, world, "sena"), page_of(draft)).text
    assert "Suspended UB-" in text


def test_the_draft_shows_its_difference_and_whose_outcome_changes(world: World, client: Client) -> None:
    exempt = world.case_in(State.APPROVED)
    draft = drafted(world, text=document(swap=NEVER_AGAIN))
    sign_in(client, world, "tied")
    client.post(f"{page_of(draft)}replay/")
    assert "It is held against every subscription" in see(client, page_of(draft)).text
    assert client.post(f"{page_of(draft)}replay/").status_code == 409
    policies.replay_draft(draft.pk)
    part = client.get(f"{page_of(draft)}replay/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert client.get(f"{page_of(draft)}replay/").status_code == 302
    page = see(client, page_of(draft))
    for words in (
        "the outcome changes for 1 of 1 subscription",
        f"Contoso {exempt.subscription_id} Pay-As-You-Go MS-AZR-0003P Blocked, may ask → Blocked, never",
        "outcome: may_request",
    ):
        assert words in page.text, words
    assert f"/review/{exempt.reference}/" in page.links.values()
    assert "Sena drafted it. It takes a second person" in page.text


def test_a_published_draft_still_shows_what_it_changed(world: World, client: Client) -> None:
    first = drafted(world, text=document(starts_in=timedelta(minutes=-5), swap=NEVER_AGAIN))
    policies.publish_draft(first.pk, by=world.actor("tied"), without_replay=True)
    policies.publish_draft(
        drafted(world, "after-it", text=document("after-it", starts_in=timedelta(minutes=-1))).pk,
        by=world.actor("tied"),
        without_replay=True,
    )
    page = see(sign_in(client, world, "sena"), page_of(first))
    assert "Beside azure-2017-11-15 , which it took over from" in page.text
    assert "Comes: + outcome: never" in page.text


def test_gone_back_to_in_one_step(world: World, client: Client) -> None:
    draft = drafted(world, text=document(starts_in=timedelta(minutes=-5)))
    policies.publish_draft(draft.pk, by=world.actor("tied"), without_replay=True)
    sign_in(client, world, "sena")
    page = see(client, LIST)
    assert "Sena, then Tied" in page.text
    path = f"{LIST}azure-2017-11-15/roll-back/"
    assert client.post(path).status_code == 302
    assert client.post(path).status_code == 409
    back = PolicyDraft.objects.get(state=DraftState.DRAFT)
    sign_in(client, world, "tied")
    assert "nobody knows whose outcome it changes" in see(client, page_of(back)).text
    sent = {"verb": "publish", "why": "Too strict."}
    refused = client.post(page_of(back), sent)
    assert refused.status_code == 422
    assert "#without_replay" in Page(refused).links.values()
    assert client.post(page_of(back), sent | {"without_replay": "on"}).status_code == 302
    assert active_policy().id == back.version_id
    text = see(client, page_of(back)).text
    assert "Too strict." in text
    assert "Tied published it without a replay beside the version in force then." in text


def test_published_with_an_outdated_replay_the_page_says_so_for_ever(world: World, client: Client) -> None:
    draft = drafted(world)
    policies.replay_draft(draft.pk)
    add_version(document("between", starts_in=timedelta(minutes=-5)), "between")
    sign_in(client, world, "tied")
    assert client.post(page_of(draft), {"verb": "publish", "without_replay": "on"}).status_code == 302
    replayed = drafted(world, text=document("replayed", starts_in=timedelta(hours=2)))
    policies.replay_draft(replayed.pk)
    assert client.post(page_of(replayed), {"verb": "publish"}).status_code == 302
    add_version(document("since", starts_in=timedelta(seconds=-1)), "since")
    for page, ending in ((draft, " without a replay beside the version in force then."), (replayed, ".")):
        assert f"Sena drafted it, Tied published it{ending}" in see(client, page_of(page)).text


def test_what_cannot_be_done_is_said_and_what_was_typed_stays(world: World, client: Client) -> None:
    draft = drafted(world, text=document(starts_in=timedelta(days=-3)))
    sign_in(client, world, "tied")
    for posted, status, words in (
        ({"verb": "publish", "why": "It is time."}, 409, "more than a day ago"),
        ({"verb": "explode", "why": "It is time."}, 422, "by one of the buttons"),
        ({"verb": "discard", "why": "It is time." * 999}, 422, "at most"),
    ):
        response = client.post(page_of(draft), posted)
        assert response.status_code == status
        assert words in Page(response).text
        assert "It is time." in response.content.decode()
    assert client.get(f"{LIST}drafts/999999999999999999999/").status_code == 404
    assert client.post(f"{LIST}drafts/12345/", {"verb": "publish"}).status_code == 404
    assert client.post(f"{LIST}nothing/roll-back/").status_code == 404


def test_the_pages_take_as_many_queries_for_one_as_for_many(world: World, client: Client) -> None:
    draft = drafted(world)
    sign_in(client, world, "tied")
    few = [queries_of(client, path) for path in (LIST, page_of(draft))]
    for number in range(3):
        drafted(world, f"more-{number}")
    assert [queries_of(client, path) for path in (LIST, page_of(draft))] == few
    assert max(few) <= MOST_QUERIES
