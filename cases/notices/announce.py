"""From an event to mails: what the outbox calls for topic ``case.event``."""

from email.utils import format_datetime
from textwrap import shorten
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from cases.actors import Side
from cases.event_words import WORDS
from cases.models import CaseEvent, CaseMessage, Decision, EventKind
from cases.notices.parts import Links, parts_of, written
from cases.notices.recipients import recipients
from cases.notices.statement import Statement
from cases.notices.wording import on_one_line
from cases.telling import sides_told
from outbox.email import email
from outbox.put import NewMessage
from people.models import User

PAGES = {Side.CUSTOMER: "customer:case", Side.PARTNER: "partner:case", Side.DESK: "review:case"}
READINESS = {Side.CUSTOMER: "customer:readiness", Side.PARTNER: "partner:readiness"}
LONGEST_SUBJECT = 150
REPLIES = "A program sent this mail and nobody reads replies to it: answer in the case."
BECAUSE = {
    Side.CUSTOMER: "You get it because you may act for {customer}.",
    Side.PARTNER: "You get it because you may act for {partner}.",
    Side.DESK: "You get it because you review cases.",
}


def expand(payload: dict[str, Any]) -> list[NewMessage]:
    """One mail for each person of the side that is told, except of what they wrote or did at the desk."""
    event = CaseEvent.objects.select_related("case__subscription", "case__customer", "case__partner").get(
        case__reference=payload["reference"], seq=payload["seq"]
    )
    side = Side(payload["side"])
    people = recipients(event.case, side)
    if side == Side.DESK or event.kind == EventKind.MESSAGE:
        people = people.exclude(pk=event.actor_id or 0)
    content = _content(event, side)
    is_first = _is_first(event, side)
    return [_mail(event, side, person, content, is_first=is_first) for person in people]


def _content(event: CaseEvent, side: Side) -> dict[str, Any]:
    """What the templates show; the same for each person of a side."""
    case, words, names = event.case, WORDS[EventKind(event.kind)].mails[side], _names(event)
    notice = _notice_of(event)
    headline = words.headline.format(**names) or (notice.headline if notice else "")
    links = Links(
        relay=_address("relay"),
        policy=_address("policy_version", notice.policy["id"] if notice else case.policy_id),
        readiness=f"{_address(READINESS[side])}?case={case.reference}" if side in READINESS else "",
    )
    return {
        "reference": case.reference,
        "subject": shorten(f"[{case.reference}] {headline}", LONGEST_SUBJECT, placeholder="…"),
        "subscription_name": names["subscription"],
        "headline": headline,
        "lead": words.lead.format(**names) or (notice.what if notice else ""),
        "notice": notice,
        "parts": parts_of(notice, links) if notice else [],
        "message": _message_of(event),
        "button": words.button,
        "link": _address(PAGES[side], case.reference),
        "because": BECAUSE[side].format(**names),
        "replies": REPLIES,
        "desk_name": settings.DESK_NAME,
    }


def _mail(
    event: CaseEvent, side: Side, person: User, content: dict[str, Any], *, is_first: bool
) -> NewMessage:
    reference = event.case.reference
    return mail_to(
        person,
        content,
        key=f"{reference}/{event.seq}/{side}/{person.pk}",
        thread=f"{reference}/{person.pk}",
        headers=_headers(event, person, is_first=is_first),
    )


def mail_to(
    person: User, content: dict[str, Any], *, key: str, thread: str, headers: dict[str, str]
) -> NewMessage:
    """One mail, as the templates of all mails about cases draw it from ``content``."""
    context = {**content, "greeted": on_one_line(person.name)}
    return email(
        key=key,
        thread=thread,
        to=person.email,
        subject=content["subject"],
        text=render_to_string("email/case.txt", context).strip() + "\n",
        html=render_to_string("email/case.html", context),
        headers=headers,
    )


def _headers(event: CaseEvent, person: User, *, is_first: bool) -> dict[str, str]:
    """A person's mails about a case stand in one thread (RFC 5322, section 3.6.4), in the order of its events.

    The first opens the thread. ``Date`` is when it happened: a mail that had to wait is sorted to
    its place, and one that arrives twice is the same mail twice.
    """
    host = host_of_mail()
    opening = f"{event.case.reference}.{person.pk}".lower()
    root, own = f"<{opening}@{host}>", f"<{opening}.{event.seq}@{host}>"
    headers = {"Date": format_datetime(event.at), "Auto-Submitted": "auto-generated"}
    if is_first:
        return {"Message-ID": root, **headers}
    return {"Message-ID": own, "In-Reply-To": root, "References": root, **headers}


def host_of_mail() -> str:
    """What stands behind the @ of a ``Message-ID``."""
    return urlsplit(settings.BASE_URL).hostname or ""


def _is_first(event: CaseEvent, side: Side) -> bool:
    earlier = CaseEvent.objects.filter(case=event.case_id, seq__lt=event.seq)
    return not any(side in sides_told(event.case, each) for each in earlier)


def _names(event: CaseEvent) -> dict[str, str]:
    """What the words of ``event_words`` may name, each on one line: a name may hold line breaks."""
    case = event.case
    partner = case.partner.name if case.partner else "your partner"
    by_side = {Side.CUSTOMER: case.customer.name, Side.PARTNER: partner}
    names = {
        "subscription": case.subscription.name,
        "customer": case.customer.name,
        "partner": partner,
        "submitter": by_side[Side(case.submitted_side)],
        "writer": by_side.get(Side(event.side), "Our review team"),
        "due": written(case.due_at) if case.due_at else "the time named on the case's page",
    }
    return {name: on_one_line(text) for name, text in names.items()}


def _address(name: str, *args: str) -> str:
    return settings.BASE_URL + reverse(name, args=args)


def _notice_of(event: CaseEvent) -> Statement | None:
    """The notice stored with the event's decision: the case's first event of a verb has its first decision."""
    if "notice" not in event.data:
        return None
    verb = event.data["verb"]
    events = CaseEvent.objects.filter(case=event.case_id, seq__lte=event.seq, data__verb=verb)
    decisions = Decision.objects.filter(case=event.case_id, verb=verb).order_by("id")
    return Statement.from_json(decisions[events.count() - 1].notice)


def _message_of(event: CaseEvent) -> CaseMessage | None:
    written_as = event.data.get("message")
    return CaseMessage.objects.get(pk=written_as) if written_as else None
