"""Who is signed in comes with what they belong to, in one query; whoever was shut out is nobody."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.actors import Actor, with_roles
from cases.models import Case
from subscriptions.models import CustomerMember, PartnerMember
from tests.cases.views.reading import sign_in
from tests.cases.views.test_customer_asking import post
from tests.world import World

MOST_ROUND_TRIPS = 10
"""Of a submission through HTTP, with signing in, the transaction's begin and its end."""


@pytest.mark.parametrize("name", ["olive", "conrad", "rhea", "tied", "petra", "prue", "rita", "nora"])
def test_an_actor_is_the_same_however_the_user_was_read(world: World, name: str) -> None:
    read = with_roles(world.user(name).pk)
    assert read is not None
    with CaptureQueriesContext(connection) as queries:
        actor = Actor.of(read)
    assert len(queries) == 0
    assert actor == Actor.of(world.user(name))
    user = world.user(name)
    assert actor.customers == dict(
        CustomerMember.objects.filter(user=user).values_list("customer_id", "role")
    )
    assert actor.partners == dict(PartnerMember.objects.filter(user=user).values_list("partner_id", "role"))


def test_whoever_is_shut_out_is_signed_out_with_their_next_page(client: Client, world: World) -> None:
    sign_in(client, world)
    assert client.get("/requests/").status_code == 200
    world.user("olive").is_active = False
    world.user("olive").save()
    assert client.get("/requests/").status_code == 302


def test_a_submission_is_a_handful_of_round_trips(client: Client, world: World) -> None:
    sign_in(client, world)
    post(client, world.subscription(), "send", idempotency_key="first")  # parses the policy
    client.get("/requests/")  # shows what was said, as a browser does
    subscription = world.subscription()
    with CaptureQueriesContext(connection) as queries:
        assert post(client, subscription, "send", idempotency_key="second").status_code == 302
    assert Case.objects.filter(subscription=subscription).exists()
    assert len(queries) <= MOST_ROUND_TRIPS, [query["sql"][:90] for query in queries]
