"""One mail for each reviewer of all exemptions that came into question at once: topic ``cases.flagged``."""

from email.utils import format_datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet
from django.urls import reverse

from cases.access import without_interest
from cases.actors import Actor, Side
from cases.event_words import IN_QUESTION
from cases.models import Case
from cases.notices.announce import BECAUSE, REPLIES, host_of_mail, mail_to
from cases.notices.parts import Part, Point
from cases.notices.recipients import reviewers
from cases.notices.wording import on_one_line
from cases.telling import flags_of
from outbox.put import NewMessage
from people.models import User

NAMED = 5
"""So many cases are named; the others are behind the button."""


def tell(payload: dict[str, Any]) -> list[NewMessage]:
    """What is in question still, to each reviewer who may decide any of it."""
    key, cause = payload["key"], payload["cause"]
    flags = flags_of(cause)
    last = flags.aggregate(at=Max("at"))["at"]
    cases = Case.objects.filter(pk__in=flags.values("case")).order_by("pk")
    mails = []
    for person in reviewers():
        theirs = without_interest(cases, Actor.of(person))
        if count := theirs.count():
            own = f"{key}/{person.pk}"
            headers = _headers(key, person, format_datetime(last))
            content = _content(cause, theirs, count)
            mails.append(mail_to(person, content, key=own, thread=own, headers=headers))
    return mails


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
