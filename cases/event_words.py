"""The words for each kind of event: its line in a timeline, who is told of it by mail, and in which words.

Placeholders: ``{subscription}``, ``{customer}``, ``{partner}``, ``{due}``, ``{submitter}`` (customer
or partner, whoever sent the request) and ``{writer}`` (the side that wrote).
"""

from dataclasses import dataclass, field

from cases.actors import Side
from cases.models import EventKind


@dataclass(frozen=True, slots=True)
class MailWords:
    """Headline, what it means for the reader, and the words on the button.

    Where headline and lead are empty, the notice's own stand there.
    """

    headline: str
    lead: str
    button: str = "See the case"


@dataclass(frozen=True, slots=True)
class EventWords:
    """``title`` is the timeline's line; ``is_private`` events are shown to the desk alone.

    ``mails`` are for the sides that are told. Where there are none, nobody is: the event that
    follows it at once tells of it (submitted), or it is the desk's own (private notes, cleared
    flags).
    """

    title: str
    mails: dict[Side, MailWords] = field(default_factory=dict)
    is_private: bool = False


def _decided(title: str, at_partner: str, desk: MailWords | None = None) -> EventWords:
    """Decisions speak to the customer in the words of their notice, and pass it on to the partner."""
    mails = {
        Side.CUSTOMER: MailWords("", "", "Open the case"),
        Side.PARTNER: MailWords(
            at_partner, "This is the notice about {subscription} that {customer} got.", "Open the case"
        ),
    }
    return EventWords(title, mails | ({Side.DESK: desk} if desk else {}))


WORDS: dict[EventKind, EventWords] = {
    EventKind.SUBMITTED: EventWords("Request sent"),
    EventKind.REJECTED: _decided(
        "Rejected: the policy grants no such request",
        "Rejected: port 25 stays blocked for {subscription} of {customer}",
        MailWords(
            "Data disputed: {subscription}",
            "{submitter} says that the data by which the policy rejected this request is wrong. Look into it: "
            "open the case again, or say why the data is right.",
            "Open the case",
        ),
    ),
    EventKind.NOT_NEEDED: _decided(
        "Closed: nothing needs to be lifted", "Nothing to lift: {subscription} of {customer} is not blocked"
    ),
    EventKind.ROUTED: EventWords(
        "Passed to the partner",
        {
            Side.CUSTOMER: MailWords(
                "Your request for {subscription} is with {partner}",
                "This subscription comes through {partner}, your Cloud Solution Provider. They look at your "
                "request and pass it to us if a relay cannot be used. Please allow them until {due}.",
            ),
            Side.PARTNER: MailWords(
                "{customer} asks you to vouch for {subscription}",
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
                "We have the request of {customer} for {subscription}",
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
                "{partner} vouched for {subscription}",
                "Your request for {subscription} is now with our review team, which decides by {due}.",
            ),
            Side.PARTNER: MailWords(
                "{partner} vouched for {customer}: {subscription}",
                "The request for {subscription} is now with our review team, which decides by {due}.",
            ),
            Side.DESK: MailWords(
                "{partner} vouched: {subscription}",
                "{partner} stands by the request of {customer} for {subscription}. It is due by {due}.",
                "Open the case",
            ),
        },
    ),
    EventKind.DECLINED: _decided(
        "The partner declined", "Declined by {partner}: {subscription} of {customer}"
    ),
    EventKind.ASKED: EventWords(
        "We asked a question",
        dict.fromkeys(
            (Side.CUSTOMER, Side.PARTNER),
            MailWords(
                "We have a question about {subscription}",
                "The review stands still until {submitter} answers it in the case.",
                "Go to the question",
            ),
        ),
    ),
    EventKind.ANSWERED: EventWords(
        "The question was answered",
        {
            Side.DESK: MailWords(
                "Answered: {subscription}",
                "{submitter} answered your question. The case is due by {due}.",
                "Open the case",
            )
        },
    ),
    EventKind.MESSAGE: EventWords(
        "Message",
        dict.fromkeys(
            (Side.CUSTOMER, Side.PARTNER, Side.DESK),
            MailWords(
                "{writer} wrote about {subscription}",
                "Everybody in this case can read it. To answer, write in the case.",
                "Open the case",
            ),
        ),
    ),
    EventKind.NOTE: EventWords("Private note", is_private=True),
    EventKind.APPROVED: _decided("Approved", "Approved: port 25 is open for {subscription} of {customer}"),
    EventKind.DENIED: _decided("Denied", "Denied: port 25 stays blocked for {subscription} of {customer}"),
    EventKind.SUSPENDED: _decided(
        "Exemption suspended", "Suspended: port 25 is blocked again for {subscription} of {customer}"
    ),
    EventKind.RESUMED: _decided(
        "Exemption counts again", "Resumed: port 25 is open again for {subscription} of {customer}"
    ),
    EventKind.REVOKED: _decided(
        "Exemption revoked", "Revoked: port 25 is blocked again for {subscription} of {customer}"
    ),
    EventKind.WITHDRAWN: EventWords(
        "Request withdrawn",
        {
            Side.CUSTOMER: MailWords(
                "The request for {subscription} was withdrawn",
                "The case is closed and the block stays. You can ask again at any time.",
            ),
            Side.PARTNER: MailWords(
                "The request of {customer} for {subscription} was withdrawn",
                "The case is closed; nothing is left to do.",
            ),
        },
    ),
    EventKind.REOPENED: EventWords(
        "Opened again",
        dict.fromkeys(
            (Side.CUSTOMER, Side.PARTNER),
            MailWords(
                "We judge the request for {subscription} again",
                "The data that it was rejected by was wrong. What follows from the right data comes in the next "
                "mail.",
            ),
        ),
    ),
    EventKind.FLAGGED: EventWords(
        "Flagged for a reviewer",
        {
            Side.DESK: MailWords(
                "Exemption in question: {subscription}",
                "The offer of {subscription} or the policy changed, and its exemption is no longer allowed. Keep "
                "it or revoke it; nothing has been taken away.",
                "Open the case",
            )
        },
        is_private=True,
    ),
    EventKind.FLAG_CLEARED: EventWords("Flag cleared", is_private=True),
    EventKind.CHECKS_STARTED: EventWords("Checks started", is_private=True),
    EventKind.CHECKS_ENDED: EventWords("Checks ended", is_private=True),
}

LOOK_AT_ALL = "Keep or revoke each; nothing has been taken away."
IN_QUESTION = {
    "policy": MailWords(
        "{many} in question",
        f"The policy {{policy}} came into force and does not allow {{many}} any more. {LOOK_AT_ALL}",
        "See what is flagged",
    ),
    "changes": MailWords(
        "{many} in question",
        f"An import changed offers, and the policy in force does not allow {{many}} any more. {LOOK_AT_ALL}",
        "See what is flagged",
    ),
}
"""Many flags at once, by their cause. Placeholders: ``{many}`` (like "25 exemptions") and ``{policy}``."""
