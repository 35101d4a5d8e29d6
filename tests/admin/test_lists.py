"""Lists of ``/admin/``: found by what names them, never counted through; dead letters."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import Case, State
from outbox.models import KeptMail, Message
from people.models import User
from subscriptions.models import Customer, Partner, Subscription
from tests.admin.pages import REGISTERED, address
from tests.front.page import Page
from tests.world import World


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
