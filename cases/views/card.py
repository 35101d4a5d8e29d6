"""What ``components/outcome_card.html`` takes: the answer for a subscription, without its buttons."""

from dataclasses import dataclass
from datetime import datetime

from cases.status import Port, SubscriptionStatus
from subscriptions.policy.document import Clause, Policy
from subscriptions.policy.wording import why, words_for


@dataclass(frozen=True, slots=True)
class Card:
    """How port 25 stands; ``way_on`` is what that means for who reads it, in the words of their room."""

    meaning: str
    headline: str
    way_on: str
    why: str = ""
    clause: Clause | None = None
    since: datetime | None = None
    stub: str = ""
    port25: str = ""


def card_of(status: SubscriptionStatus, policy: Policy, way_on: str) -> Card:
    """By the exemption, where there is one, or else by the policy."""
    if status.port == Port.EXEMPT:
        return Card(
            meaning="open",
            headline="Outbound port 25 is open for this subscription",
            way_on=way_on,
            since=status.exempt_since,
        )
    if status.port == Port.SUSPENDED:
        return Card(
            meaning="held",
            headline="Outbound port 25 is blocked: the exemption is suspended",
            way_on=way_on,
            stub="Suspended",
            port25="blocked",
        )
    words, answer = words_for(status.eligibility.outcome), status.eligibility
    return Card(
        meaning=words.meaning,
        headline=words.headline,
        way_on=way_on,
        why=why(answer, policy),
        clause=policy.clause(answer.clause) if answer.clause else None,
    )
