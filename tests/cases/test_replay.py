"""A rule replayed over all history: what it would have done beside what was decided."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions import customer, reviewer
from cases.actions.checks import end_run
from cases.antifraud.rules.replay import Kind, replay, replay_summed
from cases.antifraud.rules.stored import rule_of
from cases.models import Case, CaseEvent, RuleMode, RuleTrial
from tests.cases.rules import document, loaded, rule_in
from tests.cases.views.checking import ended, found, quiet, running
from tests.world import APPROVAL, DENIAL, REVOCATION, World


def low(world: World) -> str:
    """A case in review whose band is low."""
    return ended(world.submitted(), quiet).reference


@pytest.fixture
def history(world: World) -> dict[str, str]:
    """One case of each way to end, all of the band low; and two that the rule leaves to people."""
    rita, sena = world.actor("rita"), world.actor("sena")
    cases = {
        name: low(world) for name in ("approved", "suspended", "revoked", "denied", "waiting", "withdrawn")
    }
    for name in ("approved", "suspended", "revoked"):
        reviewer.approve(cases[name], APPROVAL, by=rita)
    reviewer.suspend(cases["suspended"], REVOCATION, by=rita)
    reviewer.revoke(cases["revoked"], REVOCATION, by=sena)
    reviewer.deny(cases["denied"], DENIAL, by=rita)
    customer.withdraw(cases["withdrawn"], by=world.actor("olive"))
    cases["incomplete"] = world.checked(world.submitted()).reference
    asked = world.submitted()
    check_round = running(asked)
    reviewer.ask(asked.reference, by=rita, text="To whom?")
    for run in check_round.runs.all():
        end_run(run.pk, quiet(run.check_slug))
    cases["asked"] = asked.reference
    return cases


APPROVES = {
    Kind.APPROVES_REFUSED: ["revoked", "suspended", "denied"],
    Kind.DECIDES_WAITING: ["waiting"],
    Kind.DECIDES_ENDED: ["withdrawn"],
    Kind.AGREES: ["approved"],
    Kind.ITS_OWN: [],
}
DENIES = {
    Kind.DENIES_GRANTED: ["approved"],
    Kind.DECIDES_WAITING: ["waiting"],
    Kind.DECIDES_ENDED: ["withdrawn"],
    Kind.AGREES: ["revoked", "suspended", "denied"],
    Kind.ITS_OWN: [],
}


@pytest.mark.parametrize(("then", "expected"), [("approve", APPROVES), ("deny", DENIES)])
def test_every_case_stands_beside_what_was_decided(
    history: dict[str, str], then: str, expected: dict[Kind, list[str]]
) -> None:
    reasons = {"approve": "direct_sending_justified", "deny": "relay_would_do"}[then]
    done = replay_summed(rule_of(loaded(then=then, reasons=reasons)), most=10)
    named = {kind: {each.reference for each in listed} for kind, listed in done.listed.items()}
    assert named == {kind: {history[name] for name in names} for kind, names in expected.items()}
    assert list(done.counts) == list(expected), "the dangerous ones come first"
    assert (done.looked_at, done.fits) == (8, 6)


def test_the_list_is_cut_and_the_counts_are_not(history: dict[str, str]) -> None:
    done = replay_summed(rule_of(loaded()), most=1)
    assert done.counts[Kind.APPROVES_REFUSED] == 3
    assert len(done.listed[Kind.APPROVES_REFUSED]) == 1


def test_it_finds_what_a_rule_that_watches_from_the_start_finds(world: World) -> None:
    """In whichever of a case's rounds it fits first, whatever a later one saw."""
    rule = rule_in(world, RuleMode.SHADOW)
    first, later, twice, never = (world.submitted() for _ in range(4))
    for case, *rounds in (
        (first, quiet, found),
        (later, found, quiet),
        (twice, quiet, quiet),
        (never, found),
    ):
        for find in rounds:
            ended(case, find)
    reviewer.deny(first.reference, DENIAL, by=world.actor("rita"))
    fitted: dict[str, int] = {}
    for trial in RuleTrial.objects.filter(fits=True).order_by("id").select_related("round__case"):
        fitted.setdefault(trial.round.case.reference, trial.round.number)
    replayed = list(replay(rule_of(rule)))
    assert {each.reference: each.round for each in replayed} == fitted
    assert fitted == {first.reference: 1, later.reference: 2, twice.reference: 1}
    assert [each.reference for each in replayed if each.kind == Kind.APPROVES_REFUSED] == [first.reference]


