"""A draft held against every subscription: counts, the list, and the command."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.actions import policies
from cases.models import State
from cases.policies.compared import difference
from cases.policies.replay import summed_up
from cases.tasks import replay_policy
from subscriptions.judging import judge
from subscriptions.models import Subscription
from subscriptions.policy.reader import read_policy
from subscriptions.policy.versions import active_policy
from tests.cases.policies import INVOICE_FIRST, NEVER_AGAIN, document, drafted
from tests.world import BEFORE, CSP, ENTERPRISE, FREE_TRIAL, PAY_AS_YOU_GO, UNHEARD_OF, World


def small_world(world: World) -> dict[str, str]:
    """Subscriptions of all kinds; those that might ask: one plain, one asking, one exempt. Ids by name."""
    for offer in (ENTERPRISE, FREE_TRIAL, CSP, UNHEARD_OF):
        world.subscription(offer)
    world.subscription(created_at=BEFORE)
    plain = world.subscription(name="Plain")
    asking, exempt = world.submitted(), world.case_in(State.APPROVED)
    return {
        "plain": str(plain.pk),
        "asking": str(asking.subscription_id),
        "exempt": str(exempt.subscription_id),
        "case": asking.reference,
        "exemption": exempt.reference,
    }


def test_counts_and_the_list_with_those_that_matter_first(world: World) -> None:
    ids = small_world(world)
    draft = drafted(world, text=document(swap=NEVER_AGAIN))
    policies.ask_for_replay(draft.pk, by=world.actor("sena"))
    replay_policy(draft.pk)
    draft.refresh_from_db()
    told = draft.replay
    assert not draft.is_replaying
    assert (told["looked_at"], told["changed"], told["with_case_or_exemption"]) == (8, 3, 2)
    assert told["counts"] == [{"before": "may_request", "after": "never", "count": 3}]
    assert {each["subscription"] for each in told["listed"][:2]} == {ids["asking"], ids["exempt"]}
    assert told["listed"][2]["subscription"] == ids["plain"]
    assert {(each["case"], each["exemption"]) for each in told["listed"]} == {
        (ids["case"], ""),
        ("", ids["exemption"]),
        ("", ""),
    }


def test_shared_answers_are_those_of_each_by_itself(world: World) -> None:
    world.knows(world.fabrikam, paid_invoices="3")
    for customer in (world.contoso, world.fabrikam):
        for offer in (PAY_AS_YOU_GO, FREE_TRIAL, UNHEARD_OF):
            for created in (BEFORE, None):
                world.subscription(offer, customer=customer, created_at=created, quota_id="MSDN_2014-09-01")
                world.subscription(offer, customer=customer, created_at=created)
        world.subscription(customer=customer)
    now, draft, in_force = timezone.now(), read_policy(document(swap=INVOICE_FIRST), "d"), active_policy()
    expected = [
        (each, judge(each, in_force, now).outcome, judge(each, draft, now).outcome)
        for each in Subscription.objects.select_related("customer")
    ]
    changed = {(str(each.pk), was, will) for each, was, will in expected if was != will}
    told = summed_up(draft, in_force, now, most=200).as_json()
    assert {(each["subscription"], each["before"], each["after"]) for each in told["listed"]} == changed
    assert changed


def test_as_many_queries_for_few_as_for_many_and_a_list_that_ends(world: World) -> None:
    draft, in_force, now = read_policy(document(swap=NEVER_AGAIN), "d"), active_policy(), timezone.now()
    world.subscription()
    with CaptureQueriesContext(
        connection,
    ) as few:
        summed_up(draft, in_force, now, most=2)
    for _ in range(5):
        world.subscription()
    with CaptureQueriesContext(connection) as many:
        told = summed_up(draft, in_force, now, most=2).as_json()
    assert len(many) == len(few)
    assert (told["changed"], len(told["listed"]), told["left_out"]) == (6, 2, 4)


def test_the_command_lists_all_and_takes_a_draft_a_version_or_a_file(world: World, tmp_path: Path) -> None:
    ids = small_world(world)
    drafted(world, text=document(swap=NEVER_AGAIN))
    file = tmp_path / "new.yaml"
    file.write_text(document("of-file", swap=NEVER_AGAIN))
    for named in ("stricter", str(file)):
        out = StringIO()
        call_command("replay_policy", named, "--json", stdout=out)
        *lines, last = map(json.loads, out.getvalue().splitlines())
        assert {line["subscription"] for line in lines} == {ids["plain"], ids["asking"], ids["exempt"]}
        assert (last["changed"], last["looked_at"], last["against"]) == (3, 8, "azure-2017-11-15")
    out = StringIO()
    call_command("replay_policy", "stricter", stdout=out)
    assert f"exemption {ids['exemption']}" in out.getvalue()
    assert "the outcome changes for 3 of 8 subscriptions; 2 of them" in out.getvalue()
    out = StringIO()
    call_command("replay_policy", "azure-2017-11-15", stdout=out)
    assert "changes for 0 of 8" in out.getvalue()


@pytest.mark.parametrize("named", ["nothing", "/nowhere/x.yaml", "bad"])
def test_the_command_says_what_is_wrong(world: World, named: str, tmp_path: Path) -> None:
    if named == "bad":
        file = tmp_path / "bad.yaml"
        file.write_text("id: 1")
        named = str(file)
    with pytest.raises(
        CommandError, match=r"There is no policy|no draft or version of that id, and no such file|bad\.yaml:1"
    ):
        call_command("replay_policy", named)


def test_a_replay_that_fails_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = drafted(world)
    monkeypatch.setattr("cases.actions.policies.MOST_LISTED", None)
    world.subscription()
    monkeypatch.setattr("cases.policies.replay._batches", lambda rows: 1 / 0)
    replay_policy(draft.pk)
    draft.refresh_from_db()
    assert draft.replay == {"has_failed": True}


def test_the_difference_is_shown_with_what_stands_around_it() -> None:
    before = "\n".join(f"line {n}" for n in range(20))
    shown = difference(before, before.replace("line 3", "other").replace("line 17", "last"))
    assert [(line.kind, line.text) for line in shown][:5] == [
        ("same", "line 1"),
        ("same", "line 2"),
        ("out", "line 3"),
        ("in", "other"),
        ("same", "line 4"),
    ]
    assert "gap" in {line.kind for line in shown}
    assert difference(before, before) == []
