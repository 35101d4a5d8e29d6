"""Switching rules: every switch from every mode by every role, the second person, and what stays written."""

from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from cases.actions import rules
from cases.actors import SYSTEM, Actor
from cases.models import AutoRule, ReasonCode, RuleChange, RuleMode
from cases.refusals import Conflict, Invalid, NotPermitted, NotThere, Refusal
from people.models import DeskRole
from subscriptions.models import PartnerMember, Role
from subscriptions.policy.source import PolicyError
from tests.cases.rules import document, loaded, rule_in
from tests.racing import overlapped
from tests.world import PEOPLE, World, make_world

VERBS = tuple(rules.SWITCHES)
TABLE = {
    (RuleMode.OFF, "shadow"): RuleMode.SHADOW,
    (RuleMode.SHADOW, "propose"): RuleMode.PROPOSED,
    (RuleMode.SHADOW, "off"): RuleMode.OFF,
    (RuleMode.PROPOSED, "shadow"): RuleMode.SHADOW,
    (RuleMode.PROPOSED, "switch_on"): RuleMode.ON,
    (RuleMode.PROPOSED, "off"): RuleMode.OFF,
    (RuleMode.ON, "off"): RuleMode.OFF,
}
DESK = {"rita", "remy", "sena", "tied", "audrey"}
SENIORS = {"sena", "tied"}


def expected(mode: RuleMode, verb: str, role: str) -> object:
    """The mode after it, or the refusal's status; ``sena`` is who proposed."""
    if role not in DESK:
        return 404
    if role not in SENIORS:
        return 403
    if (mode, verb) not in TABLE:
        return 409
    return 403 if (verb, role) == ("switch_on", "sena") else TABLE[mode, verb]


def found(rule: AutoRule, verb: str, by: Actor) -> object:
    """What the switch came to; it is undone again."""
    before = RuleChange.objects.count()
    with transaction.atomic():
        try:
            answer: object = RuleMode(rules.switch(rule.pk, verb, by=by).mode)
            last = RuleChange.objects.latest("id")
            assert (last.rule_id, last.mode, last.by_id) == (rule.pk, answer, by.user_id)
        except Refusal as refusal:
            answer = refusal.status
            assert RuleChange.objects.count() == before
        transaction.set_rollback(True)
    return answer


@pytest.mark.parametrize("mode", RuleMode)
def test_every_switch_by_every_role(world: World, mode: RuleMode) -> None:
    rule = rule_in(world, mode)
    actors = {name: world.actor(name) for name in PEOPLE} | {
        "system": SYSTEM,
        "nobody": Actor(None, "Nobody"),
    }
    for name, actor in actors.items():
        for verb in VERBS:
            assert found(rule, verb, actor) == expected(mode, verb, name), (name, verb)
        buttons = {each.verb for each in rules.switches_of(rule, actor)}
        assert buttons == {verb for verb in VERBS if isinstance(expected(mode, verb, name), RuleMode)}, name


def test_who_did_what_and_why_stays_written(world: World) -> None:
    rule = rule_in(world, RuleMode.ON)
    rules.switch(rule.pk, "off", by=world.actor("tied"), why=" It approved a list seller. ")
    told = RuleChange.objects.order_by("id").values_list("mode", "by__name", "why")
    assert list(told) == [
        ("off", None, ""),
        ("shadow", "Sena", ""),
        ("proposed", "Sena", ""),
        ("on", "Tied", ""),
        ("off", "Tied", "It approved a list seller."),
    ]
    rule.refresh_from_db()
    assert (rule.proposed_by, rule.confirmed_by) == (None, None)


def test_who_proposed_first_may_confirm_what_another_proposed_again(world: World) -> None:
    rule = rule_in(world, RuleMode.PROPOSED)
    rules.switch(rule.pk, "shadow", by=world.actor("sena"))
    rules.switch(rule.pk, "propose", by=world.actor("tied"))
    assert rules.switch(rule.pk, "switch_on", by=world.actor("sena")).mode == RuleMode.ON


@pytest.mark.parametrize("verb", ["propose", "switch_on"])
def test_a_partners_own_people_do_not_decide_about_its_rule(world: World, verb: str) -> None:
    mode = RuleMode.SHADOW if verb == "propose" else RuleMode.PROPOSED
    rule = rule_in(world, mode, when="{bands: [low], partners: [P-1]}")
    PartnerMember.objects.create(user=world.user("tied"), partner=world.northwind, role=Role.READER)
    with pytest.raises(NotPermitted, match="a partner that this rule names"):
        rules.switch(rule.pk, verb, by=world.actor("tied"))
    assert rules.switch(rule.pk, "off", by=world.actor("tied")).mode == RuleMode.OFF


