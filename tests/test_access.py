"""Every address by every role: what each person of the cast is answered. An address without a row fails.

The table is held against the design: who may read what, and who may take which step. Each cell is
asked of the running product, with what a form would send, and undone again.
"""

import re
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.contrib.admin.utils import quote
from django.http import HttpResponseBase
from django.test import Client

from cases.actions.conversation import write_note
from cases.actions.customer import ask_to_lift
from cases.actions.reviewer import ask
from cases.actions.rules import load_shipped_rules
from cases.details import Checked, RequestDetails
from cases.models import Case, State
from outbox.models import KeptMail
from tests.access_table import ADMIN_ROUTES, ROUTES, admin_rows, kind_of, model_of, rows
from tests.admin.pages import EDITED
from tests.cases.policies import document, drafted
from tests.undoing import undone
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
PATHS = {
    r"admin/^(?P<app_label>people|subscriptions|outbox|cases)/$": "admin/cases/",
    r"admin/(?P<url>.*)$": "admin/nowhere/",
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


ROOMS = ("requests/", "partner/", "review/")


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
    """For reading, and in the rooms for sending; the admin's pages have theirs by kind."""
    there = {(method, route) for method, _, route, _ in rows()}
    own = set(ROUTES) - set(ADMIN_ROUTES)
    assert {route for method, route in there if method == "GET"} == own
    assert {route for method, route in there if method == "POST"} >= {r for r in own if r.startswith(ROOMS)}
    assert all(len(cells) == len(ROLES) for _, _, _, cells in rows())
    kinds = {(method, kind) for method, kind, _ in admin_rows()}
    assert kinds == set(product(("GET", "POST"), map(kind_of, ADMIN_ROUTES)))


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


@pytest.mark.parametrize("role", ROLES)
def test_the_admin_is_for_operators_alone(world: World, things: dict[str, dict[str, Any]], role: str) -> None:
    """Asked about a real object of each model."""
    client, table = signed_in(world, role), {(method, kind): cells for method, kind, cells in admin_rows()}
    wrong = []
    for method, route in product(("GET", "POST"), ADMIN_ROUTES):
        with undone():
            path = admin_path_of(route)
            answer = letter_of(client.get(path) if method == "GET" else client.post(path), path)
        cells = table[method, kind_of(route)]
        expected = {"anonymous": cells[0], "opal": cells[3 if is_record(route) else 2]}.get(role, cells[1])
        if answer != expected:
            wrong.append(f"{method} {path}: {expected} in the table, {answer} in truth")
    assert wrong == []


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
    if route in PATHS:
        return f"/{PATHS[route]}"
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda place: str(values[place[1]]), route).lstrip("/")


def admin_path_of(route: str) -> str:
    """A route of the admin, about an object that is there."""
    model = model_of(route)
    row = model._default_manager.order_by("pk").first() if model else None
    assert model is None or row is not None, f"there is none for {route}"
    return path_of(route, {"object_id": quote(row.pk) if row else 1, "content_type_id": 1})


def is_record(route: str) -> bool:
    """What operators may look at, and do not edit."""
    return model_of(route) not in (None, *EDITED)


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
