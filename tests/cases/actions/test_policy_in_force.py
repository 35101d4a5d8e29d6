"""A version that comes into force: exemptions that it no longer allows are flagged, once, and nothing is taken away."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.actions import policies, reviewer
from cases.actions.system import flag_by_policy, note_policy_in_force
from cases.actors import SYSTEM
from cases.models import Case, CaseEvent, EventKind, Exemption, Flag, State
from cases.refusals import Invalid
from cases.tasks import sweep_policy_in_force
from outbox.models import Message
from subscriptions.policy.versions import add_version
from tests.cases.policies import NEVER_AGAIN, document, drafted
from tests.world import APPROVAL, RESUMPTION, World

JUST_NOW = timedelta(seconds=-1)


def publish(world: World, starts_in: timedelta = JUST_NOW) -> None:
    """A version by which nobody may ask any more who might before."""
    text = document(starts_in=starts_in, swap=NEVER_AGAIN)
    policies.publish_draft(drafted(world, text=text).pk, by=world.actor("tied"), without_replay=True)


def noted() -> list[str]:
    """The versions by which exemptions are to be looked at."""
    return [row.payload["policy"] for row in Message.objects.filter(topic="policies.in_force")]


def test_exemptions_that_it_no_longer_allows_are_flagged_and_stay(world: World) -> None:
    exempt, suspended = world.case_in(State.APPROVED), world.case_in(State.SUSPENDED)
    waiting = world.submitted()
    publish(world)
    assert noted() == ["stricter"]
    assert flag_by_policy("stricter") == 2
    for case, state in ((exempt, State.APPROVED), (suspended, State.SUSPENDED)):
        stored = Case.objects.get(pk=case.pk)
        assert (stored.flag, stored.state) == (Flag.OUT_OF_POLICY, state)
        event = CaseEvent.objects.get(case=case, seq=stored.version)
        assert event.data["after"] == {"policy": "stricter"}
    assert Exemption.objects.filter(ends_at=None).count() == 1
    assert Case.objects.get(pk=waiting.pk).flag == ""


def test_who_cleared_the_flag_is_not_asked_again_about_the_same_version(world: World) -> None:
    case = world.case_in(State.APPROVED)
    publish(world)
    assert flag_by_policy("stricter") == 1
    assert flag_by_policy("stricter") == 0
    reviewer.clear_flag(case.reference, by=world.actor("rita"), text="Their contract holds until May.")
    assert flag_by_policy("stricter") == 0


def test_a_roll_back_takes_its_flags_back(world: World) -> None:
    flagged, claimed = world.case_in(State.APPROVED), world.case_in(State.SUSPENDED)
    publish(world)
    assert flag_by_policy("stricter") == 2
    reviewer.clear_flag(claimed.reference, by=world.actor("rita"), text="Their contract holds until May.")
    add_version(document("as-before", starts_in=JUST_NOW), "a file")
    for _ in range(2):
        assert flag_by_policy("as-before") == 0
    stored = Case.objects.get(pk=flagged.pk)
    last = CaseEvent.objects.get(case=flagged, seq=stored.version)
    assert (stored.flag, last.kind, last.actor_name) == ("", EventKind.FLAG_CLEARED, SYSTEM.name)
    assert last.data["why"] == "as-before, the version in force now, allows the exemption."
    assert CaseEvent.objects.filter(kind=EventKind.FLAG_CLEARED).count() == 2


def test_what_it_still_allows_is_left_alone(world: World) -> None:
    case = world.checked(world.submitted_by_partner())
    reviewer.approve(case.reference, APPROVAL, by=world.actor("rita"))
    publish(world)
    assert flag_by_policy("stricter") == 0


def test_the_first_version_takes_over_from_none(world: World) -> None:
    world.case_in(State.APPROVED)
    assert flag_by_policy("azure-2017-11-15") == 0


def test_one_with_a_date_is_noted_once_it_is_in_force(world: World) -> None:
    note_policy_in_force()
    assert noted() == ["azure-2017-11-15"]
    publish(world, timedelta(hours=1))
    assert noted() == ["azure-2017-11-15"]
    add_version(document("by-an-operator", starts_in=JUST_NOW, swap=NEVER_AGAIN), "a file")
    for _ in range(2):
        sweep_policy_in_force()
    assert noted() == ["azure-2017-11-15", "by-an-operator"]


def test_what_it_no_longer_allows_is_opened_with_a_why_alone(world: World) -> None:
    rita, plain = world.actor("rita"), replace(APPROVAL, private_note="")
    waiting, suspended = world.checked(world.submitted()), world.case_in(State.SUSPENDED)
    publish(world)
    for act, case, verdict in ((reviewer.approve, waiting, plain), (reviewer.resume, suspended, RESUMPTION)):
        with pytest.raises(Invalid, match="The policy in force now says never") as refused:
            act(case.reference, verdict, by=rita)
        assert list(refused.value.errors) == ["private_note"]
    told = replace(APPROVAL, private_note="Promised before the change.")
    assert reviewer.approve(waiting.reference, told, by=rita).state == State.APPROVED
