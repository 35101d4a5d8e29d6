"""Name servers that stay silent hold few threads, and one of a person at most."""

import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

import pytest
from django.test import Client, override_settings
from dnslib import DNSRecord

from cases.views import readiness
from engines.programs import WEB_THREADS
from tests.racing import LONGEST, with_own_connection
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Silent:
    """A name server that says nothing until it is let; then all that is missing is missing."""

    server: str
    was_asked: Event = field(default_factory=Event)
    may_answer: Event = field(default_factory=Event)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Silent]:
    monkeypatch.setattr(readiness, "SECONDS", float(LONGEST))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind(("127.0.0.1", 0))
        server = Silent(f"127.0.0.1:{opened.getsockname()[1]}")
        Thread(target=_serve, args=(opened, server), daemon=True).start()
        with override_settings(DNS_RESOLVERS=[server.server]):
            yield server


def _serve(opened: socket.socket, server: Silent) -> None:
    while True:
        packet, asker = opened.recvfrom(512)
        server.was_asked.set()
        server.may_answer.wait(LONGEST)
        reply = DNSRecord.parse(packet).reply(ra=1, aa=0)
        reply.header.rcode = 3  # NXDOMAIN
        opened.sendto(reply.pack(), asker)


def look(client: Client, room: str = "requests") -> Any:
    return client.get(f"/{room}/readiness/", {"domain": "shop.example"})


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.user(name))
    return client


def test_a_person_looks_once_at_a_time_however_many_ask(world: World, silent: Silent) -> None:
    """Sixteen at once: one looks, the others are told to wait, and the site answers meanwhile."""
    clients = [signed_in(world, "olive") for _ in range(16)]
    with ThreadPoolExecutor(17) as pool:
        looks = [pool.submit(with_own_connection, lambda client=client: look(client)) for client in clients]
        assert silent.was_asked.wait(LONGEST)
        told = [each for each in _done_but(1, looks) if each.status_code == 429]
        assert len(told) == 15
        assert "Your last check still runs; try again in a few seconds" in told[0].content.decode()
        assert 'value="shop.example"' in told[0].content.decode()
        assert told[0]["Retry-After"] == "5"
        assert pool.submit(with_own_connection, lambda: Client().get("/healthz")).result().status_code == 200
        silent.may_answer.set()
        assert sorted(each.result().status_code for each in looks) == [200, *[429] * 15]
    assert look(clients[0]).status_code == 200


def test_half_of_the_threads_stay_free_whoever_asks(world: World, silent: Silent) -> None:
    assert readiness.AT_ONCE * 2 <= WEB_THREADS
    people = [("olive", "requests"), ("mallory", "requests"), ("petra", "partner"), ("quentin", "partner")]
    clients = [(signed_in(world, name), room) for name, room in people]
    with ThreadPoolExecutor(len(people)) as pool:
        looks = [
            pool.submit(with_own_connection, lambda client=client, room=room: look(client, room))
            for client, room in clients
        ]
        told = _done_but(readiness.AT_ONCE, looks)
        assert [each.status_code for each in told] == [429] * (len(people) - readiness.AT_ONCE)
        assert "Others look at their records just now" in told[0].content.decode()
        silent.may_answer.set()
        assert sorted(each.result().status_code for each in looks) == [200, 200, 429, 429]


def _done_but(running: int, looks: list[Future[Any]]) -> list[Any]:
    """What all but so many came to, while the others still look."""
    ended = as_completed(looks, timeout=LONGEST)
    return [next(ended).result() for _ in range(len(looks) - running)]
