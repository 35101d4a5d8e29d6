"""Policy drafts: every refusal, the second person, what is published, brought back, and what stays written."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from cases.actions import policies, replays
from cases.actors import SYSTEM, Actor
from cases.models import DraftChange, DraftState, PolicyDraft
from cases.policies.replay import Summary, summed_up
from cases.refusals import Conflict, Invalid, NotPermitted, NotThere, Refusal
from outbox.models import Message
from people.models import DeskRole
from subscriptions.models import PolicyVersion
from subscriptions.policy.source import PolicyError
from subscriptions.policy.versions import active_policy, add_version
from tests.cases.policies import document, drafted
from tests.racing import overlapped
from tests.world import PEOPLE, World, make_world

SENIORS = {"sena", "tied"}
READERS = {"rita", "remy", "audrey"}
JUST_NOW = timedelta(minutes=-5)


def status_of(act: Callable[[], Any]) -> int:
    """What the action answers; it is undone again."""
    with transaction.atomic():
        try:
            act()
            status = 200
        except Refusal as refusal:
            status = refusal.status
        transaction.set_rollback(True)
    return status


def test_every_action_by_every_role(world: World) -> None:
    draft, text = drafted(world), document("other")
    actors = {name: world.actor(name) for name in PEOPLE} | {"system": SYSTEM, "none": Actor(None, "Nobody")}
    for name, by in actors.items():
        is_senior = name in SENIORS
        found = {
            "draft": status_of(lambda by=by: policies.draft_policy(text, by=by)),  # type: ignore[misc]  # bound
            "publish": status_of(lambda by=by: policies.publish_draft(draft.pk, by=by, without_replay=True)),  # type: ignore[misc]  # bound
            "discard": status_of(lambda by=by: policies.discard_draft(draft.pk, by=by)),  # type: ignore[misc]  # bound
        }
        other = 200 if is_senior else 403 if name in READERS else 404
        assert found == {
            "draft": 200 if is_senior else 403,
            "publish": 403 if name == "sena" else other,
            "discard": other,
        }, name
        buttons = [verb for verb in ("publish", "discard") if found[verb] == 200]
        assert policies.verbs_of_draft(draft, by) == buttons, name


def test_published_by_a_second_person_it_is_in_force_and_everything_stays_written(world: World) -> None:
    text = document(starts_in=JUST_NOW)
    draft = policies.draft_policy(text.replace("\n", "\r\n"), by=world.actor("sena"), why="Fewer trials.")
    policies.replay_draft(draft.pk)
    version = policies.publish_draft(draft.pk, by=world.actor("tied"), why="Replayed; fine.")
    assert (version.document, active_policy().id) == (text, "stricter")
    told = DraftChange.objects.order_by("id").values_list("state", "by__name", "why")
    assert list(told) == [("draft", "Sena", "Fewer trials."), ("published", "Tied", "Replayed; fine.")]
    for act in (policies.publish_draft, policies.discard_draft, policies.ask_for_replay):
        with pytest.raises(Conflict, match="published already"):
            act(draft.pk, by=world.actor("tied"))


def test_a_document_with_faults_is_refused_with_line_and_key(world: World) -> None:
    for text, told in (
        (
            document().replace("outcome: may_request", "outcome: perhaps"),
            "draft:41: rules[2].outcome: is perh",
        ),
        (document().replace("effective_from", "# effective_from"), "effective_from: is missing"),
        ("", "Paste a policy document"),
        ("a\0b", "draft:1: holds the character U+0000"),
        ("x: " + "[" * 5000, "draft:1"),
        ("#" * 200_001, "at most 200000 characters"),
        (document("azure-2017-11-15"), "is a version already"),
        (
            document() + "antifraud:\n  weights: {spf: 9, sfp: 8}\n",
            "antifraud.weights.sfp: no check finds it",
        ),
    ):
        with pytest.raises(Invalid) as refused:
            policies.draft_policy(text, by=world.actor("sena"))
        assert told in refused.value.errors["document"]
    assert not PolicyDraft.objects.exists()


def test_drafts_of_one_id_are_replaced_by_discarding_alone(world: World) -> None:
    first = drafted(world)
    with pytest.raises(Conflict, match="Discard that one first"):
        drafted(world, by="tied")
    policies.discard_draft(first.pk, by=world.actor("tied"))
    assert drafted(world, by="tied").is_open
    with pytest.raises(Conflict, match="discarded already"):
        policies.publish_draft(first.pk, by=world.actor("tied"), without_replay=True)


def test_a_draft_that_was_not_replayed_is_published_only_by_who_means_it(world: World) -> None:
    draft = drafted(world)

    def refused() -> str:
        with pytest.raises(Invalid) as told:
            policies.publish_draft(draft.pk, by=world.actor("tied"))
        return told.value.errors["without_replay"]

    assert "It was not held against the subscriptions" in refused()
    policies.give_up_replay(draft.pk)
    assert "It was not held against the subscriptions" in refused()
    policies.replay_draft(draft.pk)
    add_version(document("between", starts_in=JUST_NOW), "between")
    assert "beside azure-2017-11-15, which is not in force any more" in refused()
    policies.replay_draft(draft.pk)
    assert policies.publish_draft(draft.pk, by=world.actor("tied")).pk == "stricter"


def test_that_it_was_published_without_a_replay_stays_written(world: World) -> None:
    """Of what was published before it was kept, the migration reads the same from what stands."""
    outdated, never, replayed = (
        drafted(world, text=document(name, starts_in=timedelta(hours=nth)))
        for nth, name in enumerate(("outdated", "never", "replayed"), start=1)
    )
    policies.replay_draft(outdated.pk)
    add_version(document("between", starts_in=JUST_NOW), "between")
    policies.replay_draft(replayed.pk)
    for draft in (outdated, never, replayed):
        policies.publish_draft(draft.pk, by=world.actor("tied"), without_replay=True)
    add_version(document("since", starts_in=timedelta(seconds=-1)), "since")
    kept = DraftChange.objects.filter(without_replay=True).values_list("draft__version_id", "state")
    assert set(kept) == {("outdated", "published"), ("never", "published")}
    migration = import_module("cases.migrations.0026_published_without_replay").FROM_WHAT_STANDS
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # these rows are of this very transaction
        cursor.execute("ALTER TABLE cases_draftchange DISABLE TRIGGER USER")
        cursor.execute("UPDATE cases_draftchange SET without_replay = false")
        assert not kept.all().exists()
        cursor.execute(migration)
    assert set(kept.all()) == {("outdated", "published"), ("never", "published")}


def test_a_replay_that_ends_after_its_draft_is_not_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafted(world)
    policies.ask_for_replay(draft.pk, by=world.actor("tied"))

    def published_meanwhile(*told: Any) -> Summary:
        policies.publish_draft(draft.pk, by=world.actor("tied"), without_replay=True)
        return summed_up(*told)

    monkeypatch.setattr(policies, "summed_up", published_meanwhile)
    for _ in ("in the middle", "before it began"):
        policies.replay_draft(draft.pk)
        ended = PolicyDraft.objects.get()
        assert (ended.replay, ended.is_replaying) == ({}, False)


def test_what_would_have_begun_long_ago_is_not_published(world: World) -> None:
    draft = drafted(world, text=document(starts_in=timedelta(days=-1, minutes=-1)))
    with pytest.raises(Conflict, match="more than a day ago"):
        policies.publish_draft(draft.pk, by=world.actor("tied"), without_replay=True)
    assert PolicyDraft.objects.get().is_open


def test_what_would_begin_with_another_is_not_published(world: World) -> None:
    draft = drafted(world)
    add_version(draft.document.replace("id: stricter", "id: same", 1), "same")
    with pytest.raises(Conflict, match="comes into force at that instant"):
        policies.publish_draft(draft.pk, by=world.actor("tied"), without_replay=True)
    assert PolicyDraft.objects.get().is_open


def test_what_would_never_be_in_force_is_not_published(world: World) -> None:
    draft = drafted(world, text=document("first", starts_in=timedelta(minutes=-10)))
    add_version(document("second", starts_in=JUST_NOW), "second")
    with pytest.raises(Conflict, match="never be in force: second"):
        policies.publish_draft(draft.pk, by=world.actor("tied"), without_replay=True)


def test_rolled_back_in_one_step_and_published_by_a_second_person(world: World) -> None:
    draft = drafted(world, text=document(starts_in=JUST_NOW))
    policies.publish_draft(draft.pk, by=world.actor("tied"), without_replay=True)
    back = policies.roll_back_to("azure-2017-11-15", by=world.actor("tied"), why="Too strict.")
    assert back.version_id == f"azure-2017-11-15-again-{timezone.now():%Y-%m-%d}"
    old = PolicyVersion.objects.get(pk="azure-2017-11-15").document.splitlines()
    changed = [(a, b) for a, b in zip(old, back.document.splitlines(), strict=True) if a != b]
    assert [a.split(":")[0] for a, _ in changed] == ["id", "effective_from"]
    with pytest.raises(NotPermitted, match="Another senior"):
        policies.publish_draft(back.pk, by=world.actor("tied"), without_replay=True)
    policies.publish_draft(back.pk, by=world.actor("sena"), without_replay=True)
    assert active_policy().id == back.version_id
    again = policies.roll_back_to("stricter", by=world.actor("sena"), new_id="stricter-2")
    assert again.version_id == "stricter-2"


@pytest.mark.parametrize(
    ("version_id", "new_id", "refusal"),
    [
        ("azure-2017-11-15", "", Conflict),
        ("example-qualified", "", Conflict),
        ("nothing", "", NotThere),
        ("\0", "", NotThere),
        ("x" * 5000, "", NotThere),
    ],
)
def test_what_cannot_be_gone_back_to(
    world: World, version_id: str, new_id: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        policies.roll_back_to(version_id, by=world.actor("sena"), new_id=new_id)
    with pytest.raises(NotPermitted):
        policies.roll_back_to(version_id, by=world.actor("rita"))


def test_a_new_id_that_is_none(world: World) -> None:
    policies.publish_draft(
        drafted(world, text=document(starts_in=JUST_NOW)).pk, by=world.actor("tied"), without_replay=True
    )
    with pytest.raises(Invalid) as refused:
        policies.roll_back_to("azure-2017-11-15", by=world.actor("sena"), new_id="Old One: x")
    assert "new_id" in refused.value.errors


def test_one_replay_at_a_time(world: World) -> None:
    draft = drafted(world)
    policies.ask_for_replay(draft.pk, by=world.actor("sena"))
    with pytest.raises(Conflict, match="being replayed"):
        policies.ask_for_replay(draft.pk, by=world.actor("tied"))
    assert Message.objects.filter(topic="policies.replay").count() == 1
    with pytest.raises(NotPermitted):
        policies.ask_for_replay(draft.pk, by=world.actor("rita"))
    policies.replay_draft(draft.pk)
    assert policies.ask_for_replay(draft.pk, by=world.actor("tied")).is_replaying


def test_a_replay_that_is_lost_is_asked_for_again_and_one_that_comes_late_is_not_kept(world: World) -> None:
    draft = drafted(world)
    begun = policies.ask_for_replay(draft.pk, by=world.actor("sena"))
    with time_machine.travel(timezone.now() + timedelta(minutes=9)), pytest.raises(Conflict):
        policies.ask_for_replay(draft.pk, by=world.actor("sena"))
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        policies.ask_for_replay(draft.pk, by=world.actor("sena"))
        replays.keep(begun, {"has_failed": True})
    assert PolicyDraft.objects.get(pk=draft.pk).is_replaying


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_same", [True, False])
def test_two_who_publish_at_once_publish_once(is_same: bool) -> None:
    """The same draft, or two that would come into force at the same instant."""
    world = make_world()
    world.user("remy").desk_role = DeskRole.SENIOR
    world.user("remy").save()
    draft = drafted(world)
    other = draft if is_same else drafted(world, text=draft.document.replace("id: stricter", "id: other", 1))
    first, second = overlapped(
        lambda: policies.publish_draft(draft.pk, by=world.actor("tied"), without_replay=True),
        lambda: policies.publish_draft(other.pk, by=world.actor("remy"), without_replay=True),
    )
    assert isinstance(first, PolicyVersion)
    assert isinstance(second, Conflict)
    assert DraftChange.objects.filter(state=DraftState.PUBLISHED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_draft_the_same_id_at_once_draft_once() -> None:
    world = make_world()
    first, second = overlapped(lambda: drafted(world), lambda: drafted(world, by="tied"))
    assert isinstance(first, PolicyDraft)
    assert isinstance(second, Conflict)


@pytest.mark.parametrize(
    ("sql", "refusal"),
    [
        ("UPDATE cases_policydraft SET document = 'id: other'", "stays as it is"),
        ("DELETE FROM cases_policydraft", "append-only"),
        ("UPDATE cases_draftchange SET why = ''", "append-only"),
        ("UPDATE cases_draftchange SET without_replay = true", "append-only"),
        ("DELETE FROM cases_draftchange", "append-only"),
        ("UPDATE cases_policydraft SET state = 'published'", "published_takes_two_persons"),
        (
            "UPDATE cases_policydraft SET state = 'published', published_by_id = made_by_id",
            "published_takes_two_persons",
        ),
    ],
)
def test_the_database_keeps_drafts_and_their_history(world: World, sql: str, refusal: str) -> None:
    drafted(world)
    connection.check_constraints()
    with pytest.raises((DatabaseError, IntegrityError), match=refusal), transaction.atomic():
        connection.cursor().execute(sql)


def test_what_ended_does_not_begin_again(world: World) -> None:
    policies.discard_draft(drafted(world).pk, by=world.actor("sena"))
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        PolicyDraft.objects.update(state=DraftState.DRAFT)


def test_a_start_that_another_version_has_is_refused_by_the_loader_too(db: None) -> None:
    text = document()
    add_version(text, "one")
    with pytest.raises(PolicyError, match="comes into force at that instant"):
        add_version(text.replace("id: stricter", "id: other", 1), "two")
