"""Rules for automatic decisions: loaded off, tried in the shadow, proposed, and switched on by a second person.

Each is one transaction with the rule's row locked, and leaves a ``RuleChange``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from cases.actions.conversation import optional_text
from cases.actors import Actor
from cases.antifraud.rules.document import read_rule
from cases.antifraud.rules.stored import rule_of, shipped_rules, text_of_rule
from cases.decisions import reasons_of
from cases.models import AutoRule, RuleChange, RuleMode, Verb
from cases.refusals import Conflict, Invalid, NotPermitted, NotThere
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


def try_in_shadow(rule_id: str, *, by: Actor, why: str = "") -> AutoRule:
    """Let it say at each round's end what it would do; nothing follows from it."""
    return _switch(rule_id, SWITCHES["shadow"], by=by, why=why)


def propose(rule_id: str, *, by: Actor, why: str = "") -> AutoRule:
    """Ask a second person to switch it on; until then it stays in the shadow."""
    return _switch(rule_id, SWITCHES["propose"], by=by, why=why)


def switch_on(rule_id: str, *, by: Actor, why: str = "") -> AutoRule:
    """Let it decide from now on: by another person than who proposed it."""
    return _switch(rule_id, SWITCHES["switch_on"], by=by, why=why)


def switch_off(rule_id: str, *, by: Actor, why: str = "") -> AutoRule:
    """Stop it: once this has returned it decides nothing more."""
    return _switch(rule_id, SWITCHES["off"], by=by, why=why)


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
        return "Senior reviewers switch rules."
    ways_on = [each for each in SWITCHES.values() if rule.mode in each.sources]
    return next((why for each in ways_on if (why := _hinders(rule, each, actor))), "")


def _switch(rule_id: str, switch: Switch, *, by: Actor, why: str) -> AutoRule:
    with _locked(rule_id, by=by) as rule:
        if rule.mode not in switch.sources:
            mode = RuleMode(rule.mode).label.lower()
            raise Conflict(f"This rule is {mode}, so this cannot be done to it now. Look at it again.")
        if hindrance := _hinders(rule, switch, by):
            raise NotPermitted(hindrance)
        if switch.target in (RuleMode.PROPOSED, RuleMode.ON):
            _refuse_if_unusable(rule)
        rule.mode = switch.target
        rule.proposed_by_id = _proposer(rule, switch, by)
        rule.confirmed_by_id = by.person_id if switch.target == RuleMode.ON else None
        rule.save(update_fields=["mode", "proposed_by", "confirmed_by"])
        RuleChange.objects.create(
            rule=rule,
            mode=rule.mode,
            by_id=by.person_id,
            why=optional_text("why", why),
            at=timezone.now(),
        )
    return rule


@contextmanager
def _locked(rule_id: str, *, by: Actor) -> Iterator[AutoRule]:
    """One transaction around one rule; rounds that end just now are waited for (``actions.trials``)."""
    if not by.may_read_desk:
        raise NotThere("There is no such rule.")
    with transaction.atomic():
        rules = AutoRule.objects.select_for_update()
        rule = rules.filter(pk=rule_id).first() if SLUG.fullmatch(rule_id) else None
        if rule is None:
            raise NotThere("There is no such rule.")
        if not by.is_senior:
            raise NotPermitted("Senior reviewers switch rules.")
        yield rule


def _proposer(rule: AutoRule, switch: Switch, by: Actor) -> int | None:
    if switch.target == RuleMode.PROPOSED:
        return by.person_id
    return rule.proposed_by_id if switch.target == RuleMode.ON else None


def _hinders(rule: AutoRule, switch: Switch, actor: Actor) -> str:
    """Why this senior may not; anybody of them may stop it."""
    if switch.target == RuleMode.ON and rule.proposed_by_id == actor.user_id:
        return "You proposed this rule. Another senior reviewer switches it on."
    if switch.target in (RuleMode.PROPOSED, RuleMode.ON) and _is_of_named_partner(rule, actor):
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
