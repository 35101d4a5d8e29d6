"""The ledger's hashes: over every column, the same after a round trip, and the same for the same content."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from cases.actions.conversation import send_message
from cases.actions.customer import withdraw
from cases.actions.partner import vouch
from cases.actors import Side
from cases.ledger import digest, event_hash
from cases.models import Case, CaseEvent, EventKind
from subscriptions.models import CustomerMember, Role
from tests.world import ATTESTATION, CSP, World

UNHASHED = {"id", "case", "hash"}
"""The row's own number, its case (whose reference is hashed), and the hash itself."""

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def test_the_hash_covers_every_column(world: World) -> None:
    event = world.submitted().events.get(seq=1)
    was = event_hash("UB-0000-000X", event)
    changed = {
        "seq": 2,
        "kind": EventKind.NOTE,
        "from_state": "approved",
        "to_state": "approved",
        "at": event.at + timedelta(microseconds=1),
        "side": Side.DESK,
        "actor": world.user("mallory"),
        "actor_name": "Mallory",
        "data": event.data | {"more": 1},
        "previous": "0" * 64,
    }
    assert set(changed) | UNHASHED == {column.name for column in CaseEvent._meta.concrete_fields}
    for name, value in changed.items():
        before = getattr(event, name)
        setattr(event, name, value)
        assert event_hash("UB-0000-000X", event) != was, name
        setattr(event, name, before)
    assert event_hash("UB-0000-000X", event) == was
    assert event_hash("UB-0000-0018", event) != was


def test_each_event_follows_from_the_one_before_and_the_case_keeps_the_last(world: World) -> None:
    case = world.submitted()
    send_message(case.reference, by=world.actor("olive"), text="Hello.")
    events = list(case.events.all())
    assert [event.previous for event in events] == ["", *(event.hash for event in events[:-1])]
    stored = Case.objects.get(pk=case.pk)
    assert (stored.version, stored.head) == (3, events[-1].hash)


@given(plain)
def test_a_digest_is_of_the_content_and_not_of_how_it_is_written(content: object) -> None:
    turned = dict(reversed(content.items())) if isinstance(content, dict) else content
    assert digest(turned) == digest(content)
    assert digest([content]) != digest([content, None])


@pytest.mark.django_db
@given(st.dictionaries(texts, plain, max_size=4))
def test_what_an_event_holds_is_the_same_when_it_is_read_again(content: dict[str, object]) -> None:
    """PostgreSQL keeps JSON in a form of its own: sorted, and without white space."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::jsonb::text", [json.dumps(content)])
        (stored,) = cursor.fetchone() or ("",)
    assert digest(json.loads(stored)) == digest(content)


def test_a_partner_that_is_its_own_customer_acts_as_what_it_says(world: World) -> None:
    """One person in both: the verb tells on which side it was done."""
    CustomerMember.objects.create(user=world.user("petra"), customer=world.contoso, role=Role.OWNER)
    case = world.submitted(world.subscription(CSP), by="petra")
    vouch(case.reference, ATTESTATION, by=world.actor("petra"))
    withdraw(case.reference, by=world.actor("petra"))
    sides = list(case.events.values_list("kind", "side"))
    assert sides == [
        (EventKind.SUBMITTED, Side.CUSTOMER),
        (EventKind.ROUTED, Side.SYSTEM),
        (EventKind.VOUCHED, Side.PARTNER),
        (EventKind.WITHDRAWN, Side.CUSTOMER),
    ]
