"""The same program on servers, which go away and come back: neither embedded engine is started then."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.cluster import engines
from engines.places import Places
from engines.service import Service
from tests.engines.conftest import copied
from tests.engines.installation import Installation, token, wait_for

PAGES = (
    "/policy/",
    "/requests/",
    "/accounts/login/",
    "/api/v1/eligibility?offer=MS-AZR-0003P&created=2018-01-01",
)
OPEN_CASE = """
from cases.models import Case
case = Case.objects.filter(customer__members__user__email="customer@demo.example", state="in_review").first()
print(case.reference)
"""
UNSENT = "from outbox.models import Message; print(Message.objects.filter(thread='{}', sent_at=None).count())"


class Servers:
    """PostgreSQL and Redis as servers of their own, and the program on them."""

    def __init__(self, services: list[Service], program: Installation) -> None:
        self.postgres, self.redis = services
        self.program = program

    def ask(self, code: str) -> str:
        done = self.program.manage("shell", "-v0", "-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture(scope="module")
def servers(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    folder = tmp_path_factory.mktemp("servers")
    places = Places(copied(prepared, folder / "data"))
    named = {"DATABASE_URL": places.database_url, "REDIS_URL": places.redis_url, "DEMO": "1"}
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "REDIS_URL"):
            patch.delenv(name)
        context = engines(places)
        services = context.__enter__()
    program = Installation(folder / "program", **named)
    try:
        program.start_and_wait()
        yield Servers(services, program)
    finally:
        program.stop()
        context.__exit__(None, None, None)


def test_no_engine_is_started_where_servers_are_named(servers: Servers) -> None:
    assert not servers.program.children("postgres")
    assert not servers.program.children("valkey-server")
    assert {path.name for path in servers.program.var.iterdir()} <= {"host.lock", "secret-key", "static"}
    wait_for(servers.program.is_ready)


def test_a_database_that_is_away_makes_503_and_nothing_else(servers: Servers) -> None:
    with servers.program.sign_in("customer") as client:
        servers.postgres.stop()
        for page in PAGES:
            answer = client.get(page)
            assert answer.status_code == 503, page
            assert int(answer.headers["Retry-After"]) > 0
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert not answer.json()["database"]["ok"]
        assert "the database does not answer" in answer.json()["database"]["error"]
        start_again(servers.postgres)
        wait_for(lambda: client.get("/policy/").status_code == 200)
        # Once one page is back all are: no thread holds on to a connection that broke.
        assert [client.get("/requests/").status_code for _ in range(20)] == [200] * 20
    wait_for(servers.program.is_ready)


def test_decisions_go_on_without_redis_and_what_they_tell_leaves_later(servers: Servers) -> None:
    reference = servers.ask(OPEN_CASE)
    with servers.program.sign_in("customer") as client:
        servers.redis.stop()
        page = f"/requests/{reference}/"
        answer = client.post(f"{page}withdraw/", data={"csrfmiddlewaretoken": token(client, page)})
        assert answer.status_code == 302, answer.text
        assert client.get(page).status_code == 200
        ready = client.get("/readyz")
        assert ready.status_code == 503
        assert not ready.json()["redis"]["ok"]
        assert ready.json()["database"]["ok"]
        assert int(servers.ask(UNSENT.format(reference))) > 0
        start_again(servers.redis)
        wait_for(lambda: servers.ask(UNSENT.format(reference)) == "0")
    wait_for(servers.program.is_ready)


def test_redis_may_be_flushed_at_any_moment(servers: Servers) -> None:
    import redis

    with servers.program.sign_in("customer") as client:
        redis.Redis.from_url(servers.program.environment["REDIS_URL"]).flushall()
        assert client.get("/requests/").status_code == 200
    wait_for(servers.program.is_ready)


def start_again(service: Service) -> None:
    """Look after it as the supervisor does: it died, and is started."""
    while service.process.poll() is not None:
        service.look_after()
