"""``manage.py`` uses the engines where they run, and starts them for itself where they do not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engines.places import PROJECT
from tests.engines.installation import Installation, wait_for

COUNT = "from cases.models import Case; print(Case.objects.count())"
WAITING = """
import pathlib, time
from cases.models import Case
pathlib.Path({begun!r}).touch()
while not pathlib.Path({may_end!r}).exists():
    time.sleep(0.05)
print(Case.objects.count())
"""


class Slow:
    """A command that has begun, and ends when told to."""

    def __init__(self, installation: Installation, folder: Path, name: str) -> None:
        self._may_end = folder / f"{name}-may-end"
        begun = folder / f"{name}-begun"
        code = WAITING.format(begun=str(begun), may_end=str(self._may_end))
        command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
        self.process = subprocess.Popen(
            command, cwd=PROJECT, env=installation.environment, stdout=subprocess.PIPE, text=True
        )
        wait_for(begun.exists)

    def let_end(self) -> None:
        self._may_end.touch()

    def result(self) -> int:
        out, _ = self.process.communicate(timeout=60)
        return int(out)


def test_commands_at_once_share_engines_that_one_of_them_started(installation: Installation) -> None:
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", COUNT]
    together = [
        subprocess.Popen(
            command, cwd=PROJECT, env=installation.environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    counts = {process.communicate(timeout=120)[0] for process in together}
    assert len(counts) == 1
    assert int(counts.pop()) > 0
    assert installation.processes() == []


def test_who_started_the_engines_waits_for_its_guests(installation: Installation, tmp_path: Path) -> None:
    host = Slow(installation, tmp_path, "host")
    guest = Slow(installation, tmp_path, "guest")
    host.let_end()
    with pytest.raises(subprocess.TimeoutExpired):
        host.process.wait(1)
    guest.let_end()
    assert guest.result() == host.result() > 0
    assert installation.processes() == []


def test_the_program_does_not_start_beside_a_command_that_runs_the_engines(
    installation: Installation, tmp_path: Path
) -> None:
    host = Slow(installation, tmp_path, "host")
    installation.start()
    assert installation.wait() == 1
    assert "one of its commands, runs on" in installation.said()
    host.let_end()
    assert host.result() > 0


@pytest.mark.parametrize("arguments", [("check",), ("migrate", "--help"), ("--version",)])
def test_a_command_without_need_starts_nothing(arguments: tuple[str, ...], tmp_path: Path) -> None:
    installation = Installation(tmp_path / "var")
    assert installation.manage(*arguments).returncode == 0
    assert not installation.places.postgres_data.exists()


def test_a_folder_that_cannot_be_written_is_an_error_that_names_the_way_on(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = Installation(tmp_path / "file" / "var").manage("migrate")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Set VAR_DIR" in done.stderr


LOOK = ("readiness", "--domain", "fjordlight.example", "--address", "203.0.113.10", "--json")


def test_a_command_that_asks_the_world_asks_the_demos_own(tmp_path: Path) -> None:
    """It says what the pages say, and needs no engine for it."""
    installation = Installation(tmp_path / "var")
    done = installation.manage(*LOOK)
    found = {line["item"]: line["status"] for line in json.loads(done.stdout)}
    assert {found[item] for item in ("mx", "spf", "spf_address", "dmarc", "ptr", "fcrdns")} == {"pass"}
    assert not installation.places.postgres_data.exists()
    assert installation.processes() == []


def test_a_command_that_asks_the_world_asks_whom_the_operator_named(tmp_path: Path) -> None:
    done = Installation(tmp_path / "var", DNS_RESOLVERS="127.0.0.1:9").manage(*LOOK)
    assert {line["status"] for line in json.loads(done.stdout)} == {"unknown"}


def test_the_checks_of_the_command_line_see_what_the_demos_checks_saw(installation: Installation) -> None:
    """A registry and a name server that are there: nothing is unknown for want of them."""
    done = installation.manage("antifraud", reference_in_review(installation), "--run", "--json")
    (*_, last) = json.loads(done.stdout)["rounds"]
    found = {signal["part"]: signal["finding"] for signal in last["signals"]}
    assert {found["mx"], found["domain_age"], found["blocklist"]} <= {"clear", "flagged"}


def reference_in_review(installation: Installation) -> str:
    code = (
        "from cases.models import Case; "
        "print(Case.objects.get(subscription__name='Choir office', state='in_review').reference)"
    )
    return installation.manage("shell", "-v0", "-c", code).stdout.strip()
