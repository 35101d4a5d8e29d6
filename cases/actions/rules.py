"""Rules for automatic decisions: loaded off, tried in the shadow, proposed, and switched on by a second person.

Each is one transaction with the rule's row locked, and leaves a ``RuleChange``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from cases.actions import replays
from cases.actions.conversation import optional_text
from cases.actors import Actor
from cases.antifraud.rules.document import read_rule
from cases.antifraud.rules.replay import replay_summed
from cases.antifraud.rules.stored import rule_of, shipped_rules, text_of_rule
from cases.decisions import reasons_of
from cases.models import AutoRule, RuleChange, RuleMode, Verb
from cases.refusals import Conflict, Invalid, NotPermitted, NotThere, existing
from subscriptions.models import Partner
from subscriptions.policy.kinds import SLUG
from subscriptions.policy.source import PolicyError


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading came to; ``is_new`` is false where the same document was there already."""

    rule: AutoRule
    is_new: bool


@dataclass(frozen=True, slots=True)
class Switch:
    """One way to switch a rule: from which modes, into which, and in words for a button."""

    verb: str
    label: str
    sources: frozenset[RuleMode]
    target: RuleMode


SWITCHES = {
    switch.verb: switch
    for switch in (
        Switch("switch_on", "Switch it on", frozenset({RuleMode.PROPOSED}), RuleMode.ON),
        Switch("propose", "Propose to switch it on", frozenset({RuleMode.SHADOW}), RuleMode.PROPOSED),
        Switch(
            "shadow", "Try it in the shadow", frozenset({RuleMode.OFF, RuleMode.PROPOSED}), RuleMode.SHADOW
        ),
        Switch(
            "off",
            "Switch it off",
            frozenset({RuleMode.SHADOW, RuleMode.PROPOSED, RuleMode.ON}),
            RuleMode.OFF,
        ),
    )
}
SENIORS_ALONE = "Senior reviewers switch rules."
MOST_LISTED = 50  # cases of each kind that a kept replay names
VERBS = {"approve": Verb.APPROVE, "deny": Verb.DENY}
"""What a rule's ``then`` decides."""


def load_rule(path: Path) -> Loaded:
    """Load one document as a rule, off; the same document twice changes nothing.

    Raises ``PolicyError`` where it is no rule or its id stands for another document, ``OSError``
    where it is not there.
    """
    text = text_of_rule(path)
    rule = read_rule(text, path.name)
    now = timezone.now()
    with transaction.atomic():
        row, is_new = AutoRule.objects.get_or_create(
            pk=rule.id, defaults={"title": rule.title, "document": text, "made_at": now}
        )
        if is_new:
            RuleChange.objects.create(rule=row, mode=row.mode, at=now)
    if row.document != text:
        raise PolicyError(
            f"{path.name}: id: {rule.id} is loaded already with another document, and a rule never "
            "changes; give this one an id of its own"
        )
    return Loaded(row, is_new)


def load_shipped_rules() -> list[Loaded]:
    """Load the examples that come with the product, off. One that was loaded before stays as it is."""
    known = set(AutoRule.objects.values_list("pk", flat=True))
    return [load_rule(path) for path in shipped_rules() if path.stem not in known]


def switch(rule_id: str, verb: str, *, by: Actor, why: str = "") -> AutoRule:
    """Take one of ``SWITCHES``; once it is off it decides nothing more. Raises ``Invalid`` for another verb."""
    if (chosen := SWITCHES.get(verb)) is None:
        raise Invalid({"verb": "Choose what to do with the rule by one of the buttons."})
    with _locked(rule_id, by=by) as rule:
        _refuse_switch(rule, chosen, by)
        rule.mode = chosen.target
        rule.proposed_by_id = _proposer(rule, chosen, by)
        rule.confirmed_by_id = by.person_id if chosen.target == RuleMode.ON else None
        rule.save(update_fields=["mode", "proposed_by", "confirmed_by"])
        RuleChange.objects.create(
            rule=rule,
            mode=rule.mode,
            by_id=by.person_id,
            why=optional_text("why", why),
            at=timezone.now(),
        )
    return rule


