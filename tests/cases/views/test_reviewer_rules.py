"""The desk's pages of rules: who reads, who has buttons, what they do, and what a rule did or would have done."""

import pytest
from django.test import Client

from cases.actions import reviewer, rules
from cases.models import AutoRule, ReasonCode, RuleChange, RuleMode
from cases.tasks import hold_against_history
from tests.cases.rules import rule_in
from tests.cases.views.checking import ended, quiet
from tests.cases.views.reading import MOST_QUERIES, queries_of, sign_in
from tests.front.page import Page
from tests.world import DENIAL, PEOPLE, World

LIST, ONE = "/review/rules/", "/review/rules/quick/"
READERS = {"rita", "remy", "sena", "tied", "audrey"}


def see(client: Client, path: str, status: int = 200) -> Page:
    response = client.get(path)
    assert response.status_code == status, path
    return Page(response)


@pytest.mark.parametrize("name", PEOPLE)
def test_who_reads_and_who_has_buttons(world: World, client: Client, name: str) -> None:
    rule_in(world, RuleMode.PROPOSED)
    sign_in(client, world, name)
    statuses = {client.get(path).status_code for path in (LIST, ONE)}
    assert statuses == ({200} if name in READERS else {403})
    content = client.get(ONE).content.decode()
    assert ('value="off"' in content) is (name in {"sena", "tied"})
    assert ('value="switch_on"' in content) is (name == "tied")
    posted = client.post(ONE, {"verb": "off"}).status_code
    assert posted == (302 if name in {"sena", "tied"} else 403)
    assert AutoRule.objects.get().mode == (RuleMode.OFF if posted == 302 else RuleMode.PROPOSED)


def test_who_is_not_signed_in_is_asked_to(world: World, client: Client) -> None:
    assert [client.get(path).status_code for path in (LIST, ONE)] == [302, 302]


def test_from_off_to_on_by_two(world: World, client: Client) -> None:
    rule_in(world, RuleMode.OFF)
    sign_in(client, world, "sena")
    client.post(ONE, {"verb": "shadow", "why": "Let us see."})
    client.post(ONE, {"verb": "propose"})
    page = see(client, ONE)
    assert "Sena proposed to switch it on. It takes a second person" in page.text
    assert "You proposed this rule. Another senior reviewer switches it on." in page.text
    assert client.post(ONE, {"verb": "switch_on"}).status_code == 403
    sign_in(client, world, "tied")
    assert client.post(ONE, {"verb": "switch_on"}).status_code == 302
    page = see(client, ONE)
    assert "Sena proposed it, Tied switched it on." in page.text
    assert "Let us see." in page.text


def test_the_rule_stands_in_words_with_what_it_did(world: World, client: Client) -> None:
    rule_in(world, RuleMode.ON)
    case = ended(world.submitted(), quiet)
    left = world.checked(world.submitted())
    page = see(sign_in(client, world, "audrey"), ONE)
    for words in (
        "It approves a case",
        "The band is low.",
        "Direct sending is needed",
        "Tried 2 times: it fitted 1 and decided 1.",
        "the band is incomplete",
        "bands: [low]",
        "Senior reviewers switch rules.",
    ):
        assert words in page.text, words
    assert {f"/review/{case.reference}/", f"/review/{left.reference}/"} <= set(page.links.values())
    assert "The rule quick" in see(client, LIST).text


