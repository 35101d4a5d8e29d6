"""What only the desk may see, planted so that it would be found; and everything that others read."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from cases.antifraud.registry import registry
from cases.antifraud.signals import Signal, Subject
from cases.models import Band, Case, CheckRound, CheckRun, Finding, Flag, SignalRow, TraitKind
from outbox.models import KeptMail
from people.models import User
from tests.cases.views.checking import ended, quiet, signal
from tests.cases.views.reading import body_of
from tests.world import World

WEIGHT = 73197
ELEVATED_FROM, LINK_WEIGHT, HIGH_FROM = 617, 739, 937
FACTS = {
    "phone": "+49731973197",
    "payment_fingerprint": "canary-fingerprint",
    "signup_network": "198.18.73.0/24",
    "contact": "canary-contact@elsewhere.example",
    "unpaid_invoices": "73198",
    "abuse_complaints": "73199",
}
NOTE = "canary-note"
TITLES = {"Velocity", "Blocklists", "Age of the domains"}
"""Titles of checks that say nothing else on a page."""
HIDDEN = {
    "canary",
    str(WEIGHT),
    "antifraud",
    "731973197",
    "198.18.73",
    "73198",
    "73199",
    "complained about",
    Band.ELEVATED.value,
    "risk band",
    "Checks ended",
    "Checks started",
    str(Flag.OUT_OF_POLICY.label),
    *TITLES,
    *(text for check in registry().values() for text in (check.looks_at, check.proves, check.proves_not)),
}
LIMITS = re.compile(rf"(?<![\w.-])(?:{ELEVATED_FROM}|{LINK_WEIGHT}|{HIGH_FROM})(?![\w-]|\.\w)")
"""As numbers of their own: a part of a time, an id or an address may well be one of them."""
ROOMS = {"requests/": ("olive", "rhea"), "partner/": ("petra", "prue")}
THEIRS = ("olive", "petra")
NOT_THEIRS = ("review/", "admin/", "dev/")
"""What customers and partners are refused, and the demo's own pages."""


PARTS = [{"check": "links", "part": "canary", "finding": "flagged", "weight": WEIGHT, "sentence": "canary"}]


def canaries(slug: str) -> list[Signal]:
    """A flag that makes the band elevated, and canaries wherever a signal can hold any."""
    if slug != "links":
        return quiet(slug)
    subject = Subject(TraitKind.DOMAIN, "canary-subject.example")
    return [
        signal(
            "link_payment",
            Finding.FLAGGED,
            "canary-sentence",
            subject=subject,
            **{"canary-key": "canary-value"},
        ),
        signal("canary_part", Finding.CLEAR),
    ]


def checked(case: Case) -> Case:
    """A round of canaries has ended."""
    case = ended(case, canaries)
    assert (case.policy_id, case.band) == ("weighed", Band.ELEVATED)
    with unguarded():
        SignalRow.objects.update(weight=WEIGHT, source="canary-source")
        CheckRun.objects.update(error="canary-error")
        CheckRound.objects.update(parts=PARTS)
    return case


@contextmanager
def unguarded() -> Iterator[None]:
    """What was found stays as it is, for everybody but this."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def routes(patterns: Sequence[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern.url_patterns, route)


ROUTES = [
    route
    for route in routes(get_resolver().url_patterns)
    if not route.startswith(NOT_THEIRS) and "accounts/" not in route
]


def paths(case: Case) -> Iterator[str]:
    """Every address outside of the desk's, about this case; a route that this does not know fails."""
    known = {
        "<reference>": case.reference,
        "<uuid:subscription_id>": str(case.subscription_id),
        "<slug:version_id>": case.policy_id,
    }
    for route in ROUTES:
        path = route
        for name, value in known.items():
            path = path.replace(name, value)
        assert not set(path) & set("<^"), f"{route}: say here what it is about"
        yield f"/{path}"


def assert_nothing_leaks(text: str, where: str) -> None:
    found = {hidden for hidden in HIDDEN if hidden.lower() in text.lower()}
    found |= set(LIMITS.findall(text))
    assert found == set(), where


def read_everything(world: World, case: Case) -> int:
    """Open every page as each of them, also by a form that holds nothing; returns how many opened."""
    opened = 0
    for name in {name for names in ROOMS.values() for name in names}:
        client = Client()
        client.force_login(world.user(name))
        for path in paths(case):
            answer = client.get(path, follow=True)
            assert_nothing_leaks(body_of(answer).decode(), f"{path} as {name}")
            opened += answer.status_code == 200
    return opened


def assert_mails_are_clean(arrived: Sequence[KeptMail]) -> None:
    desk = set(User.objects.exclude(desk_role="").values_list("email", flat=True))
    theirs = [mail for mail in arrived if mail.to not in desk]
    assert {mail.to.partition("@")[0] for mail in theirs} >= set(THEIRS)
    for mail in theirs:
        text = " ".join([mail.subject, json.dumps(mail.headers), mail.text, mail.html])
        assert_nothing_leaks(text, f"“{mail.subject}” to {mail.to}")
