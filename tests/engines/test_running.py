"""One program that runs: what it says, what it survives, what it takes."""

import re
import socket
from pathlib import Path

import psutil
import pytest

from tests.engines.installation import Installation, wait_for

PROGRAMS = ("gunicorn", "--queues=celery", "--queues=checks", "beat", "postgres", "valkey-server")
TELLS_ALONE = {"--queues=checks": ["checks_worker"]}
"""Programs whose sign of life needs none of the others: nobody waits for beat's next turn then."""
MEGABYTE = 1024 * 1024


def test_it_says_where_it_is_and_every_login_that_it_names_works(running: Installation) -> None:
    said = running.said()
    assert f"http://127.0.0.1:{running.port}/" in said
    assert "open-sesame-25" in said
    roles = re.findall(r"^  (\w+)@demo\.example$", said, re.MULTILINE)
    assert len(roles) == 10
    for role in roles:
        with running.sign_in(role) as client:
            assert client.get("/home/").status_code == 302


def test_it_becomes_ready(running: Installation) -> None:
    wait_for(running.is_ready)
    with running.client() as client:
        parts = client.get("/readyz").json()
        assert client.get("/healthz").text == "ok\n"
    assert parts.pop("ready") is True
    assert {name: part["ok"] for name, part in parts.items()} == dict.fromkeys(
        ["database", "redis", "worker", "checks_worker", "outbox"], True
    )


def test_a_command_borrows_the_engines(running: Installation) -> None:
    done = running.manage("shell", "-v0", "-c", "from cases.models import Case; print(Case.objects.count())")
    assert int(done.stdout) > 0, done.stderr
    with running.client() as client:
        assert client.get("/policy/").status_code == 200


def test_a_taken_port_is_an_error_before_anything_is_started(running: Installation, tmp_path: Path) -> None:
    other = Installation(tmp_path / "var", PORT=str(running.port))
    other.start()
    assert other.wait() == 1
    assert f"127.0.0.1:{running.port} cannot be used (Address already in use)" in other.said()
    assert "Set PORT" in other.said()
    assert not other.var.exists()


def test_a_port_is_taken_from_the_start(tmp_path: Path) -> None:
    """A program that only listens later than we look would share the address with us."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        other = Installation(tmp_path / "var", PORT=port)
        other.start()
        assert other.wait() == 1
    assert "cannot be used" in other.said()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "8 0"])
def test_a_port_that_is_none_is_an_error(port: str, tmp_path: Path) -> None:
    other = Installation(tmp_path / "var", PORT=port)
    other.start()
    assert other.wait() == 1
    assert f"PORT is '{port}'; it must be a number from 1 to 65535." in other.said()


def test_a_second_one_on_the_same_data_is_an_error(running: Installation) -> None:
    other = Installation(running.var)
    other.start()
    assert other.wait() == 1
    assert f"another Unblock Desk, or one of its commands, runs on {running.var}" in other.said()
    assert "set VAR_DIR and PORT" in other.said()


def test_two_run_side_by_side(running: Installation, installation: Installation) -> None:
    installation.start_and_wait()
    for each in (running, installation):
        with each.sign_in("customer") as client:
            assert client.get("/home/").status_code == 302
    installation.stop()


@pytest.mark.parametrize("word", PROGRAMS)
def test_what_is_killed_runs_again(word: str, running: Installation) -> None:
    killed = running.child(word)
    running.forget_heartbeat(*TELLS_ALONE.get(word, ()))
    killed.kill()
    wait_for(lambda: any(child.pid != killed.pid for child in running.children(word)))
    wait_for(running.is_ready)
    with running.sign_in("reviewer") as client:
        assert client.get("/home/").status_code == 302


def test_a_web_worker_that_is_killed_is_replaced(running: Installation) -> None:
    master = running.child("gunicorn")
    before = master.children()
    before[0].kill()
    wait_for(lambda: len([child for child in master.children() if child not in before]) == 1)


def test_memory(running: Installation) -> None:
    """Proportional set sizes: what processes share is counted once. The goals stand in docs/running.md."""
    with running.client() as client:
        for _ in range(20):
            client.get("/policy/")
    sizes = {process.pid: process.memory_full_info().pss for process in running.family()}
    web = [child.pid for child in running.child("gunicorn").children()]
    assert all(sizes[pid] < 150 * MEGABYTE for pid in web)
    assert sum(sizes.values()) < 600 * MEGABYTE


@pytest.fixture(autouse=True)
def _is_whole(running: Installation) -> None:
    """Each test finds the whole family alive."""
    wait_for(lambda: all(running.children(word) for word in PROGRAMS))
    assert running.process is not None
    assert psutil.pid_exists(running.process.pid)
