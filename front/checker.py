"""The checker of the public pages: what it asks for, and the facts in what a visitor fills in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from subscriptions.policy.document import Policy
from subscriptions.policy.facts import FactError, Facts

QUOTA_ID = re.compile(r".+_[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIELD_OF = {"offer_id": "pasted", "quota_id": "pasted"}
LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Condition:
    """A field that is asked for because some rule of the policy has that condition."""

    fact: str
    label: str
    hint: str = ""
    choices: tuple[str, ...] = ()


CONDITIONS = (
    Condition("account_age_days", "Age of your account", "In days."),
    Condition("paid_invoices", "Invoices paid", "How many so far."),
    Condition("paid_total_usd", "Paid in all", "In US dollars."),
    Condition("identity_verified", "Is your identity verified?", choices=("yes", "no")),
)


def conditions_of(policy: Policy) -> list[Condition]:
    """What the policy's rules ask for beyond offer and date."""
    asked = {fact for rule in policy.rules for fact, _ in rule.conditions}
    return [condition for condition in CONDITIONS if condition.fact in asked]


def facts_from(answers: Mapping[str, str], policy: Policy) -> Facts:
    """What a visitor stated: ``offer`` (chosen), ``pasted`` (an offer ID or a quotaId), ``created``.

    Raises ``FactError`` naming the form's field.
    """
    texts = {condition.fact: answers.get(condition.fact, "") for condition in conditions_of(policy)}
    texts |= {
        "offer_id": answers.get("offer", ""),
        "created": answers.get("created", ""),
    }
    if pasted := answers.get("pasted", "").strip():
        texts |= _pasted(pasted, texts["offer_id"], policy)
    try:
        return Facts.from_text(texts)
    except FactError as error:
        raise FactError(FIELD_OF.get(error.field, error.field), error.reason) from None


def _pasted(text: str, chosen: str, policy: Policy) -> dict[str, str]:
    """The fact that a pasted text is; a quotaId may stand beside the chosen offer."""
    if policy.offer(text) is None and QUOTA_ID.fullmatch(text):
        return {"quota_id": text}
    if chosen and chosen.casefold() != text.casefold():
        reason = f"you chose {chosen[:LONGEST_SHOWN]} and pasted {text[:LONGEST_SHOWN]}; leave one of the two empty"
        raise FactError("pasted", reason)
    return {"offer_id": text}
