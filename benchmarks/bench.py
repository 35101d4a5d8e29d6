"""What a benchmark is given: a folder, databases of its own, and how much it is to do."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from engines.cluster import engines
from engines.places import Places


@dataclass(frozen=True, slots=True)
class Bench:
    """``rows`` and ``repeats`` are what the command line asked for; ``server`` is a database server's URL.

    ``server_process`` is the embedded server's, where there is one.
    """

    folder: Path
    server: str
    rows: int
    repeats: int
    server_process: int | None = None

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """An empty database, gone afterwards; yields its URL, for ``DATABASE_URL``."""
        own = f"unblock_bench_{name}_{secrets.token_hex(4)}"
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(own)))
        try:
            yield urlunsplit(urlsplit(self.server)._replace(path=f"/{own}"))
        finally:
            self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(own)))

    def server_cpu(self) -> float | None:
        """Seconds of processor time of the embedded server's connections that have ended."""
        if self.server_process is None:
            return None
        fields = Path(f"/proc/{self.server_process}/stat").read_text().rpartition(")")[2].split()
        ended = int(fields[13]) + int(fields[14])  # cutime and cstime, proc_pid_stat(5)
        return ended / os.sysconf("SC_CLK_TCK")

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def bench(rows: int, repeats: int) -> Iterator[Bench]:
    """Servers for benchmarks alone, and a folder; nothing of either is left.

    Where ``DATABASE_URL`` names a server, databases are made there beside what it has; Redis is
    always one of our own. Sets the environment, and is to be used before Django is set up.
    """
    folder = Path(tempfile.mkdtemp(prefix="unblock-desk-bench-"))
    folder.chmod(0o711)  # PostgreSQL's own user passes through it
    os.environ.pop("REDIS_URL", None)
    os.environ |= {"DEMO": "1", "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    try:
        places = Places.from_environment()
        named = os.environ.get("DATABASE_URL")
        with engines(places):
            os.environ["REDIS_URL"] = places.redis_url
            process = None if named else _process_of(places)
            yield Bench(folder, named or places.database_url, rows, repeats, process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _process_of(places: Places) -> int:
    """The embedded server says so itself, in the first line of its ``postmaster.pid``."""
    return int((places.postgres_data / "postmaster.pid").read_text().split()[0])


def environment(database: str) -> Mapping[str, str]:
    """The environment of a program that uses this database."""
    return {"DJANGO_SETTINGS_MODULE": "config.settings", **os.environ, "DATABASE_URL": database}
