"""``/admin/``: operators look after reference data and see records; nothing else is possible there."""

import pytest
from django.db.models import Model
from django.test import Client

from cases.actions import conversation, reviewer
from cases.actions.reviewer import Verdict
from cases.models import Case, State
from outbox.models import KeptMail, Message
from people.models import User
from tests.admin.pages import CANARY, EDITED, RECORDS, REGISTERED, address, row_of, signed_in
from tests.world import FREE_TRIAL, World


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
