"""A case with everything in it, and a way past the guard."""

from collections.abc import Callable

import pytest
from django.db import connection

from cases.actions.conversation import send_message, write_note
from cases.actions.reviewer import deny
from cases.models import Case, State
from tests.world import DENIAL, World


@pytest.fixture
def case(world: World) -> Case:
    """A denied case of a partner's, with checks, a message, a note and an attestation; others beside it."""
    world.case_in(State.DECLINED)
    reference = world.checked(world.submitted_by_partner()).reference
    send_message(reference, by=world.actor("petra"), text="Please hurry.")
    write_note(reference, by=world.actor("rita"), text="In a hurry.")
    deny(reference, DENIAL, by=world.actor("rita"))
    world.case_in(State.REVOKED)
    return Case.objects.get(reference=reference)


@pytest.fixture
def as_superuser() -> Callable[[str], None]:
    """Run SQL past every trigger and foreign key."""

    def run(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql)
            assert cursor.rowcount > 0
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    return run
