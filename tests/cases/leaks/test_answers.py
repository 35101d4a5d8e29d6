"""What stays at the desk, in what answers a question or a post: forms, readiness, the API, a rule's decision.

The canaries and what is looked for are those of ``canaries.py``.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from cases.actions import conversation, partner, reviewer
from cases.models import Case, Decision, RuleMode, RuleTrial, State
from tests.cases.conftest import Mails
from tests.cases.leaks.canaries import (
    NOTE,
    assert_mails_are_clean,
    assert_nothing_leaks,
    checked,
    paths,
    read_everything,
)
from tests.cases.rules import rule_in
from tests.cases.views.reading import body_of, sign_in
from tests.cases.views.test_customer_asking import ANSWERS
from tests.cases.views.test_partner_case import DECLINE, WORD
from tests.lookups.readiness.test_readiness import HERE
from tests.outside.dns import OutsideDNS, outside_dns
from tests.world import ATTESTATION, World

CANARY_LIST = "canary-list.example"
RECORDS = {"domain": "shop.example", "addresses": HERE, "selector": "s1", "helo": "mail.shop.example"}
ELIGIBILITY = [
    {"offer": "MS-AZR-0003P", "created": "2019-01-01", "policy": "weighed"},
    {"family": "csp", "created": "2019-01-01T00:00:00Z"},
    {"created": "yesterday"},
    {"offer": "MS-AZR-0003P", "policy": "nothing"},
]


@pytest.fixture
def outside() -> Iterator[OutsideDNS]:
    """Names that are not there, and a blocklist that knows the address."""
    with (
        outside_dns() as server,
        override_settings(
            DNS_RESOLVERS=[server.address], BLOCKLISTS=[f"{CANARY_LIST}=127.0.0.2:canary-meaning"]
        ),
    ):
        server.zone = {f"7.113.0.203.{CANARY_LIST}": ["A 127.0.0.2"]}
        yield server


def posted(client: Client, path: str, **data: Any) -> int:
    """The status of what answers first; nothing leaks there, nor where it leads."""
    answer = client.post(path, data)
    assert_nothing_leaks(body_of(answer).decode(), path)
    assert_nothing_leaks(json.dumps(dict(answer.headers)), f"the headers of {path}")
    if answer.status_code == 302:
        then = client.get(answer.headers["Location"], follow=True)
        assert_nothing_leaks(body_of(then).decode(), f"after {path}")
    return answer.status_code


def vouched_and_checked(world: World, case: Case) -> Case:  # what the fixture gives
    partner.vouch(case.reference, ATTESTATION, by=world.actor("petra"))
    case = checked(case)
    conversation.write_note(case.reference, by=world.actor("rita"), text=NOTE)
    return case


def test_what_they_post_is_answered_without_any_of_it(
    world: World,
    case: Case,
    mails: Mails,
) -> None:
    """Left empty, done, done twice, and done too late: as the customer and as the partner."""
    olive, petra = sign_in(Client(), world, "olive"), sign_in(Client(), world, "petra")
    theirs, partners = f"/requests/{case.reference}/", f"/partner/{case.reference}/"
    ask = reverse("customer:ask", args=[case.subscription_id])
    assert [posted(petra, f"{partners}{step}/") for step in ("vouch", "decline")] == [422, 422]
    assert [posted(petra, f"{partners}vouch/", **WORD) for _ in range(2)] == [302, 409]
    case = checked(case)
    conversation.write_note(case.reference, by=world.actor("rita"), text=NOTE)
    reviewer.ask(case.reference, by=world.actor("rita"), text="To whom?")
    assert posted(olive, f"{theirs}answer/") == 422
    words = {"answer-text": "To buyers."}
    assert [posted(olive, f"{theirs}answer/", **words) for _ in range(2)] == [302, 409]
    for client, room in ((olive, theirs), (petra, partners)):
        assert posted(client, f"{room}message/") == 422
        assert posted(client, f"{room}message/", **{"message-text": "Any news?"}) == 302
    assert posted(petra, f"{partners}decline/", **DECLINE) == 409
    assert [posted(olive, ask, **ANSWERS, step=step) for step in ("change", "check", "send")] == [
        200,
        409,
        409,
    ]
    for client in (olive, petra):
        statuses = {posted(client, path) for path in paths(case) if not path.endswith("/withdraw/")}
        assert {404, 405, 422} <= statuses
        assert 500 not in statuses
    assert [posted(olive, f"{theirs}withdraw/") for _ in range(2)] == [302, 409]
    assert Case.objects.get(pk=case.pk).state == State.WITHDRAWN
    assert_mails_are_clean(mails())


def test_readiness_and_eligibility_answer_without_any_of_it(
    world: World,
    case: Case,
    outside: OutsideDNS,
) -> None:
    case = vouched_and_checked(world, case)
    for name, room in (("olive", "requests"), ("petra", "partner")):
        client = sign_in(Client(), world, name)
        for asked in (RECORDS, RECORDS | {"case": case.reference}, {"domain": "no domain"}):
            answer = client.get(f"/{room}/readiness/", asked)
            assert_nothing_leaks(body_of(answer).decode(), f"the records of {name}")
            assert ("There is no SPF record" in answer.content.decode()) is ("addresses" in asked)
        for path in ("/api/v1/eligibility", "/eligibility/"):
            answers = [client.get(path, asked) for asked in ELIGIBILITY]
            assert {200, 400} <= {answer.status_code for answer in answers} <= {200, 400, 404}
            for answer in answers:
                assert_nothing_leaks(body_of(answer).decode(), f"{path} as {name}")
    assert outside.asked
    assert not [name for name, _ in outside.asked if CANARY_LIST in name], "readiness asks no blocklist"


def test_what_a_rule_decided_tells_nothing_of_the_rule(
    world: World,
    case: Case,
    mails: Mails,
) -> None:
    rule_in(world, RuleMode.ON, "canary-rule", when="{bands: [elevated], outcomes: [via_partner]}")
    case = vouched_and_checked(world, case)
    assert case.state == State.APPROVED
    assert RuleTrial.objects.get().acted
    read_everything(world, case)
    decision = Decision.objects.get(verb="approve")
    assert "canary-rule" in decision.private_note
    assert_nothing_leaks(json.dumps(decision.notice), "the notice")
    assert_mails_are_clean(mails())
    desk = sign_in(Client(), world, "rita").get(f"/review/{case.reference}/").content.decode()
    assert "canary-rule" in desk, "it is there to be found"