def ask_for_replay(rule_id: str, *, by: Actor) -> AutoRule:
    """Have the rule held against all history in the background; one replay at a time."""
    if not by.is_reviewer:
        raise NotPermitted("Reviewers replay rules.")
    with _locked(rule_id, by=by) as rule:
        _refuse_if_unreadable(rule)
        replays.ask_for(rule, "rules.replay")
    return rule


def replay_rule(rule_id: str) -> None:
    """Hold the rule against all history, and keep the counts and the first of each kind."""
    row = AutoRule.objects.get(pk=rule_id)
    replays.keep(row, replay_summed(rule_of(row), MOST_LISTED).as_json())


def give_up_replay_of_rule(rule_id: str) -> None:
    """Let the page say that the replay failed, so that somebody asks again."""
    replays.keep(AutoRule.objects.get(pk=rule_id), {"has_failed": True})


def switches_of(rule: AutoRule, actor: Actor) -> list[Switch]:
    """What the actor may do with the rule now: what a page's buttons are made from."""
    if not actor.is_senior:
        return []
    return [
        each for each in SWITCHES.values() if rule.mode in each.sources and not _hinders(rule, each, actor)
    ]


def hindrance_of(rule: AutoRule, actor: Actor) -> str:
    """Why the actor has fewer buttons than the rule has ways on; nothing where they have all."""
    if not actor.is_senior:
        return SENIORS_ALONE
    ways_on = [each for each in SWITCHES.values() if rule.mode in each.sources]
    return next((why for each in ways_on if (why := _hinders(rule, each, actor))), "")


def _refuse_switch(rule: AutoRule, chosen: Switch, by: Actor) -> None:
    if not by.is_senior:
        raise NotPermitted(SENIORS_ALONE)
    if rule.mode not in chosen.sources:
        mode = RuleMode(rule.mode).label.lower()
        raise Conflict(f"This rule is {mode}, so this cannot be done to it now. Look at it again.")
    if hindrance := _hinders(rule, chosen, by):
        raise NotPermitted(hindrance)
    if chosen.target in (RuleMode.PROPOSED, RuleMode.ON):
        _refuse_if_unusable(rule)


@contextmanager
def _locked(rule_id: str, *, by: Actor) -> Iterator[AutoRule]:
    """One transaction around one rule; rounds that end just now are waited for (``actions.trials``)."""
    if not by.may_read_desk:
        raise NotThere("There is no such rule.")
    with transaction.atomic():
        rules = AutoRule.objects.select_for_update()
        yield existing(rules.filter(pk=rule_id).first() if SLUG.fullmatch(rule_id) else None, "rule")


def _proposer(rule: AutoRule, chosen: Switch, by: Actor) -> int | None:
    if chosen.target == RuleMode.PROPOSED:
        return by.person_id
    return rule.proposed_by_id if chosen.target == RuleMode.ON else None


def _hinders(rule: AutoRule, chosen: Switch, actor: Actor) -> str:
    """Why this senior may not; anybody of them may stop it."""
    if chosen.target == RuleMode.ON and rule.proposed_by_id == actor.user_id:
        return "You proposed this rule. Another senior reviewer switches it on."
    if chosen.target in (RuleMode.PROPOSED, RuleMode.ON) and _is_of_named_partner(rule, actor):
        return "You belong to a partner that this rule names. Somebody else decides about it."
    return ""


def _is_of_named_partner(rule: AutoRule, actor: Actor) -> bool:
    if not actor.partners:
        return False
    try:
        named = rule_of(rule).when.partners
    except PolicyError:
        return False  # nobody switches it on as it is
    return Partner.objects.filter(pk__in=list(actor.partners), number__in=named).exists()


def _refuse_if_unusable(row: AutoRule) -> None:
    try:
        rule = rule_of(row)
        reasons_of(rule.reasons, VERBS[rule.then])
    except (PolicyError, Invalid) as error:
        raise Conflict(f"This rule cannot decide anything as it is: {error}") from None


def _refuse_if_unreadable(row: AutoRule) -> None:
    try:
        rule_of(row)
    except PolicyError as error:
        raise Conflict(f"This rule cannot be replayed as it is: {error}") from None
