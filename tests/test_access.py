"""Every address by every role: what each person of the cast is answered. An address without a row fails.

The table is held against the design: who may read what, and who may take which step. Each cell is
asked of the running product, with what a form would send, and undone again.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from cases.actions.conversation import write_note
from cases.actions.customer import ask_to_lift
from cases.actions.reviewer import ask
from cases.actions.rules import load_shipped_rules
from cases.details import RequestDetails
from cases.models import Case, Checked, ReasonCode, State
from outbox.models import KeptMail
from tests.access_table import TABLE
from tests.cases.policies import document, drafted
from tests.world import APPROVAL, CSP, DENIAL, DETAILS, FREE_TRIAL, World

ROLES = [
    "anonymous",
    "nora",
    "olive",
    "rhea",
    "mallory",
    "petra",
    "prue",
    "quentin",
    "rita",
    "sena",
    "tied",
    "audrey",
    "opal",
]

LETTERS = {200: "o", 403: "3", 404: "4", 405: "5", 409: "c"}
ANSWERS_ALSO = {"/readyz": {503: "o"}}  # says by its status whether the product is ready
SIGN_IN = "/accounts/login/"
ELSEWHERE = ("admin/login/", "admin/logout/", "admin/password_change/")
"""Where the admin leads to the product's own pages."""

PATHS = {
    r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$": "accounts/password/reset/key/1-abc/",
}
"""Routes that are regular expressions, each with a path that fits."""

REQUEST = {
    "why_direct": DETAILS.why_direct,
    "mail_kind": DETAILS.mail_kind,
    "daily_volume": "4000",
    "sending_domains": "shop.example",
    "abuse_contact": DETAILS.abuse_contact,
    "terms": "on",
    "step": "send",
}
WORDS = {
    f"{form}text": "Some words."
    for form in ("answer-", "message-", "note-", "ask-", "reopen-", "clear_flag-")
}
APPROVED = {
    "verb": "approve",
    "reasons": APPROVAL.reasons,
    "private_note": APPROVAL.private_note,
}
SENT: dict[tuple[str, str], dict[str, Any]] = {
    ("requests/subscription/<uuid:subscription_id>/ask/", ""): REQUEST,
    ("partner/subscription/<uuid:subscription_id>/ask/", ""): REQUEST | {"checked": Checked.values},
    ("partner/<reference>/vouch/", ""): {"checked": Checked.values},
    ("partner/<reference>/decline/", ""): {
        "decline-text": "Our relay carries this.",
        "decline-would_change": "A mail that it refuses.",
        "step": "send",
    },
    ("review/policies/", ""): {"document": document("mine")},
    ("review/policies/drafts/<int:draft_id>/", ""): {"verb": "discard"},
    ("review/rules/<slug:rule_id>/", ""): {"verb": "shadow"},
    ("review/<str:reference>/decide/", ""): APPROVED,
    ("review/<str:reference>/decide/", "approved"): {"verb": "revoke", "reasons": ["terms_violated"]},
    ("review/<str:reference>/preview/", ""): APPROVED,
}
"""What a form sends, by route, and by what it is about where that matters."""


def rows() -> list[tuple[str, str, str, list[str]]]:
    """The table's rows: method, about, route, cells."""
    lines = [line.split() for line in TABLE.strip().splitlines() if not line.startswith("#")]
    return [(method, about, route, cells) for method, about, route, *cells in lines]