def test_a_round_that_still_runs_hides_nothing(world: World) -> None:
    case = ended(world.submitted(), quiet)
    running(case)
    assert replay_summed(rule_of(loaded()), 10).fits == 1


def test_what_it_decided_itself_is_no_agreement(world: World) -> None:
    rule = rule_in(world, RuleMode.ON)
    own, overruled = low(world), low(world)
    reviewer.revoke(overruled, REVOCATION, by=world.actor("sena"))
    done = replay_summed(rule_of(rule), 10)
    named = {kind: [each.reference for each in listed] for kind, listed in done.listed.items() if listed}
    assert named == {Kind.ITS_OWN: [own], Kind.APPROVES_REFUSED: [overruled]}


def test_it_writes_nothing(history: dict[str, str]) -> None:
    rule = rule_of(loaded())
    before = (CaseEvent.objects.count(), list(Case.objects.order_by("id").values()))
    replay_summed(rule, 10)
    assert (CaseEvent.objects.count(), list(Case.objects.order_by("id").values())) == before
    assert not RuleTrial.objects.exists()


def test_more_cases_take_no_more_queries(world: World) -> None:
    rule = rule_of(loaded(when="{bands: [low], clear: [spf]}"))
    taken = []
    for _ in range(2):
        ended(world.submitted(), quiet)
        with CaptureQueriesContext(connection) as captured:
            replay_summed(rule, 10)
        taken.append(len(captured))
    assert taken[0] == taken[1]


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("replay_rule", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_takes_an_id_or_a_file(history: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "other.yaml"
    file.write_text(document("other"))
    loaded()
    by_id, by_file = told("quick"), told(str(file))
    assert by_id.replace("quick", "other") == by_file
    assert "quick would approve 6 of 8 cases." in by_id
    assert by_id.startswith("Would have approved what was denied, suspended or revoked:\n")
    assert f"  {history['denied']}  denied, by round 1\n" in by_id


def test_the_command_speaks_json_line_by_line(history: dict[str, str]) -> None:
    loaded()
    *cases, total = [json.loads(line) for line in told("quick", "--json").splitlines()]
    revoked = {"reference": history["revoked"], "round": 1, "state": "revoked", "kind": "approves_refused"}
    assert revoked in cases
    assert total == {
        "rule": "quick",
        "cases": 8,
        "counts": {
            "approves_refused": 3,
            "decides_waiting": 1,
            "decides_ended": 1,
            "agrees": 1,
            "its_own": 0,
        },
    }


@pytest.mark.parametrize(
    ("named", "error"), [("nothing", "there is: quick"), ("/dev/null", "the document is empty")]
)
def test_the_command_refuses_what_is_no_rule(db: None, named: str, error: str) -> None:
    loaded()
    with pytest.raises(CommandError, match=error):
        told(named)


def test_load_rule_says_what_it_did(db: None, tmp_path: Path) -> None:
    file, out = tmp_path / "rule.yaml", StringIO()
    file.write_text(document())
    call_command("load_rule", str(file), stdout=out)
    call_command("load_rule", str(file), stdout=out)
    first, again = out.getvalue().splitlines()
    assert first.startswith("quick: loaded, off.")
    assert again.startswith("quick: was loaded before, nothing changed; it is off.")
    file.write_text(document(then="deny"))
    with pytest.raises(CommandError, match="loaded already with another document"):
        call_command("load_rule", str(file))
