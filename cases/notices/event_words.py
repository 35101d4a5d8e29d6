"""The words for each kind of event: its line in a timeline, and what each side's mail says.

Placeholders: ``{reference}``, ``{subscription}``, ``{customer}``, ``{partner}``, ``{due}``.
"""

from dataclasses import dataclass, field

from cases.actors import Side
from cases.models import EventKind


@dataclass(frozen=True, slots=True)
class MailWords:
    """Headline, what it means for the reader, and the words on the button."""

    headline: str
    lead: str
    button: str = "See the case"


@dataclass(frozen=True, slots=True)
class EventWords:
    """``title`` is the timeline's line; ``is_private`` events are shown to the desk alone."""

    title: str
    mails: dict[Side, MailWords] = field(default_factory=dict)
    is_private: bool = False


_FROM_DECISION = "The statement below says what was decided, and why."


def _decided(title: str) -> EventWords:
    """Decisions speak through their notice: both sides read its headline and its first sentence."""
    mail = MailWords("", _FROM_DECISION, "Read the notice")
    return EventWords(title, {Side.CUSTOMER: mail, Side.PARTNER: mail})


WORDS: dict[EventKind, EventWords] = {
    EventKind.SUBMITTED: EventWords("Request sent"),
    EventKind.REJECTED: _decided("Rejected: the policy grants no such request"),
    EventKind.NOT_NEEDED: _decided("Closed: nothing needs to be lifted"),
    EventKind.ROUTED: EventWords(
        "Passed to the partner",
        {
            Side.CUSTOMER: MailWords(
                "Your request is with {partner}",
                "This subscription comes through {partner}, your Cloud Solution Provider. They look at your "
                "request and pass it to us if a relay cannot be used. Please allow them until {due}.",
            ),
            Side.PARTNER: MailWords(
                "{customer} asks you to vouch",
                "{customer} asks to lift the port 25 block for {subscription}. Vouch for the request or "
                "decline it by {due}.",
                "Look at the request",
            ),
        },
    ),
    EventKind.REVIEW_STARTED: EventWords(
        "Review started",
        {
            Side.CUSTOMER: MailWords(
                "We have the request for {subscription}",
                "Our review team looks at it and decides by {due}. You need not do anything until then.",
            ),
            Side.PARTNER: MailWords(
                "We have the request for {subscription}",
                "Our review team looks at it and decides by {due}. You need not do anything until then.",
            ),
            Side.DESK: MailWords(
                "A case waits for review: {subscription}",
                "{customer} asks to lift the port 25 block for {subscription}. It is due by {due}.",
                "Open the case",
            ),
        },
    ),
    EventKind.VOUCHED: EventWords(
        "The partner vouched",
        {
            Side.CUSTOMER: MailWords(
                "{partner} vouched for your request",
                "Your request is now with our review team, which decides by {due}.",
            ),
            Side.PARTNER: MailWords(
                "You vouched for {customer}",
                "The request is now with our review team, which decides by {due}.",
            ),
            Side.DESK: MailWords(
                "{partner} vouched: {subscription}",
                "{partner} stands by the request of {customer}. It is due by {due}.",
                "Open the case",
            ),
        },
    ),
    EventKind.DECLINED: _decided("The partner declined"),
    EventKind.ASKED: EventWords(
        "We asked a question",
        {
            Side.CUSTOMER: MailWords(
                "We have a question about {subscription}",
                "The review stands still until the question is answered.",
                "Answer the question",
            ),
            Side.PARTNER: MailWords(
                "We have a question about {subscription}",
                "The review stands still until the question is answered by whoever sent the request.",
                "Read the question",
            ),
        },
    ),
    EventKind.ANSWERED: EventWords(
        "The question was answered",
        {Side.DESK: MailWords("Answered: {subscription}", "The case is due by {due}.", "Open the case")},
    ),
    EventKind.MESSAGE: EventWords(
        "Message",
        {
            Side.CUSTOMER: MailWords("A message about {subscription}", "Somebody wrote in this case."),
            Side.PARTNER: MailWords("A message about {subscription}", "Somebody wrote in this case."),
            Side.DESK: MailWords(
                "A message about {subscription}", "Somebody wrote in this case.", "Open the case"
            ),
        },
    ),
    EventKind.NOTE: EventWords("Private note", is_private=True),
    EventKind.APPROVED: _decided("Approved"),
    EventKind.DENIED: _decided("Denied"),
    EventKind.SUSPENDED: _decided("Exemption suspended"),
    EventKind.RESUMED: _decided("Exemption counts again"),
    EventKind.REVOKED: _decided("Exemption revoked"),
    EventKind.WITHDRAWN: EventWords(
        "Request withdrawn",
        {
            Side.CUSTOMER: MailWords(
                "The request for {subscription} was withdrawn",
                "The case is closed and the block stays. You can ask again at any time.",
            ),
            Side.PARTNER: MailWords(
                "The request for {subscription} was withdrawn", "The case is closed; nothing is left to do."
            ),
        },
    ),
    EventKind.REOPENED: EventWords(
        "Opened again",
        {
            Side.CUSTOMER: MailWords(
                "We judge the request for {subscription} again",
                "The data that it was rejected by was wrong. You hear from us again when it is judged.",
            ),
            Side.PARTNER: MailWords(
                "We judge the request for {subscription} again",
                "The data that it was rejected by was wrong. You hear from us again when it is judged.",
            ),
        },
    ),
    EventKind.FLAGGED: EventWords(
        "Flagged for a reviewer",
        {
            Side.DESK: MailWords(
                "Exemption in question: {subscription}",
                "The offer of {subscription} changed, and the policy no longer allows its exemption. Keep it "
                "or revoke it; nothing has been taken away.",
                "Open the case",
            )
        },
        is_private=True,
    ),
    EventKind.FLAG_CLEARED: EventWords("Flag cleared", is_private=True),
}
