"""The statement of reasons: what a customer is told with every decision, as plain data.

It is made once, stored with the decision, and rendered from there to page, mail and API. It has
what Article 17 of Regulation (EU) 2022/2065 asks of such statements: what and from when, the
facts, whether it was automated, the ground in the rules, and how to contest it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Self

from cases.models import CLASSIFICATION, Case, Verb
from cases.notices import wording
from subscriptions.policy.document import Policy
from subscriptions.policy.outcome import Outcome
from subscriptions.policy.wording import TEST_COMMAND, TEST_MEANS, ground

OPENS = (Verb.APPROVE, Verb.RESUME)
"""After these, port 25 is open."""


@dataclass(frozen=True, slots=True)
class ReasonText:
    """A reason in the words that the customer reads; ``title`` is empty where they are a partner's own."""

    code: str
    title: str
    text: str
    would_change: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do once port 25 is open; ``page`` is where it leads: ``readiness`` or ``revocation``."""

    text: str
    command: str = ""
    means: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """The notice of one decision; times are ISO 8601 in UTC, links are paths of this desk.

    ``in_words_of`` is the partner whose own words the reasons are, where they are no one's of the desk;
    ``revocation`` the number of the clause by which an exemption that was given can be taken back.
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
    next_steps: list[NextStep] = field(default_factory=list)
    revocation: str = ""

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
        steps = [NextStep(**step) for step in stored.get("next_steps", ())]
        return cls(**{**stored, "reasons": reasons, "next_steps": steps})


def statement(
    case: Case,
    verb: Verb,
    *,
    policy: Policy,
    at: datetime,
    is_automated: bool,
    reasons: Sequence[ReasonText] = (),
    text: str = "",
    exempt_by: str | None = None,
) -> Statement:
    """What the customer is told; ``exempt_by`` is the case that made the subscription exempt already."""
    judged, name = case.eligibility, case.subscription.name
    decliner = case.partner.name if verb == Verb.DECLINE and case.partner else ""
    return Statement(
        reference=case.reference,
        verb=str(verb),
        headline=wording.headline(verb, name, partner=decliner, exempt_by=exempt_by),
        what=wording.what(verb, name, partner=decliner, exempt_by=exempt_by),
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
        next_steps=_next_steps(policy) if verb in OPENS else [],
        revocation=policy.revocation_clause.number if verb in OPENS else "",
        in_words_of=decliner,
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
    number = case.eligibility["clause"]
    if number is None:
        return []
    clause = policy.clause(number)
    would_change = wording.WOULD_CHANGE.get(Outcome(case.outcome), "")
    title = ground(clause, case.family, policy)
    return [ReasonText(f"policy_{case.outcome}", title, clause.text, would_change)]


def _next_steps(policy: Policy) -> list[NextStep]:
    return [
        NextStep(wording.TEST_IT, command=TEST_COMMAND, means=TEST_MEANS),
        NextStep(wording.BE_READY, page="readiness"),
        NextStep(f"{wording.KEEP_IT} {policy.revocation_clause.text}", page="revocation"),
    ]
