"""The statement of reasons: what a customer is told with every decision, as plain data.

It is made once, stored with the decision, and rendered from there to page, mail and API. It has
what Article 17 of Regulation (EU) 2022/2065 asks of such statements: what and from when, the
facts, whether it was automated, the ground in the rules, and how to contest it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from cases.models import CLASSIFICATION, Case, Verb
from cases.notices import wording
from subscriptions.policy.document import Policy
from subscriptions.policy.evaluate import Outcome


@dataclass(frozen=True, slots=True)
class ReasonText:
    """A reason in the words that the customer reads; ``title`` is empty where they are a partner's own."""

    code: str
    title: str
    text: str
    would_change: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """The notice of one decision; times are ISO 8601 in UTC, links are paths of this desk.

    ``in_words_of`` is the partner whose own words the reasons are, where they are no one's of the desk.
    """

    reference: str
    verb: str
    headline: str
    what: str
    since: str
    subscription: dict[str, str]
    facts: list[dict[str, str]]
    reasons: list[ReasonText]
    text: str
    clause: dict[str, str]
    policy: dict[str, str]
    unmet: list[str]
    ask_again_from: str
    is_automated: bool
    classification: str
    relay: str
    contest: str
    in_words_of: str = ""

    @property
    def decided_by(self) -> str:
        """Who decided, after "Decided": the policy by itself, the partner, or a person of the desk."""
        if self.is_automated:
            return "automatically, by the policy"
        return "by your partner" if self.verb == Verb.DECLINE else "by a person"

    def as_json(self) -> dict[str, Any]:
        """Plain values, as stored."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The statement that ``as_json`` gave."""
        reasons = [ReasonText(**reason) for reason in stored["reasons"]]
        return cls(**{**stored, "reasons": reasons})


def statement(
    case: Case,
    verb: Verb,
    *,
    policy: Policy,
    at: datetime,
    is_automated: bool,
    reasons: Sequence[ReasonText] = (),
    text: str = "",
    standing: str | None = None,
) -> Statement:
    """What the customer is told; ``standing`` is the case that made the subscription exempt already."""
    judged = case.eligibility
    return Statement(
        reference=case.reference,
        verb=str(verb),
        headline=wording.headline(verb, standing),
        what=wording.what(verb, standing),
        since=at.isoformat(),
        subscription=_subscription(case),
        facts=_facts(case, policy),
        reasons=list(reasons) or _policy_reasons(case, policy),
        text=text,
        clause=_clause(judged["clause"], policy),
        policy={"id": policy.id, "title": policy.title},
        unmet=[unmet["sentence"] for unmet in judged["unmet"]],
        ask_again_from=judged["ask_again_from"] or "",
        is_automated=is_automated,
        classification=CLASSIFICATION,
        relay=wording.RELAY,
        contest=wording.contest(verb),
        in_words_of=case.partner.name if verb == Verb.DECLINE and case.partner else "",
    )


def _subscription(case: Case) -> dict[str, str]:
    subscription = case.subscription
    return {
        "id": str(subscription.pk),
        "name": subscription.name,
        "offer_id": subscription.offer_id,
        "quota_id": subscription.quota_id,
        "family": case.family,
    }


def _facts(case: Case, policy: Policy) -> list[dict[str, str]]:
    """What the decision rests on; of the customer's account only what this policy asks about.

    The partner reads the notice as well, and nobody's invoices are theirs to know without need.
    """
    return [
        {key: value for key, value in fact.items() if key != "condition"}
        for fact in case.facts
        if not fact.get("condition") or fact["condition"] in policy.conditions_asked
    ]


def _clause(number: str | None, policy: Policy) -> dict[str, str]:
    if number is None:
        return {}
    clause = policy.clause(number)
    return {"number": clause.number, "title": clause.title, "text": clause.text, "citation": clause.citation}


def _policy_reasons(case: Case, policy: Policy) -> list[ReasonText]:
    """Where no person chose reasons, the policy's clause is the reason."""
    clause = _clause(case.eligibility["clause"], policy)
    if not clause:
        return []
    would_change = wording.WOULD_CHANGE.get(Outcome(case.outcome), "")
    return [ReasonText(f"policy_{case.outcome}", clause["title"], clause["text"], would_change)]
