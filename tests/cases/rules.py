"""Rules for tests: written, loaded, and brought into a mode by the real actions."""

from pathlib import Path
from tempfile import TemporaryDirectory

from cases.actions import rules
from cases.models import AutoRule, RuleMode
from tests.world import World

LOW = "{bands: [low]}"


def document(
    rule_id: str = "quick",
    *,
    when: str = LOW,
    then: str = "approve",
    reasons: str = "direct_sending_justified",
) -> str:
    """A rule's document: if nothing is said, it approves whatever has the band low."""
    return f"id: {rule_id}\ntitle: The rule {rule_id}\nwhen: {when}\nthen: {then}\nreasons: [{reasons}]\n"


def loaded(rule_id: str = "quick", **parts: str) -> AutoRule:
    """A rule as ``load_rule`` leaves it: off."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "rule.yaml"
        file.write_text(document(rule_id, **parts))
        return rules.load_rule(file).rule


def rule_in(world: World, mode: RuleMode, rule_id: str = "quick", **parts: str) -> AutoRule:
    """A new rule in that mode; ``sena`` proposed it and ``tied`` confirmed."""
    rule = loaded(rule_id, **parts)
    if mode != RuleMode.OFF:
        rule = rules.switch(rule.pk, "shadow", by=world.actor("sena"))
    if mode in (RuleMode.PROPOSED, RuleMode.ON):
        rule = rules.switch(rule.pk, "propose", by=world.actor("sena"))
    if mode == RuleMode.ON:
        rule = rules.switch(rule.pk, "switch_on", by=world.actor("tied"))
    return rule
