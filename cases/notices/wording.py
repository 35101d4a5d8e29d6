"""The words of decisions: one place for page, mail and API."""

from cases.models import Verb
from subscriptions.policy.outcome import Outcome

RELAY = (
    "You can send mail today through an authenticated relay on port 587 or 443. "
    "That is never restricted, whatever the offer."
)

_HEADLINES = {
    Verb.REJECT: "Rejected: port 25 stays blocked for {subscription}",
    Verb.CLOSE: "Nothing to lift: port 25 is not blocked for {subscription}",
    Verb.DECLINE: "Declined by {partner}: port 25 stays blocked for {subscription}",
    Verb.APPROVE: "Approved: port 25 is open for {subscription}",
    Verb.DENY: "Denied: port 25 stays blocked for {subscription}",
    Verb.SUSPEND: "Suspended: port 25 is blocked again for {subscription}",
    Verb.RESUME: "Resumed: port 25 is open again for {subscription}",
    Verb.REVOKE: "Revoked: port 25 is blocked again for {subscription}",
}

_WHAT = {
    Verb.REJECT: "Outbound port 25 stays blocked for {subscription}.",
    Verb.CLOSE: "Outbound port 25 is not blocked for {subscription}. "
    "Receivers may still refuse mail; that is between you and them.",
    Verb.DECLINE: "{partner} did not pass the request on, so outbound port 25 stays blocked for {subscription}.",
    Verb.APPROVE: "Outbound port 25 is open for all virtual machines of {subscription}, and of no other "
    "subscription. Receivers may still refuse mail.",
    Verb.DENY: "Outbound port 25 stays blocked for {subscription}.",
    Verb.SUSPEND: "Outbound port 25 is blocked again for {subscription} until we have looked into it.",
    Verb.RESUME: "Outbound port 25 is open again for all virtual machines of {subscription}.",
    Verb.REVOKE: "Outbound port 25 is blocked again for {subscription}.",
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

TEST_IT = (
    "Test it on a virtual machine of this subscription. If it is still blocked, write in this case, and "
    "we look into it."
)
BE_READY = (
    "Before you send much, see whether the records of your domains are ready: receivers look there first."
)
KEEP_IT = (
    "Keep complaints low: send only what people asked for, and act on abuse reports within one working day."
)

_EXEMPT_HEADLINE = "Exempt already: port 25 is open for {subscription}"
_EXEMPT_WHAT = "Outbound port 25 is open for {subscription} since case {reference} was approved."


def headline(verb: Verb, subscription: str, *, partner: str = "", exempt_by: str | None = None) -> str:
    """The first line of a notice, and the subject of its mail: what, and for which subscription.

    ``partner`` is named where it declined; ``exempt_by`` is the case that made the subscription exempt already.
    """
    words = _EXEMPT_HEADLINE if exempt_by else _HEADLINES[verb]
    return words.format(subscription=on_one_line(subscription), partner=on_one_line(partner))


def what(verb: Verb, subscription: str, *, partner: str = "", exempt_by: str | None = None) -> str:
    """What the decision means for the subscription; the arguments are those of ``headline``."""
    words = _EXEMPT_WHAT if exempt_by else _WHAT[verb]
    return words.format(
        subscription=on_one_line(subscription), partner=on_one_line(partner), reference=exempt_by
    )


def contest(verb: Verb) -> str:
    """How to contest it; empty where there is nothing to contest."""
    return _CONTEST.get(verb, "")


def on_one_line(text: str) -> str:
    """A name may hold line breaks, and must not look like words of ours."""
    return " ".join(text.split())
