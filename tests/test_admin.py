"""``/admin/``: operators look after reference data and see records; nothing else is possible there."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as live
from django.contrib import admin
from django.core import mail
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.actions import conversation, reviewer
from cases.actions.reviewer import Verdict
from cases.models import Case, ReasonCode, State
from outbox.models import KeptMail, Message
from people.models import DeskRole, User
from subscriptions.billing import KINDS, facts_of_customer
from subscriptions.models import Customer, CustomerMember, Partner, PolicyVersion, Subscription
from tests.front.page import Page
from tests.world import FREE_TRIAL, World

EDITED = {User, Customer, Partner, ReasonCode}
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
RECORDS = [model for model in REGISTERED if model not in EDITED]
CANARY = "canary-4711"


def address(model: type[Model], page: str = "changelist", pk: Any = None) -> str:
    meta = model._meta
    arguments = [pk] if pk is not None else []
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=arguments)


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.user(name))
    return client


@pytest.fixture
def opal(world: World) -> Client:
    """The operator's browser."""
    return signed_in(world, "opal")


@pytest.fixture
def full(world: World) -> World:
    """A world with a row of everything that is registered."""
    for state in (State.REVOKED, State.DECLINED, State.AWAITING_ANSWER):
        world.case_in(state)
    KeptMail.objects.create(to="ann@example.com", subject="Hello", headers={}, text=CANARY, html=CANARY)
    return world


def row_of(model: type[Model]) -> Model:
    row = model._default_manager.order_by("pk").first()
    assert row is not None, f"no {model._meta.label} in the world"
    return row


def test_what_is_there_is_what_was_meant() -> None:
    labels = {model._meta.label for model in REGISTERED}
    assert labels == {
        "people.User",
        "subscriptions.Customer",
        "subscriptions.Partner",
        "subscriptions.Subscription",
        "subscriptions.PolicyVersion",
        "cases.ReasonCode",
        "cases.Case",
        "cases.CaseEvent",
        "cases.CaseMessage",
        "cases.Decision",
        "cases.Exemption",
        "outbox.Message",
        "outbox.KeptMail",
    }


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_operators_see_each_list_and_each_row(opal: Client, full: World, model: type[Model]) -> None:
    assert opal.get(address(model)).status_code == 200
    assert opal.get(address(model, "change", row_of(model).pk)).status_code == 200
    assert opal.get(address(model, "history", row_of(model).pk)).status_code == 200
    assert opal.get(address(model), {"q": "anything"}).status_code == 200


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_a_superuser_has_no_more_power_than_an_operator(full: World, model: type[Model]) -> None:
    root = User.objects.create_superuser("root@example.com", "a long password", name="Root")
    client = Client()
    client.force_login(root)
    row = row_of(model)
    assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert client.get(address(model, "add")).status_code == (200 if model in EDITED else 403)
    assert model._default_manager.filter(pk=row.pk).exists()
    root.desk_role = ""
    root.save()
    assert client.get(address(model)).status_code == 403


@pytest.mark.parametrize("name", ["olive", "petra", "rita", "sena", "audrey", "nora"])
def test_who_is_no_operator_is_refused(world: World, name: str) -> None:
    client = signed_in(world, name)
    for path in ("/admin/", "/admin/login/", address(Case), address(User, "add"), "/admin/no/such/"):
        response = client.get(path, follow=True)
        assert response.status_code == 403, path
    assert client.post(address(User, "add"), {"email": "x@example.com"}).status_code == 403


def test_who_is_not_signed_in_signs_in_where_everybody_does(world: World, client: Client) -> None:
    for path in ("/admin/", "/admin/login/", address(Case), "/admin/no/such/"):
        response = client.get(path, follow=True)
        assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=/admin/"), path


