"""One mail for each reviewer of all exemptions that came into question at once: topic ``cases.flagged``."""

from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from cases.access import without_interest
from cases.actors import Actor, Side
from cases.event_words import IN_QUESTION
from cases.models import Case
from cases.notices.announce import BECAUSE, REPLIES, host_of_mail
from cases.notices.parts import Part, Point
from cases.notices.recipients import reviewers
from cases.notices.wording import on_one_line
from cases.telling import flags_of
from outbox.email import email
from outbox.put import NewMessage
from people.models import User

NAMED = 5
"""So many cases are named; the others are behind the button."""


def tell(payload: dict[str, Any]) -> list[NewMessage]:
    """What is in question still, to each reviewer who may decide any of it."""
    flags = flags_of(payload["cause"])
    last = flags.aggregate(at=Max("at"))["at"]
    cases = Case.objects.filter(pk__in=flags.values("case")).order_by("pk")
    mails = []
    for person in reviewers():
        theirs = without_interest(cases, Actor.of(person))
        if count := theirs.count():
            headers = _headers(payload["key"], person, format_datetime(last))
            mails.append(_mail(payload["key"], person, _content(payload["cause"], theirs, count), headers))
    return mails


def _mail(key: str, person: User, content: dict[str, Any], headers: dict[str, str]) -> NewMessage:
    context = {**content, "greeted": on_one_line(person.name)}
    return email(
        key=f"{key}/{person.pk}",
        thread=f"{key}/{person.pk}",
        to=person.email,
        subject=content["subject"],
        text=render_to_string("email/case.txt", context).strip() + "\n",
        html=render_to_string("email/case.html", context),
        headers=headers,
    )


def _content(cause: dict[str, Any], cases: QuerySet[Case], count: int) -> dict[str, Any]:
    words = IN_QUESTION["policy" if "policy" in cause else "changes"]
    names = {
        "many": "1 exemption" if count == 1 else f"{count} exemptions",
        "policy": cause.get("policy", ""),
    }
    headline = words.headline.format(**names)
    return {
        "subject": headline,
        "headline": headline,
        "lead": words.lead.format(**names),
        "parts": [_named(cases, count)],
        "button": words.button,
        "link": f"{settings.BASE_URL}{reverse('review:queue')}?state=&only=flagged",
        "because": BECAUSE[Side.DESK],
        "replies": REPLIES,
        "desk_name": settings.DESK_NAME,
    }


def _named(cases: QuerySet[Case], count: int) -> Part:
    first = cases.select_related("subscription", "customer")[:NAMED]
    points = [_point(case) for case in first]
    if count > NAMED:
        points.append(Point(f"and {count - NAMED} more"))
    return Part("", points, is_list=True)


def _point(case: Case) -> Point:
    return Point(on_one_line(f"{case.subscription.name} of {case.customer.name}"), label=case.reference)


def _headers(key: str, person: User, date: str) -> dict[str, str]:
    """The same mail twice has the same ``Message-ID`` and ``Date``: see ``announce``."""
    own = f"<{key.replace('/', '.')}.{person.pk}@{host_of_mail()}>"
    return {"Message-ID": own, "Date": date, "Auto-Submitted": "auto-generated"}
