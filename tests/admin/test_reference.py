"""Customers, partners, facts, reasons and policies in ``/admin/``."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from cases.models import ReasonCode
from subscriptions.billing import KINDS, facts_of_customer
from subscriptions.models import Customer, CustomerMember, PolicyVersion
from tests.admin.pages import address
from tests.front.page import Page
from tests.world import World


def members(prefix: str, *rows: dict[str, Any], initial: int = 0) -> dict[str, Any]:
    """The posted form of a page's members."""
    posted = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        posted |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return posted


def test_members_come_and_go(world: World, opal: Client) -> None:
    nora = world.user("nora")
    page = address(Customer, "change", world.contoso.pk)
    fields = {"number": "C-1", "name": "Contoso"}
    kept = list(CustomerMember.objects.filter(customer=world.contoso).order_by("pk"))
    rows = [
        {"id": each.pk, "customer": world.contoso.pk, "user": each.user.email, "role": each.role}
        for each in kept
    ]
    added = {"customer": world.contoso.pk, "user": nora.email.upper(), "role": "owner"}
    opal.post(
        page, fields | members("members", {**rows[0], "DELETE": "on"}, *rows[1:], added, initial=len(rows))
    )
    names = set(world.contoso.members.values_list("user__name", flat=True))
    assert names == {"Nora", "Conrad", "Rhea", "Tied"}


def test_a_member_who_is_nobody_is_refused_in_words(world: World, opal: Client) -> None:
    fields = {"number": "C-2", "name": "Fabrikam"}
    stranger = {"customer": world.fabrikam.pk, "user": "nobody@example.com", "role": "owner"}
    page = Page(
        opal.post(address(Customer, "change", world.fabrikam.pk), fields | members("members", stranger))
    )
    assert "Nobody has this address. Add the person first" in page.text


def form_as_shown(opal: Client, page: str) -> dict[str, str]:
    """What a browser sends of a customer's page where nobody typed anything."""
    inputs = Page(opal.get(page)).attributes("input")
    fields = {"number", "name", *KINDS, *(f"initial-{name}" for name in KINDS)}
    shown = {each["name"]: each.get("value", "") for each in inputs if each.get("name") in fields}
    assert shown.keys() == fields
    return {**shown, **members("members")}


def test_facts_entered_by_hand_say_so(world: World, opal: Client) -> None:
    page = address(Customer, "change", world.fabrikam.pk)
    world.knows(world.fabrikam, phone="+44 20 7946 0018", identity_verified="no")
    before = facts_of_customer(world.fabrikam)
    assert "bank export, as of" in Page(opal.get(page)).text
    opal.post(page, form_as_shown(opal, page) | {"identity_verified": "", "paid_invoices": "3"})
    facts = facts_of_customer(Customer.objects.get(pk=world.fabrikam.pk))
    assert facts.keys() == {"phone", "paid_invoices"}
    assert facts["phone"] == before["phone"], "what was not changed keeps its source and date"
    assert (facts["paid_invoices"].value, facts["paid_invoices"].source) == (3, "entered by hand")
    assert abs(facts["paid_invoices"].as_of - timezone.now()) < timedelta(minutes=1)
    assert "Paid invoices" in Page(opal.get(address(Customer, "history", world.fabrikam.pk))).text


def test_facts_that_came_in_while_the_page_was_open_stay(world: World, opal: Client) -> None:
    page = address(Customer, "change", world.fabrikam.pk)
    world.knows(world.fabrikam, phone="1001")
    shown = form_as_shown(opal, page)
    world.knows(world.fabrikam, phone="2002", disputed_invoices="2")
    opal.post(page, shown | {"paid_invoices": "3"})
    facts = facts_of_customer(Customer.objects.get(pk=world.fabrikam.pk))
    assert {name: fact.value for name, fact in facts.items()} == {
        "phone": "2002",
        "disputed_invoices": 2,
        "paid_invoices": 3,
    }


def test_a_fact_that_cannot_be_read_is_refused_in_words(world: World, opal: Client) -> None:
    facts = {"account_opened_on": "soon", "phone": "()"}
    fields = {"number": "C-2", "name": "Fabrikam", **facts, **members("members")}
    page = Page(opal.post(address(Customer, "change", world.fabrikam.pk), fields))
    assert "'soon' is no day like 2026-01-31" in page.text
    assert "'()' is no phone number like +44 20 7946 0018, of at least 4 digits Phone:" in page.text


def test_a_reason_is_added_previewed_and_taken_out_of_use(world: World, opal: Client) -> None:
    posted = {
        "code": "list_bought",
        "verbs": ["deny", "revoke"],
        "title": "The list was bought",
        "text": "The readers never asked.",
        "would_change": "Write to people who asked.",
        "is_active": "on",
        "position": "5",
    }
    assert opal.post(address(ReasonCode, "add"), posted).status_code == 302
    page = address(ReasonCode, "change", "list_bought")
    read = Page(opal.get(page)).text
    assert (
        "Denied: port 25 stays blocked for a subscription · Revoked: port 25 is blocked again for a subscription"
        in read
    )
    assert "The list was bought. The readers never asked." in read
    assert "What would change it: Write to people who asked." in read
    del posted["is_active"]
    opal.post(page, {**posted, "code": "renamed"})
    reason = ReasonCode.objects.get(code="list_bought")
    assert (reason.is_active, reason.verbs) == (False, ["deny", "revoke"])
    assert not ReasonCode.objects.filter(code="renamed").exists()


def test_a_reason_needs_a_decision_that_cites_it(world: World, opal: Client) -> None:
    response = opal.post(
        address(ReasonCode, "add"), {"code": "x", "verbs": ["reject"], "title": "T", "text": "T"}
    )
    assert response.status_code == 200
    assert not ReasonCode.objects.filter(code="x").exists()


def test_a_reason_against_somebody_says_what_would_change_it(world: World, opal: Client) -> None:
    posted = {"code": "x", "verbs": ["deny"], "title": "T", "text": "T", "is_active": "on", "position": "5"}
    page = Page(opal.post(address(ReasonCode, "add"), posted))
    assert "Say what would change it" in page.text
    assert not ReasonCode.objects.filter(code="x").exists()
    assert opal.post(address(ReasonCode, "add"), posted | {"verbs": ["approve"]}).status_code == 302


def test_a_policy_is_shown_as_it_was_loaded(world: World, opal: Client) -> None:
    page = opal.get(address(PolicyVersion, "change", "azure-2017-11-15")).content.decode()
    assert "<pre" in page
    assert "effective_from: 2017-11-15T00:00:00Z" in page