def test_an_operator_who_left_is_out(world: World, opal: Client) -> None:
    User.objects.filter(pk=world.user("opal").pk).update(is_active=False)
    assert opal.get("/admin/").status_code == 302


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model._meta.label)
def test_records_are_changed_by_nothing_that_is_posted(opal: Client, full: World, model: type[Model]) -> None:
    row = row_of(model)
    before = model._default_manager.filter(pk=row.pk).values().get()
    posted = {"state": "approved", "verb": "approve", "name": "x", "sent_at": "", "_save": "Save"}
    assert opal.post(address(model, "change", row.pk), posted).status_code == 403
    assert opal.post(address(model, "add"), posted).status_code == 403
    assert opal.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    opal.post(address(model), {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"})
    opal.post(address(model), {"form-TOTAL_FORMS": "1", "form-0-state": "approved", "_save": "Save"})
    assert model._default_manager.filter(pk=row.pk).values().get() == before


def test_inlines_of_a_case_cannot_be_posted(opal: Client, full: World) -> None:
    case = Case.objects.filter(state=State.REVOKED).get()
    posted = {"decisions-TOTAL_FORMS": "1", "decisions-INITIAL_FORMS": "0", "decisions-0-verb": "approve"}
    assert opal.post(address(Case, "change", case.pk), posted).status_code == 403
    assert case.decisions.count() == 2


def test_nothing_that_people_wrote_is_in_the_admin(world: World, opal: Client) -> None:
    case = world.submitted(world.subscription(FREE_TRIAL))
    reviewer.reopen(case.reference, by=world.actor("rita"), text=CANARY)
    case = world.submitted()
    rita = world.actor("rita")
    conversation.write_note(case.reference, by=rita, text=CANARY)
    conversation.send_message(case.reference, by=rita, text=CANARY)
    reviewer.deny(case.reference, Verdict(["relay_would_do"], text=CANARY, private_note=CANARY), by=rita)
    Message.objects.create(topic="email", key="k", thread="k", payload={"text": CANARY})
    KeptMail.objects.create(to="ann@example.com", subject="Hello", headers={"X": CANARY}, text=CANARY)
    for model in REGISTERED:
        pages = [address(model)]
        pages += [address(model, "change", pk) for pk in model._default_manager.values_list("pk", flat=True)]
        for page in pages:
            assert CANARY not in opal.get(page).content.decode(), page


# --- people ------------------------------------------------------------------------------------


def add_person(client: Client, **fields: str) -> Any:
    person = {"email": "New.Person@Example.com", "name": "New Person", "desk_role": "reviewer", **fields}
    return client.post(address(User, "add"), {**person, "is_active": "on"}, HTTP_HOST="localhost")


def test_a_person_is_added_and_chooses_a_password_by_the_mail(
    world: World, opal: Client, client: Client, settings: Any
) -> None:
    settings.BASE_URL = "https://desk.example"
    assert add_person(opal).status_code == 302
    person = User.objects.get(email="new.person@example.com")
    assert (person.desk_role, person.has_usable_password()) == (DeskRole.REVIEWER, False)
    (sent,) = mail.outbox
    assert sent.to == ["new.person@example.com"]
    assert "Choose your password" in sent.subject
    link = next(word for word in str(sent.body).split() if "/password/reset/key/" in word)
    assert link.startswith("https://desk.example/accounts/")
    form = client.get(link.removeprefix("https://desk.example"), follow=True)
    chosen = {"password1": "port-25-is-shut", "password2": "port-25-is-shut"}
    client.post(form.request["PATH_INFO"], chosen)
    login = client.post(
        "/accounts/login/", {"login": "new.person@example.com", "password": "port-25-is-shut"}
    )
    assert login.headers["Location"] == "/home/"


def test_links_in_mail_never_follow_the_host_header(world: World, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": "olive@people.example"}, HTTP_HOST="localhost")
    (sent,) = mail.outbox
    addresses = re.findall(r"https?://\S+", str(sent.body))
    assert len(addresses) == 2
    assert all(each.startswith(live.BASE_URL) for each in addresses)
    assert "localhost" not in str(sent.body)


def test_an_address_is_one_persons_alone(world: World, opal: Client) -> None:
    page = Page(add_person(opal, email="OLIVE@people.example"))
    assert "Somebody has this address already" in page.text
    assert mail.outbox == []


def test_an_operator_cannot_give_up_their_own_role(world: World, opal: Client) -> None:
    me = world.user("opal")
    posted = {"email": me.email, "name": "Opal B.", "desk_role": "senior"}
    assert opal.post(address(User, "change", me.pk), posted).status_code == 302
    me.refresh_from_db()
    assert (me.name, me.desk_role, me.is_active) == ("Opal B.", DeskRole.OPERATOR, True)


def test_no_field_of_power_is_in_the_form(world: World, opal: Client) -> None:
    rita = world.user("rita")
    posted = {"email": rita.email, "name": "Rita", "desk_role": "reviewer", "is_active": "on"}
    posted |= {"is_superuser": "on", "password": "x", "groups": "1"}
    before = rita.password
    assert opal.post(address(User, "change", rita.pk), posted).status_code == 302
    rita.refresh_from_db()
    assert (rita.is_superuser, rita.password) == (False, before)


def test_a_changed_address_leaves_nothing_of_the_old_one(world: World, opal: Client, client: Client) -> None:
    from allauth.account.models import EmailAddress

    rita = world.user("rita")
    EmailAddress.objects.create(user=rita, email=rita.email, verified=True, primary=True)
    posted = {"email": "rita@new.example", "name": "Rita", "desk_role": "reviewer", "is_active": "on"}
    opal.post(address(User, "change", rita.pk), posted)
    client.post("/accounts/password/reset/", {"email": "rita@people.example"})
    (sent,) = mail.outbox
    assert "There is no account" in sent.subject


def test_mails_to_choose_a_password_are_sent_again(world: World, opal: Client) -> None:
    chosen = [world.user("rita"), world.user("remy")]
    world.user("remy").is_active = False
    world.user("remy").save()
    posted = {"action": "send_password_mails", "_selected_action": [person.pk for person in chosen]}
    opal.post(address(User), posted)
    assert [sent.to for sent in mail.outbox] == [["rita@people.example"]]


# --- customers, partners, reasons, policies ------------------------------------------------------


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
    world.knows(world.fabrikam, phone="1")
    shown = form_as_shown(opal, page)
    world.knows(world.fabrikam, phone="2", disputed_invoices="2")
    opal.post(page, shown | {"paid_invoices": "3"})
    facts = facts_of_customer(Customer.objects.get(pk=world.fabrikam.pk))
    assert {name: fact.value for name, fact in facts.items()} == {
        "phone": "2",
        "disputed_invoices": 2,
        "paid_invoices": 3,
    }


def test_a_fact_that_cannot_be_read_is_refused_in_words(world: World, opal: Client) -> None:
    fields = {"number": "C-2", "name": "Fabrikam", "account_opened_on": "soon", **members("members")}
    page = Page(opal.post(address(Customer, "change", world.fabrikam.pk), fields))
    assert "'soon' is no day like 2026-01-31" in page.text


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
    assert "Your request was denied · The exemption was revoked" in read
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


def test_a_policy_is_shown_as_it_was_loaded(world: World, opal: Client) -> None:
    page = opal.get(address(PolicyVersion, "change", "azure-2017-11-15")).content.decode()
    assert "<pre" in page
    assert "effective_from: 2017-11-15T00:00:00Z" in page


# --- lists -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "words", "is_found"),
    [
        (Case, "{reference}", True),
        (Case, "{spoken}", True),
        (Case, "{subscription}", True),
        (Case, "Contoso", False),
        (Case, "\0", True),  # refused in words; the list stays
        (Subscription, "{subscription}", True),
        (Subscription, "not-a-uuid", False),
        (Message, "{reference}", True),
    ],
)
def test_records_are_found_by_what_names_them(
    world: World, opal: Client, model: type[Model], words: str, is_found: bool
) -> None:
    case = world.case_in(State.IN_REVIEW)
    spoken = case.reference.replace("-", " ").lower()
    term = words.format(reference=case.reference, spoken=spoken, subscription=case.subscription_id)
    page = opal.get(address(model), {"q": term})
    assert page.status_code == 200
    assert bool(page.context["cl"].result_count) == is_found


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_no_list_asks_more_for_more_rows(opal: Client, full: World, model: type[Model]) -> None:
    asked = []
    for _ in _twice(full):
        with CaptureQueriesContext(connection) as queries:
            opal.get(address(model))
        asked.append([query["sql"] for query in queries])
    assert len(asked[0]) == len(asked[1])
    counts = [sql for sql in asked[1] if "COUNT(" in sql]
    assert all("LIMIT 1000" in sql for sql in counts), "no table is counted through"


def _twice(world: World) -> Iterator[None]:
    yield
    for state in (State.REVOKED, State.DECLINED, State.AWAITING_ANSWER):
        world.case_in(state)
    for number in range(3):
        User.objects.create_user(f"p{number}@example.com", name="P")
        Customer.objects.create(number=f"C-1{number}", name="C")
        Partner.objects.create(number=f"P-1{number}", name="P")
        KeptMail.objects.create(to="a@example.com", subject="x", headers={}, text="x")
    yield


# --- dead letters ------------------------------------------------------------------------------


def test_a_dead_letter_is_tried_again_unless_overtaken(world: World, opal: Client) -> None:
    now = timezone.now()
    rows = [("lone", "lone", None, now), ("approved", "case", None, now), ("revoked", "case", now, None)]
    for key, thread, sent, parked in rows:
        Message.objects.create(
            topic="email",
            key=key,
            thread=thread,
            payload={},
            sent_at=sent,
            parked_at=parked,
            last_error="550",
        )
    listed = opal.get(address(Message), {"standing": "parked"})
    assert listed.context["cl"].result_count == 2
    keys = [message.pk for message in Message.objects.all()]
    page = Page(opal.post(address(Message), {"action": "try_again", "_selected_action": keys}, follow=True))
    assert "Put back: 1" in page.text
    assert "a later message of their thread has left: 1" in page.text
    assert set(Message.objects.exclude(parked_at=None).values_list("key", flat=True)) == {"approved"}


def test_kept_mail_is_the_demos_alone(world: World, opal: Client, settings: Any) -> None:
    assert "Kept mails" in Page(opal.get("/admin/")).text
    settings.DEMO = False
    assert "Kept mails" not in Page(opal.get("/admin/")).text
