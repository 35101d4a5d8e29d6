"""A queryset that is built once answers as the same queryset that Django builds anew."""

import threading

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from people.models import User
from statements.asked import Asked, Built
from subscriptions.models import Subscription
from tests.world import World


def test_each_value_gets_its_own_rows(world: World) -> None:
    of_name = Built(lambda: User.objects.filter(name=Asked("name"), is_active=True).order_by("pk"))
    for name in ("Olive", "Rita", "Nobody at all"):
        assert of_name.ask(name=name) == list(User.objects.filter(name=name))
    assert of_name.first(name="Nobody at all") is None


def test_what_is_joined_and_annotated_comes_along(world: World) -> None:
    made = world.subscription(name="Mail out")
    with_customer = Built(lambda: Subscription.objects.select_related("customer").filter(pk=Asked("pk")))
    with_customer.ask(pk=made.pk)
    with CaptureQueriesContext(connection) as queries:
        read = with_customer.first(pk=made.pk)
        assert read is not None
        assert (read, read.customer.name) == (made, "Contoso")
    assert len(queries) == 1


def test_plain_values_come_as_they_were_asked_for(world: World) -> None:
    names = Built(lambda: User.objects.filter(pk=Asked("pk")).values_list("name", "email"))
    olive = world.user("olive")
    assert names.ask(pk=olive.pk) == [(olive.name, olive.email)]


def test_the_statement_is_built_once(world: World) -> None:
    made = []

    def build() -> "object":
        made.append(True)
        return User.objects.filter(pk=Asked("pk"))

    asked = Built(build)  # type: ignore[arg-type, var-annotated]  # what it makes is a queryset
    for name in ("olive", "rita"):
        assert asked.ask(pk=world.user(name).pk) == [world.user(name)]
    assert made == [True]


def test_a_value_that_is_missing_is_named(db: None) -> None:
    with pytest.raises(KeyError, match="pk"):
        Built(lambda: User.objects.filter(pk=Asked("pk"))).ask(id=1)


def test_what_would_ask_further_statements_is_refused(db: None) -> None:
    with pytest.raises(TypeError, match="prefetch_related"):
        Built(lambda: Subscription.objects.prefetch_related("cases")).ask()


def test_a_lock_wants_its_transaction_each_time(transactional_db: None) -> None:
    locked = Built(lambda: User.objects.select_for_update().filter(pk=Asked("pk")))
    with transaction.atomic():
        locked.ask(pk=0)
    with pytest.raises(TransactionManagementError):
        locked.ask(pk=0)


def test_each_thread_asks_on_its_own_connection(transactional_db: None) -> None:
    """One that saw another's unfinished work, or its closed connection, would have taken over theirs."""
    of_name = Built(lambda: User.objects.filter(name=Asked("name")))
    seen: list[int] = []

    def ask() -> None:
        seen.append(len(of_name.ask(name="Ann")))
        connection.close()

    with transaction.atomic():
        User.objects.create_user("ann@example.com", name="Ann")
        assert len(of_name.ask(name="Ann")) == 1
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert seen == [0]
