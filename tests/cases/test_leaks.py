"""What stays at the desk: no page, answer, mail or notice of a customer or partner holds any of it.

One case lives through everything while its checks, traits, flag and private notes hold canaries,
and every address that the two may open is read at each step.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from cases.actions import conversation, customer, partner, reviewer
from cases.actions.checks import end_round
from cases.actions.reviewer import Verdict
from cases.actors import SYSTEM
from cases.antifraud.registry import registry
from cases.antifraud.signals import Signal, Subject
from cases.models import Band, Case, CheckRound, CheckRun, Decision, Finding, Flag, SignalRow, TraitKind
from outbox.models import KeptMail
from people.models import User
from subscriptions.models import Customer
from subscriptions.policy.versions import load_policy
from tests.cases.notices.conftest import (
    Mails,
    mails,  # noqa: F401  # a fixture
)
from tests.cases.views.checking import ended, quiet, running, signal
from tests.cases.views.reading import body_of
from tests.world import ATTESTATION, CSP, World

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


@pytest.fixture
def case(world: World, tmp_path: Path) -> Case:
    """A request that the customer sent through their partner, with facts that tie it to others.

    The policy that it is judged by has weights and limits of its own.
    """
    shipped = settings.BASE_DIR / "subscriptions" / "policy" / "shipped" / "azure-2017-11-15.yaml"
    text = shipped.read_text().replace("id: azure-2017-11-15", "id: weighed", 1)
    text = text.replace("effective_from: 2017-11-15", "effective_from: 2018-01-01", 1)
    limits = f"antifraud:\n  elevated_from: {ELEVATED_FROM}\n  high_from: {HIGH_FROM}\n"
    weighed = tmp_path / "weighed.yaml"
    weighed.write_text(f"{text}\n{limits}  weights:\n    link_payment: {LINK_WEIGHT}\n")
    load_policy(weighed)
    world.knows(world.contoso, **FACTS)
    return world.submitted(world.subscription(CSP))


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


def test_no_page_mail_answer_or_notice_holds_what_is_the_desks(
    world: World,
    case: Case,
    mails: Mails,  # noqa: F811  # the fixture
) -> None:
    rita, sena, olive, petra = (world.actor(name) for name in ("rita", "sena", "olive", "petra"))
    reference, verdict = case.reference, partial(Verdict, private_note=NOTE)
    partner.vouch(reference, ATTESTATION, by=petra)
    running(case)
    read_everything(world, case)
    end_round(reference, by=SYSTEM)
    case = checked(case)
    conversation.write_note(reference, by=rita, text=NOTE)
    assert read_everything(world, case) > len(ROOMS)
    reviewer.ask(reference, by=rita, text="To whom?")
    read_everything(world, case)
    customer.answer(reference, by=olive, text="To buyers.")
    conversation.send_message(reference, by=rita, text="Thank you.")
    reviewer.approve(reference, verdict(["direct_sending_justified"]), by=rita)
    Case.objects.filter(pk=case.pk).update(flag=Flag.OUT_OF_POLICY)
    read_everything(world, case)
    reviewer.suspend(reference, verdict(["abuse_reports"]), by=rita)
    read_everything(world, case)
    reviewer.resume(reference, verdict(["matter_settled"]), by=rita)
    reviewer.revoke(reference, verdict(["abuse_reports"]), by=sena)
    read_everything(world, case)
    for decision in Decision.objects.all():
        assert_nothing_leaks(json.dumps(decision.notice), f"the notice of {decision.verb}")
    assert_mails_are_clean(mails())


def test_a_denial_and_its_mail_hold_nothing_of_it(
    world: World,
    case: Case,
    mails: Mails,  # noqa: F811  # the fixture
) -> None:
    partner.vouch(case.reference, ATTESTATION, by=world.actor("petra"))
    case = checked(case)
    reviewer.deny(case.reference, Verdict(["relay_would_do"], private_note=NOTE), by=world.actor("rita"))
    read_everything(world, case)
    assert_nothing_leaks(json.dumps(Decision.objects.get(verb="deny").notice), "the denial")
    assert_mails_are_clean(mails())


def assert_mails_are_clean(arrived: Sequence[KeptMail]) -> None:
    desk = set(User.objects.exclude(desk_role="").values_list("email", flat=True))
    theirs = [mail for mail in arrived if mail.to not in desk]
    assert {mail.to.partition("@")[0] for mail in theirs} >= set(THEIRS)
    for mail in theirs:
        text = " ".join([mail.subject, json.dumps(mail.headers), mail.text, mail.html])
        assert_nothing_leaks(text, f"“{mail.subject}” to {mail.to}")


def test_the_desk_sees_what_the_others_do_not(world: World, case: Case, client: Client) -> None:
    """The canaries are there to be found: where the desk looks, they are."""
    partner.vouch(case.reference, ATTESTATION, by=world.actor("petra"))
    case = checked(case)
    assert (
        Customer.objects.get(pk=case.customer_id).facts["payment_fingerprint"]["value"]
        == "canary-fingerprint"
    )
    client.force_login(world.user("rita"))
    page = client.get(f"/review/{case.reference}/").content.decode()
    for hidden in (
        "canary-sentence",
        "canary-value",
        "canary-source",
        "Elevated",
        str(WEIGHT),
        "Velocity",
        "Checks ended",
    ):
        assert hidden in page, hidden
