"""The checker of the public pages: from what a visitor fills in to the policy's answer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from subscriptions.policy.document import Offer, Policy
from subscriptions.policy.evaluate import Eligibility, evaluate
from subscriptions.policy.facts import FactError, Facts

QUOTA_ID = re.compile(r".+_[0-9]{4}-[0-9]{2}-[0-9]{2}")
UNNAMED = "Not named by the policy"
FIELDS = {"offer_id": "offer", "quota_id": "pasted", "family": "pasted"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A field that is asked for because some rule of the policy has that condition."""

    fact: str
    label: str
    hint: str
    choices: tuple[str, ...] = ()


CONDITIONS = {
    "account_age_days": Condition("account_age_days", "Age of your account", "In days."),
    "paid_invoices": Condition("paid_invoices", "Invoices paid", "How many so far."),
    "paid_total_usd": Condition("paid_total_usd", "Paid in all", "In US dollars."),
    "identity_verified": Condition("identity_verified", "Is your identity verified?", "", ("yes", "no")),
}


def offers_by_family(policy: Policy) -> list[tuple[str, list[Offer]]]:
    """The policy's offers under their families' titles; those without a family come last."""
    groups = [(title, family) for family, title in policy.families.items()]
    found = [(title, [o for o in policy.offers if o.family == family]) for title, family in groups]
    found.append((UNNAMED, [offer for offer in policy.offers if offer.family is None]))
    return [(title, offers) for title, offers in found if offers]


def conditions_of(policy: Policy) -> list[Condition]:
    """What the policy's rules ask for beyond offer and date."""
    asked = {fact for rule in policy.rules for fact, _ in rule.conditions}
    return [condition for fact, condition in CONDITIONS.items() if fact in asked]


def facts_from(answers: Mapping[str, str], policy: Policy) -> Facts:
    """What a visitor stated: ``offer`` (chosen), ``pasted`` (an offer ID or a quotaId), ``created``.

    Raises ``FactError`` naming the form's field.
    """
    texts = {fact: answers.get(fact, "") for fact in (c.fact for c in conditions_of(policy))}
    texts |= {"offer_id": answers.get("offer", ""), "created": answers.get("created", "")}
    pasted = answers.get("pasted", "").strip()
    if pasted:
        texts |= _pasted(pasted, texts["offer_id"], policy)
    try:
        return Facts.from_text(texts)
    except FactError as error:
        raise FactError(FIELDS.get(error.field, error.field), error.reason) from None


def _pasted(text: str, chosen: str, policy: Policy) -> dict[str, str]:
    """The fact that a pasted text is; a quotaId may stand beside the chosen offer."""
    if policy.offer(text) is None and QUOTA_ID.fullmatch(text):
        return {"quota_id": text}
    if chosen and chosen.casefold() != text.casefold():
        raise FactError("pasted", f"you chose {chosen} and pasted {text[:100]}: leave one of the two empty")
    return {"offer_id": text}


def judged(facts: Facts, policy: Policy, at: datetime) -> Eligibility:
    """The policy's answer."""
    return evaluate(facts, policy, at)
