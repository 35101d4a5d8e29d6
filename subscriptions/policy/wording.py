"""The words for each outcome: the one place that pages, mails and the API take them from."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from subscriptions.policy.document import Clause, Policy
from subscriptions.policy.eligibility import Eligibility
from subscriptions.policy.outcome import Outcome


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """How one outcome is said.

    ``headline`` comes before any why, ``way_on`` is the one thing to do next, ``chip`` its name in
    a list. ``meaning`` is one of the four that colours stand for (``open``, ``blocked``,
    ``waiting``, ``held``), ``icon`` the name of a picture for it.
    """

    headline: str
    way_on: str
    chip: str
    meaning: str
    icon: str

    @property
    def is_blocked(self) -> bool:
        """Whether port 25 is known to be blocked now."""
        return self.meaning in ("blocked", "waiting")


_BLOCKED = "Outbound port 25 is blocked for this subscription"

OUTCOME_WORDS: Mapping[Outcome, OutcomeWords] = MappingProxyType(
    {
        Outcome.NOT_BLOCKED: OutcomeWords(
            "Outbound port 25 is not blocked for this subscription",
            "You can send directly now. There is nothing to ask for.",
            "Not blocked",
            "open",
            "gate-open",
        ),
        Outcome.MAY_REQUEST: OutcomeWords(
            _BLOCKED,
            "You can ask for the block to be lifted.",
            "Blocked, may ask",
            "blocked",
            "gate-closed",
        ),
        Outcome.NOT_YET: OutcomeWords(
            _BLOCKED,
            "You can ask for the block to be lifted later, once the conditions below are met.",
            "Blocked, not yet",
            "waiting",
            "clock",
        ),
        Outcome.VIA_PARTNER: OutcomeWords(
            _BLOCKED,
            "Your Cloud Solution Provider can ask for you if a secure relay cannot be used.",
            "Blocked, via partner",
            "waiting",
            "partner",
        ),
        Outcome.NEVER: OutcomeWords(
            _BLOCKED,
            "The block is not lifted for this offer. Send through an authenticated relay instead.",
            "Blocked, never lifted",
            "blocked",
            "gate-closed",
        ),
        Outcome.CANNOT_TELL: OutcomeWords(
            "We cannot tell yet whether port 25 is blocked for this subscription",
            "What is known does not settle it. A person decides; nobody guesses.",
            "Cannot tell yet",
            "held",
            "question",
        ),
    }
)


TEST_COMMAND = "nc -vz -w 5 gmail-smtp-in.l.google.com 25"
"""Run on a virtual machine, it shows whether port 25 is open there."""
TEST_MEANS = "“succeeded” or “open”: port 25 is open. A time-out: it is blocked."


def words_for(outcome: Outcome | str) -> OutcomeWords:
    """The words for an outcome or its value; raises ``ValueError`` for another text."""
    return OUTCOME_WORDS[Outcome(outcome)]


def why(answer: Eligibility, policy: Policy) -> str:
    """Why it is so, in one line: family and clause, or the open question where nobody can tell.

    Like ``Pay-As-You-Go, created on or after 15 November 2017``.
    """
    if answer.question:
        return answer.question
    return ground(policy.clause(answer.clause), answer.family, policy) if answer.clause else ""


def ground(clause: Clause, family: str | None, policy: Policy) -> str:
    """A clause by its title, after the family that it was applied to, where that is known."""
    name = policy.families.get(family, "") if family else ""
    return f"{name}, {clause.title[:1].lower()}{clause.title[1:]}" if name else clause.title
