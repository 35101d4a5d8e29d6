"""``make run`` itself: on a first start, as an ordinary user, from wherever the checkout lies; and how it is stopped."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engines.accounts import Account, account_for
from engines.places import FAR, PROJECT
from engines.process import Program, start
from tests.engines.conftest import copied
from tests.engines.installation import Installation, wait_for
from tests.tools import require_tool

INSTALLED = "--old-file=.venv/run.installed"  # taken as it is: nothing is installed for a test
NOT_OF_A_CLONE = shutil.ignore_patterns(".*", "var", "__pycache__")
FIRST_WITHIN = 240.0  # seconds; the demo world is made
OF_MAKE = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}


class Made(Installation):
    """An installation by ``make run`` in a checkout; make and what it runs are a process group, as in a terminal.

    With ``account`` root becomes that user, and merely lets it pass to where the checkout lies.
    """

    def __init__(self, checkout: Path, var: Path, account: Account | None = None) -> None:
        super().__init__(var)
        self.checkout = checkout
        self.account = account
        self.environment = {name: value for name, value in self.environment.items() if name not in OF_MAKE}

    def start(self) -> None:
        """Start it, and do not wait."""
        make = Program(
            "make",
            [require_tool("make"), INSTALLED, "run"],
            self.environment,
            self.checkout,
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            is_let_through=self.account is not None,
        )
        with self.output.open("wb") as output:
            self.process = start(make, output)

    def press_ctrl_c(self) -> None:
        """What a terminal sends to all of the foreground."""
        os.killpg(self.group, signal.SIGINT)

    def stop(self) -> None:
        """And what a make that was killed has left behind."""
        with suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGTERM)
        super().stop()

    @property
    def group(self) -> int:
        assert self.process is not None
        return self.process.pid

    def far_sockets(self) -> list[Path]:
        """Where sockets stand that cannot stand beside the data; each user has a folder of its own."""
        return list(FAR.glob(f"unblock-desk-*-{self.places.sockets.name.rpartition('-')[2]}"))

    def is_gone(self) -> bool:
        """Nothing runs any more of what was started, by group or by data."""
        try:
            os.killpg(self.group, 0)
        except ProcessLookupError:
            return self.processes() == []
        return False


@contextmanager
def made(checkout: Path, var: Path, account: Account | None = None) -> Iterator[Made]:
    """One that is gone once the test has ended, however that ends."""
    installation = Made(checkout, var, account)
    try:
        yield installation
    finally:
        installation.stop()


def cloned(checkout: Path, account: Account | None) -> Path:
    """What a clone has, with the environment that we run in, so that nothing is installed."""
    shutil.copytree(PROJECT, checkout, ignore=NOT_OF_A_CLONE)
    (checkout / ".venv").symlink_to(sys.prefix)
    if account is not None:
        subprocess.run(["chown", "-R", f"{account.uid}:{account.gid}", checkout], check=True)
    return checkout


def test_ctrl_c_stops_all_of_it(prepared: Path, tmp_path: Path) -> None:
    with made(PROJECT, copied(prepared, tmp_path / "var")) as installation:
        installation.start_and_wait()
        with installation.client() as client:
            assert "Is port 25 blocked for me?" in client.get("/").text
        assert len(installation.processes()) > 8
        installation.press_ctrl_c()
        installation.wait()
        assert "Unblock Desk has stopped." in installation.said()
        assert installation.is_gone()


def test_a_first_start_by_an_ordinary_user_far_away_until_make_is_killed(tmp_path: Path) -> None:
    """At a long path with spaces, where sockets stand elsewhere: their names hold 107 bytes."""
    account = account_for(Path("/nowhere"))  # nobody else where we are no root: an ordinary user already
    checkout = cloned(tmp_path / ("a long name " * 8).strip() / "unblock desk", account)
    with made(checkout, checkout / "var", account) as installation:
        del installation.environment["VAR_DIR"]
        installation.start_and_wait(seconds=FIRST_WITHIN)
        assert "Loading the demo world" in installation.said()
        with installation.sign_in("customer") as client:
            assert "My subscriptions" in client.get("/requests/").text
        assert 0 not in {process.uids().effective for process in installation.family()}
        assert len(installation.far_sockets()) == 1
        installation.send(signal.SIGKILL)
        installation.wait()
        wait_for(installation.is_gone)
        assert installation.far_sockets() == []
