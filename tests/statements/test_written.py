"""Rows that are written by a statement built once are those that Django would have written."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from outbox.models import Message
from people.models import User
from statements.written import write, write_or_leave


def person(name: str) -> User:
    return User(email=f"{name}@example.com", name=name, password="!")


def test_rows_are_as_django_writes_them_and_know_their_keys(db: None) -> None:
    mine, djangos = [person("ann"), person("ben")], person("cho")
    with CaptureQueriesContext(connection) as queries:
        write(mine)
    assert len(queries) == 1
    djangos.save()
    assert [row.name for row in User.objects.filter(pk__in=[row.pk for row in mine]).order_by("pk")] == [
        "ann",
        "ben",
    ]
    stored = User.objects.get(pk=mine[0].pk)
    own = {"id", "email", "name"}
    assert {k: v for k, v in model_to_dict(stored).items() if k not in own} == {
        k: v for k, v in model_to_dict(djangos).items() if k not in own
    }
    assert stored.joined_at is not None


def test_a_written_row_is_changed_by_save_and_not_written_again(db: None) -> None:
    ann = person("ann")
    write([ann])
    ann.name = "Ann"
    ann.save()
    assert list(User.objects.values_list("name", flat=True)) == ["Ann"]


def test_no_rows_are_no_statement(db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        write([])
    assert len(queries) == 0


def test_what_is_there_already_is_left_or_refused(db: None) -> None:
    def message(key: str, text: str) -> Message:
        return Message(topic="email", key=key, thread=key, payload={"text": text})

    write_or_leave([message("a", "first")])
    write_or_leave([message("a", "second"), message("b", "second")])
    kept = {row.key: row.payload["text"] for row in Message.objects.all()}
    assert kept == {"a": "first", "b": "second"}
    assert Message.objects.filter(created_at__isnull=False, next_attempt_at__isnull=False).count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        write([message("b", "third")])


def test_a_plain_text_is_written_as_json_where_the_column_holds_that(db: None) -> None:
    write([Message(topic="email", key="a", thread="a", payload="said")])
    assert Message.objects.get(key="a").payload == "said"
