"""Words of the policy for its pages."""

from datetime import datetime

from django import template

from subscriptions.policy.conditions import WORDS
from subscriptions.policy.document import Rule
from subscriptions.policy.explain import in_words
from subscriptions.policy.wording import words_for

register = template.Library()
OWN = "None: "


@register.filter
def asked(rule: Rule) -> str:
    """What a rule asks for beyond family and date: ``at least 1 invoice paid and a verified identity``."""
    return " and ".join(WORDS[condition].asked(needed) for condition, needed in rule.conditions)


@register.filter
def chip_label(outcome: str) -> str:
    """An outcome's name within a sentence."""
    return words_for(outcome).chip.lower()


@register.filter
def cited(citation: str) -> str:
    """Where a clause comes from; a document writes ``None: …`` for one that is the provider's own."""
    return f"Our own rule: {citation.removeprefix(OWN)}" if citation.startswith(OWN) else citation


@register.filter
def instant(moment: datetime) -> str:
    """A cut-off as the policy means it, in UTC: ``15 Nov 2017, 00:00 UTC``."""
    return in_words(moment)
