"""However it is stopped, nothing of it is left running; started again it has its data."""

import os
import signal
from pathlib import Path

import pytest

from engines.places import PROJECT, Places
from tests.engines.conftest import copied
from tests.engines.installation import Installation, wait_for

COUNT = "from cases.models import Case; print(Case.objects.count())"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda n: n.name)
def test_a_signal_stops_all_of_it(number: signal.Signals, installation: Installation) -> None:
    installation.start_and_wait()
    assert len(installation.processes()) > 8
    installation.send(number)
    assert installation.wait() == 0
    assert installation.processes() == []
    assert installation.said().endswith("Unblock Desk has stopped.\n")
    assert installation.said().count("Warm shutdown") <= 1  # none where the worker was still starting


def test_killed_it_leaves_nothing_and_starts_again_with_its_data(installation: Installation) -> None:
    before = installation.manage("shell", "-v0", "-c", COUNT).stdout
    installation.start_and_wait()
    installation.send(signal.SIGKILL)
    installation.wait()
    installation.start_and_wait()  # at once: its engines still stop while their successors start
    assert "demo world" not in installation.said()
    assert installation.manage("shell", "-v0", "-c", COUNT).stdout == before
    installation.forget_heartbeat()
    wait_for(installation.is_ready)  # killed while its worker started, before; while it works, now
    installation.send(signal.SIGKILL)
    installation.wait()
    wait_for(lambda: installation.processes() == [])


def test_stopped_while_it_sets_itself_up(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "var")
    installation.start()
    wait_for(lambda: any("prepare" in line for line in installation.processes()))
    installation.send(signal.SIGTERM)
    assert installation.wait() == 0
    assert installation.processes() == []


def test_a_far_path_with_spaces(prepared: Path, tmp_path: Path) -> None:
    """Sockets stand elsewhere then, since their names hold 107 bytes; nothing of them is left there."""
    folder = tmp_path / ("a long name " * 12).strip()
    folder.mkdir()
    installation = Installation(copied(prepared, folder / "of its own"))
    assert len(os.fsencode(installation.var)) > 107
    try:
        installation.start_and_wait()
        with installation.sign_in("customer") as client:
            assert client.get("/home/").status_code == 302
        assert installation.manage("shell", "-v0", "-c", COUNT).returncode == 0
        assert not installation.places.sockets.is_relative_to(installation.var)
    finally:
        installation.stop()
    assert installation.processes() == []
    assert not installation.places.sockets.exists()


@pytest.mark.parametrize("length", range(60, 120))
def test_socket_names_are_short_wherever_the_data_is(length: int) -> None:
    folder = Path("/" + "x" * (length - 1))
    sockets = Places(folder).sockets
    assert len(os.fsencode(sockets / ".s.PGSQL.5432.lock")) <= 107


def test_data_is_beside_the_project_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VAR_DIR")
    assert Places.from_environment().var == PROJECT / "var"
