"""Where the embedded engines keep their data and their sockets.

The sockets may stand elsewhere than the data: a unix socket's name holds 107 bytes at most
(``sun_path`` in unix(7)), and ``VAR_DIR`` may be longer than that.
"""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parent.parent
"""The folder of ``manage.py``."""

LONGEST_SOCKET_FOLDER = 80  # leaves room for ".s.PGSQL.5432.lock" within 107 bytes
FAR = Path("/tmp")  # noqa: S108  # nosec B108  # short, and the same for every command whatever TMPDIR says; the folder in it is checked to be ours


@dataclass(frozen=True)
class Places:
    """The files of one installation with embedded engines; ``var`` is an absolute folder."""

    var: Path

    @classmethod
    def from_environment(cls) -> "Places":
        """``VAR_DIR`` from the environment, or ``var`` beside ``manage.py``."""
        default = PROJECT / "var"
        return cls(Path(os.environ.get("VAR_DIR") or default).resolve())

    @property
    def postgres_data(self) -> Path:
        """The database cluster; owned by the user that PostgreSQL runs as."""
        return self.var / "postgres"

    @property
    def redis_data(self) -> Path:
        """Valkey's append-only file."""
        return self.var / "valkey"

    @property
    def secret_key(self) -> Path:
        """The demo's signing key, made at first start."""
        return self.var / "secret-key"

    @property
    def sockets(self) -> Path:
        """A private folder for sockets, short enough whatever ``VAR_DIR`` is."""
        near = self.var / "run"
        if len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER:
            return near
        name = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]
        return FAR / f"unblock-desk-{os.getuid()}-{name}"

    def leave_sockets(self) -> None:
        """Once the engines have stopped: leave no empty folder outside of ``VAR_DIR``."""
        with suppress(OSError):
            self.sockets.rmdir()

    @property
    def database_url(self) -> str:
        """The embedded PostgreSQL, for ``DATABASE_URL``."""
        return f"postgresql://unblock@{quote(str(self.sockets), safe='')}/unblock"

    @property
    def redis_socket(self) -> Path:
        """The socket of the embedded Valkey."""
        return self.sockets / "valkey.sock"

    @property
    def redis_url(self) -> str:
        """The embedded Valkey, for ``REDIS_URL``."""
        return f"unix://{self.redis_socket}?db=0"