def test_replayed_it_lists_what_would_have_come_out_otherwise(world: World, client: Client) -> None:
    rule_in(world, RuleMode.OFF)
    denied = ended(world.submitted(world.subscription(name="Web shop")), quiet)
    reviewer.deny(denied.reference, DENIAL, by=world.actor("rita"))
    sign_in(client, world, "rita")
    assert denied.reference not in see(client, ONE).text
    assert client.post(f"{ONE}replay/").status_code == 302
    assert "It is held against every case" in see(client, ONE).text
    assert client.post(f"{ONE}replay/").status_code == 409
    hold_against_history("quick")
    part = client.get(f"{ONE}replay/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "As of" in part
    assert client.get(f"{ONE}replay/").status_code == 302
    page = see(client, ONE)
    assert "Of 1 case whose checks ended, it would have decided 1" in page.text
    assert "Would have approved what was denied, suspended or revoked: 1" in page.text
    assert f"/review/{denied.reference}/" in page.links.values()
    row = page.text[page.text.rindex(denied.reference, 0, page.text.index("At the end of rounds")) :]
    assert row.startswith(
        f"{denied.reference} as round 1 ended Web shop Contoso Blocked, may ask Pay-As-You-Go Denied → Approved"
    )


def test_what_cannot_be_done_is_said_and_what_was_typed_stays(world: World, client: Client) -> None:
    rule_in(world, RuleMode.OFF)
    sign_in(client, world, "sena")
    for posted, status, words in (
        ({"verb": "propose", "why": "It was quiet."}, 409, "This rule is off"),
        ({"verb": "explode", "why": "It was quiet."}, 422, "by one of the buttons"),
        ({"verb": "shadow", "why": "It was quiet." * 9999}, 422, "at most"),
    ):
        response = client.post(ONE, posted)
        assert response.status_code == status
        assert words in Page(response).text
        assert "It was quiet." in response.content.decode()
    assert RuleChange.objects.count() == 1
    assert client.post("/review/rules/nothing/", {"verb": "off"}).status_code == 404
    assert client.put(ONE).status_code in {200, 405}


def test_empty_unreadable_and_with_reasons_that_are_gone(world: World, client: Client) -> None:
    sign_in(client, world, "rita")
    assert "No rule is loaded" in see(client, LIST).text
    rule = rule_in(world, RuleMode.OFF)
    ReasonCode.objects.filter(pk="direct_sending_justified").delete()
    assert "direct_sending_justified is no reason for this decision any more" in see(client, ONE).text
    AutoRule.objects.create(id="old", title="Old", document="when: soon", made_at=rule.made_at)
    assert "Its document cannot be read" in see(client, "/review/rules/old/").text
    assert client.post("/review/rules/old/replay/").status_code == 409


def test_a_replay_that_fails_says_so(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    rule_in(world, RuleMode.OFF)
    sign_in(client, world, "rita")
    client.post(f"{ONE}replay/")
    monkeypatch.setattr("cases.actions.rules.replay_summed", lambda rule, most: 1 / 0)
    hold_against_history("quick")
    assert "The replay failed. Ask for it again" in see(client, ONE).text


def test_what_it_said_is_paged_after_why_it_did_not_fit(world: World, client: Client) -> None:
    rule_in(world, RuleMode.SHADOW)
    first, *_ = [world.checked(world.submitted()) for _ in range(16)]
    page = see(sign_in(client, world, "rita"), ONE)
    assert "16 the band is incomplete" in page.text
    assert f"/review/{first.reference}/" not in page.links.values()
    older = see(client, ONE + page.links["Older"].partition("#")[0])
    assert f"/review/{first.reference}/" in older.links.values()
    assert see(client, f"{ONE}?after=x&before=99999999999999999999").links["Older"]


def test_the_pages_take_as_many_queries_for_one_as_for_many(world: World, client: Client) -> None:
    rule = rule_in(world, RuleMode.SHADOW)
    sign_in(client, world, "sena")
    ended(world.submitted(), quiet)
    few = [queries_of(client, path) for path in (LIST, ONE)]
    for number in range(3):
        rule_in(world, RuleMode.SHADOW, f"more-{number}")
        rules.switch(rule.pk, "off", by=world.actor("sena"))
        rules.switch(rule.pk, "shadow", by=world.actor("tied"))
        ended(world.submitted(), quiet)
    many = [queries_of(client, path) for path in (LIST, ONE)]
    assert many == few
    assert max(few) <= MOST_QUERIES