def test_what_could_decide_nothing_is_not_switched_on(world: World) -> None:
    rule = rule_in(world, RuleMode.PROPOSED)
    ReasonCode.objects.filter(pk="direct_sending_justified").delete()
    with pytest.raises(Conflict, match="direct_sending_justified does not fit"):
        rules.switch(rule.pk, "switch_on", by=world.actor("tied"))


def test_a_text_that_is_none_is_refused_and_nothing_is_switched(world: World) -> None:
    rule = rule_in(world, RuleMode.OFF)
    with pytest.raises(Invalid):
        rules.switch(rule.pk, "shadow", by=world.actor("sena"), why="x" * 100_000)
    rule.refresh_from_db()
    assert rule.mode == RuleMode.OFF


@pytest.mark.parametrize("rule_id", ["nothing", "", "\0", "x" * 5000])
def test_a_rule_that_is_not_there(world: World, rule_id: str) -> None:
    with pytest.raises(NotThere):
        rules.switch(rule_id, "off", by=world.actor("sena"))


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_confirm_once() -> None:
    world = make_world()
    world.user("remy").desk_role = DeskRole.SENIOR
    world.user("remy").save()
    rule = rule_in(world, RuleMode.PROPOSED)
    first, second = overlapped(
        lambda: rules.switch(rule.pk, "switch_on", by=world.actor("tied")),
        lambda: rules.switch(rule.pk, "switch_on", by=world.actor("remy")),
    )
    assert isinstance(first, AutoRule)
    assert isinstance(second, Conflict)
    assert RuleChange.objects.filter(mode=RuleMode.ON).count() == 1


# --- the database's own guard --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "refusal"),
    [
        ("UPDATE cases_autorule SET document = 'id: other'", "never changes"),
        ("UPDATE cases_autorule SET title = 'Harmless'", "never changes"),
        ("UPDATE cases_rulechange SET by_id = NULL", "append-only"),
        ("DELETE FROM cases_rulechange", "append-only"),
        ("DELETE FROM cases_autorule", "append-only"),
        ("UPDATE cases_autorule SET mode = 'on'", "on_takes_two_persons"),
        ("UPDATE cases_autorule SET mode = 'on', confirmed_by_id = proposed_by_id", "on_takes_two_persons"),
    ],
)
def test_the_database_keeps_rules_and_their_history(world: World, sql: str, refusal: str) -> None:
    rule_in(world, RuleMode.PROPOSED)
    connection.check_constraints()
    with pytest.raises((DatabaseError, IntegrityError), match=refusal), transaction.atomic():
        connection.cursor().execute(sql)


# --- loading -------------------------------------------------------------------------------------


def test_a_rule_is_loaded_off_and_the_same_file_twice_changes_nothing(tmp_path: Path, db: None) -> None:
    file = tmp_path / "rule.yaml"
    file.write_text(document())
    first, again = rules.load_rule(file), rules.load_rule(file)
    assert (first.is_new, again.is_new, first.rule.mode) == (True, False, RuleMode.OFF)
    assert RuleChange.objects.count() == 1


def test_another_document_under_its_id_is_refused(db: None) -> None:
    loaded()
    with pytest.raises(PolicyError, match="quick is loaded already with another document"):
        loaded(then="deny", reasons="relay_would_do")


def test_the_shipped_example_is_loaded_off_and_once(db: None) -> None:
    assert [each.rule.mode for each in rules.load_shipped_rules()] == [RuleMode.OFF]
    assert rules.load_shipped_rules() == []


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ({"when": "{}"}, "when.bands: is missing"),
        ({"when": "{bands: []}"}, "when.bands: is empty; it needs at least one"),
        ({"when": "{bands: [fine]}"}, "when.bands[0]: is fine; allowed: low, elevated"),
        ({"when": "{bands: [low, high, incomplete]}"}, "approves high and incomplete cases"),
        ({"when": "{bands: [low], outcomes: [cannot_tell]}"}, "is cannot_tell; allowed: 'may_request' or"),
        ({"when": "{bands: [low], clear: [karma]}"}, "is karma, which no check finds"),
        ({"when": "{bands: [low], moon: full}"}, "when.moon: is not a key here"),
        ({"when": "{bands: [low], most_daily_volume: 0}"}, "most_daily_volume: must be at least 1"),
        ({"then": "maybe"}, "then: is maybe; allowed: 'approve' or 'deny'"),
        ({"reasons": ""}, "reasons: is empty; it needs at least one"),
    ],
)
def test_a_document_with_faults_is_refused_with_line_and_key(
    db: None, parts: dict[str, str], line: str
) -> None:
    with pytest.raises(PolicyError) as refused:
        loaded(**parts)
    assert line in str(refused.value)
    assert str(refused.value).startswith("rule.yaml:")
    assert not AutoRule.objects.exists()
