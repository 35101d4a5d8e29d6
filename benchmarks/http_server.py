"""The product's web program on a port of loopback, run as in production, for one database."""

import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from benchmarks.bench import environment
from benchmarks.http_client import HOST
from engines.process import start, stop, wait_until
from engines.programs import web

READY_WITHIN = 60.0  # seconds


@contextmanager
def server(database: str, log: Path) -> Iterator[tuple[int, int]]:
    """Serve until left; yields the port and the process whose children serve. Raises ``EngineError`` where it does not get ready."""
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("wb") as output:
        port: int = listener.getsockname()[1]
        program = web(listener.fileno(), production(database))
        process = start(program, output.fileno())
        try:
            wait_until(lambda: _answers(port), process, "the web program", READY_WITHIN)
            yield port, process.pid
        finally:
            stop(process, program.ending)


def production(database: str) -> Mapping[str, str]:
    """The environment of a production set-up; its mail server is never called, since no worker runs."""
    return {
        **environment(database),
        "DEMO": "0",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "BASE_URL": f"https://{HOST}",
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "MAIL_FROM": f"desk@{HOST}",
        "DJANGO_SETTINGS_MODULE": "benchmarks.http_settings",
    }


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": HOST})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