def routes(patterns: Sequence[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    """Every route of the resolver, written as in the table."""
    for pattern in patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield route or "/"
        else:
            yield from routes(pattern.url_patterns, route)


ROUTES = list(routes(get_resolver().url_patterns))
ROOMS = ("requests/", "partner/", "review/")
OF_ADMIN = [route for route in ROUTES if route.startswith("admin/")]


@pytest.fixture
def things(world: World) -> dict[str, dict[str, Any]]:
    """What the addresses are about: subscriptions and cases of Contoso's, by the names in the table."""
    rita, olive = world.actor("rita"), world.actor("olive")
    load_shipped_rules()
    claim = RequestDetails(data_claim="The offer is wrong.")
    mail = KeptMail.objects.create(to="a@people.example", subject="Hello", headers={}, text="x", html="x")
    cases: dict[str, Case] = {
        "review": world.checked(world.submitted()),
        "asked": world.case_in(State.AWAITING_ANSWER),
        "partner": world.case_in(State.WITH_PARTNER),
        "by_partner": world.submitted_by_partner(),
        "asked_by_partner": ask(world.submitted_by_partner().reference, by=rita, text="To whom?"),
        "approved": world.case_in(State.APPROVED),
        "rejected": ask_to_lift(world.subscription(FREE_TRIAL).pk, claim, by=olive),
    }
    return {
        "-": {},
        "direct": {"subscription_id": world.subscription().pk},
        "resold": {"subscription_id": world.subscription(CSP).pk},
        "trial": {"subscription_id": world.subscription(FREE_TRIAL).pk},
        "gone": {"subscription_id": UUID(int=1), "reference": "UB-0000-000X"},
        "mail": {"mail_id": mail.pk},
        "domain": {"kind": "domain", "value": "shop.example"},
        "draft": {"draft_id": drafted(world).pk},
        "rule": {"rule_id": "trusted-partner"},
        "policy": {"version_id": "azure-2017-11-15"},
        "round": {"reference": cases["review"].reference, "number": 1},
        **{name: {"reference": case.reference} for name, case in cases.items()},
    }


def test_every_address_has_its_rows() -> None:
    """For reading, and in the rooms for sending; the admin's have theirs below, as one group."""
    there = {(method, route) for method, _, route, _ in rows()}
    own = set(ROUTES) - set(OF_ADMIN)
    assert {route for method, route in there if method == "GET"} == own
    assert {route for method, route in there if method == "POST"} >= {r for r in own if r.startswith(ROOMS)}
    assert all(len(cells) == len(ROLES) for _, _, _, cells in rows())


@pytest.mark.parametrize("role", ROLES)
def test_everybody_is_answered_as_the_table_says(
    world: World, things: dict[str, dict[str, Any]], role: str
) -> None:
    wrong = []
    for method, about, route, cells in rows():
        data = sent_to(route, about) | {"version": version_of(things[about])}
        answer = asked(world, role, method, path_of(route, things[about]), data)
        if answer != cells[ROLES.index(role)]:
            wrong.append(
                f"{method} {route} ({about}): {cells[ROLES.index(role)]} in the table, {answer} in truth"
            )
    assert wrong == []


@pytest.mark.parametrize("role", ["anonymous", "sena", "opal"])
def test_the_admin_is_for_operators_alone(world: World, role: str) -> None:
    """Whatever is registered there, now or later: others are refused whatever they ask for."""
    world.submitted()
    allowed = {"anonymous": {"l"}, "sena": {"3"}, "opal": {"o", ">", "3", "4"}}[role]
    for route in OF_ADMIN:
        path = path_of(route, {"object_id": "1", "content_type_id": "1"})
        answer = asked(world, role, "GET", path, {})
        assert answer in (allowed | {">", "l"} if route in ELSEWHERE else allowed), f"{path}: {answer}"


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"anonymous", "opal"}))
def test_who_is_no_operator_changes_nothing_in_the_admin(world: World, role: str) -> None:
    code = ReasonCode.objects.earliest("pk").pk
    for page in ("admin/", "admin/cases/reasoncode/", f"admin/cases/reasoncode/{code}/change/"):
        assert asked(world, role, "GET", f"/{page}", {}) == "3"
        assert asked(world, role, "POST", f"/{page}", {"title": "Mine"}) == "3"


@pytest.mark.parametrize(
    ("name", "room"),
    [
        ("mallory", "requests"),
        ("mallory", "partner"),
        ("quentin", "partner"),
        ("nora", "requests"),
        ("opal", "review"),
    ],
)
def test_not_theirs_and_not_there_read_alike(
    world: World, things: dict[str, dict[str, Any]], name: str, room: str
) -> None:
    """To the letter: nobody learns from a page that somebody else has a case, or a subscription."""
    for about in ("review", "direct"):
        pages = set()
        for thing in (things[about], things["gone"]):
            address = (
                f"/{room}/{thing['reference']}/"
                if about == "review"
                else f"/{room}/subscription/{thing['subscription_id']}/"
            )
            response = signed_in(world, name).get(address)
            page = response.content.decode().replace(address, "").replace(str(next(iter(thing.values()))), "")
            pages.add((response.status_code, re.sub(r'value="[A-Za-z0-9]{64}"', "", page)))
        assert len(pages) == 1


def test_who_is_tied_to_a_case_reads_nothing_that_is_kept_from_its_customer(world: World) -> None:
    reference = world.case_in(State.DENIED).reference
    write_note(reference, by=world.actor("rita"), text="Seen before, under another name.")
    for role, reads in (("rita", True), ("audrey", True), ("tied", False)):
        page = signed_in(world, role).get(f"/review/{reference}/").content.decode()
        for kept in (DENIAL.private_note, "Seen before, under another name."):
            assert (kept in page) == reads, f"{role}: {kept}"


def asked(world: World, role: str, method: str, path: str, data: dict[str, Any]) -> str:
    """The letter for what this person is answered; whatever it did is undone."""
    with undone():
        client = signed_in(world, role)
        response = client.get(path) if method == "GET" else client.post(path, data)
    return letter_of(response, path)


def letter_of(response: HttpResponseBase, path: str) -> str:
    """As in the legend; the status itself where that has no letter."""
    status = response.status_code
    if status == 302:
        return "l" if response["Location"].startswith(SIGN_IN) else ">"
    return (LETTERS | ANSWERS_ALSO.get(path, {})).get(status, str(status))


def path_of(route: str, values: dict[str, Any]) -> str:
    """A route with its places filled in."""
    if route.startswith("admin/") and "(?P<" in route:
        return "/admin/cases/" if "app_label" in route else "/admin/nowhere/"
    if route in PATHS:
        return f"/{PATHS[route]}"
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda place: str(values[place[1]]), route).lstrip("/")


def version_of(thing: dict[str, Any]) -> int:
    """How the case stands, as its page says; 0 where it is none."""
    return sum(Case.objects.filter(reference=thing.get("reference", "")).values_list("version", flat=True))


def sent_to(route: str, about: str) -> dict[str, Any]:
    """What a form would send there."""
    return SENT.get((route, about)) or SENT.get((route, "")) or WORDS


def signed_in(world: World, role: str) -> Client:
    """That person's browser."""
    client = Client()
    if role != "anonymous":
        client.force_login(world.user(role))
    return client


@contextmanager
def undone() -> Iterator[None]:
    """What happens within leaves no trace."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
