"""Who works in ``/admin/``, and what there is to see."""

import pytest
from django.test import Client

from cases.models import State
from outbox.models import KeptMail
from tests.admin.pages import CANARY, signed_in
from tests.world import World


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
