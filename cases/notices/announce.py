"""From an event to mails: what the outbox calls for topic ``case.event``."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from cases.actors import Side
from cases.models import Case, CaseEvent, CaseMessage, Decision, EventKind
from cases.notices.event_words import WORDS
from cases.notices.recipients import recipients
from cases.notices.statement import Statement
from outbox.email import email
from outbox.put import NewMessage
from people.models import User

PAGES = {Side.CUSTOMER: "customer:case", Side.PARTNER: "partner:case", Side.DESK: "review:case"}


def expand(payload: dict[str, Any]) -> list[NewMessage]:
    """One mail for each person of the side that is told, except who did it themselves."""
    event = CaseEvent.objects.select_related("case__subscription", "case__customer", "case__partner").get(
        case__reference=payload["reference"], seq=payload["seq"]
    )
    side = Side(payload["side"])
    content = _content(event, side)
    people = recipients(event.case, side)
    if side == Side.DESK:
        people = people.exclude(pk=event.actor_id or 0)
    return [_mail(event, side, person, content) for person in people]


def _content(event: CaseEvent, side: Side) -> dict[str, Any]:
    """What the templates show; the same for each person of a side."""
    case, words = event.case, WORDS[EventKind(event.kind)].mails[side]
    notice = _notice_of(event)
    return {
        "reference": case.reference,
        "subscription": case.subscription,
        "headline": notice.headline if notice else _filled(words.headline, case),
        "lead": notice.what if notice else _filled(words.lead, case),
        "notice": notice,
        "message": _message_of(event),
        "button": words.button,
        "link": settings.BASE_URL + reverse(PAGES[side], args=[case.reference]),
        "relay_link": settings.BASE_URL + reverse("public:relay"),
        "policy_link": settings.BASE_URL + reverse("public:policy_version", args=[case.policy_id]),
        "desk_name": settings.DESK_NAME,
    }


def _mail(event: CaseEvent, side: Side, person: User, content: dict[str, Any]) -> NewMessage:
    case = event.case
    context = {**content, "person": person}
    return email(
        key=f"{case.reference}/{event.seq}/{side}/{person.pk}",
        thread=f"{case.reference}/{person.pk}",
        to=person.email,
        subject=_subject(case, content["headline"]),
        text=render_to_string("email/case.txt", context).strip() + "\n",
        html=render_to_string("email/case.html", context),
        headers=_threading(case.reference, event.seq, person.pk),
    )


def _subject(case: Case, headline: str) -> str:
    """One line, whatever a subscription is called: a name may hold line breaks."""
    return " ".join(f"[{case.reference}] {headline}".split())


def _threading(reference: str, seq: int, person_id: int) -> dict[str, str]:
    """Message-ID and References (RFC 5322, section 3.6.4): a case's mails stand in one thread."""
    host = urlsplit(settings.BASE_URL).hostname
    root = f"<{reference}.{person_id}@{host}>".lower()
    return {
        "Message-ID": f"<{reference}.{person_id}.{seq}@{host}>".lower(),
        "In-Reply-To": root,
        "References": root,
        "Auto-Submitted": "auto-generated",
    }


def _filled(words: str, case: Case) -> str:
    return words.format(
        reference=case.reference,
        subscription=case.subscription.name,
        customer=case.customer.name,
        partner=case.partner.name if case.partner else "your partner",
        due=_written(case.due_at) if case.due_at else "the time named on the case's page",
    )


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%a %-d %b %Y, %H:%M} UTC"


def _notice_of(event: CaseEvent) -> Statement | None:
    if "notice" not in event.data:
        return None
    decision = Decision.objects.filter(case=event.case_id, verb=event.data["verb"], made_at__lte=event.at)
    return Statement.from_json(decision.latest("id").notice)


def _message_of(event: CaseEvent) -> CaseMessage | None:
    written = event.data.get("message")
    return CaseMessage.objects.get(pk=written) if written else None
