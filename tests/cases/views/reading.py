"""How the rooms' pages are read in tests: signed in as one of the cast, by people and by queries."""

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.front.page import Answer
from tests.world import World

MOST_QUERIES = 12
OWN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|name="next" value="[^"]+"')


def sign_in(client: Client, world: World, name: str = "olive") -> Client:
    """The client as that person."""
    client.force_login(world.user(name))
    return client


def queries_of(client: Client, path: str) -> int:
    """How many queries the page takes once policies are parsed."""
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def body_of(response: Answer) -> bytes:
    """The page without what differs with each answer and each address."""
    return OWN.sub(b"", response.content)
