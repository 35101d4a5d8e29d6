"""The words of decisions: one place for page, mail and API."""

from cases.models import Verb
from subscriptions.policy.evaluate import Outcome

RELAY = (
    "You can send mail today through an authenticated relay on port 587 or 443. "
    "That is never restricted, whatever the offer."
)

_HEADLINES = {
    Verb.REJECT: "Your request was rejected",
    Verb.CLOSE: "Nothing needs to be lifted",
    Verb.DECLINE: "Your partner did not pass your request on",
    Verb.APPROVE: "Your request was approved",
    Verb.DENY: "Your request was denied",
    Verb.SUSPEND: "The exemption is suspended",
    Verb.RESUME: "The exemption counts again",
    Verb.REVOKE: "The exemption was revoked",
}

_WHAT = {
    Verb.REJECT: "Outbound port 25 stays blocked for this subscription.",
    Verb.CLOSE: "Outbound port 25 is not blocked for this subscription. "
    "Receivers may still refuse mail; that is between you and them.",
    Verb.DECLINE: "Outbound port 25 stays blocked for this subscription.",
    Verb.APPROVE: "Outbound port 25 is open for all virtual machines of this subscription, and of no "
    "other. It can be taken back if our terms are broken. Receivers may still refuse mail.",
    Verb.DENY: "Outbound port 25 stays blocked for this subscription.",
    Verb.SUSPEND: "Outbound port 25 is blocked again for this subscription until we have looked into it.",
    Verb.RESUME: "Outbound port 25 is open again for all virtual machines of this subscription.",
    Verb.REVOKE: "Outbound port 25 is blocked again for this subscription.",
}

_CONTEST = {
    Verb.REJECT: "If the data about your subscription is wrong, write so in this case: a person "
    "looks at it, and it is judged again by the right data.",
    Verb.DECLINE: "Talk to your partner. You can ask again once what they named has changed.",
    Verb.DENY: "If you think that this is wrong, write in this case and say why; a person reads it. "
    "You can ask again once what is named above has changed.",
    Verb.SUSPEND: "Write in this case what happened and what you did about it; a person reads it.",
    Verb.REVOKE: "If you think that this is wrong, write in this case and say why; a person reads it.",
}

WOULD_CHANGE = {
    Outcome.NEVER: "A subscription of another offer, one for which the policy lets you ask.",
    Outcome.NOT_YET: "Meeting the conditions named here; then ask again.",
}
"""What would change an outcome that the policy alone decided."""

_STANDING_HEADLINE = "This subscription is exempt already"
_STANDING_WHAT = "Outbound port 25 is open for this subscription since case {reference} was approved."


def headline(verb: Verb, standing: str | None = None) -> str:
    """The first line of a notice."""
    return _STANDING_HEADLINE if standing else _HEADLINES[verb]


def what(verb: Verb, standing: str | None = None) -> str:
    """What the decision means for the subscription."""
    return _STANDING_WHAT.format(reference=standing) if standing else _WHAT[verb]


def contest(verb: Verb) -> str:
    """How to contest it; empty where there is nothing to contest."""
    return _CONTEST.get(verb, "")
