"""The demo's world outside as one more program, and where web and worker find it: in demo mode alone."""

import os
import socket
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from engines.places import PROJECT
from engines.process import Program
from engines.supervisor import supervised

ASKING = frozenset({"antifraud", "readiness"})
"""The commands that ask the world."""

LOOPBACK = ("127.0.0.1", 0)
BLOCKLIST = (
    "blocklist.demo.example=127.0.0.2:sends mail that nobody asked for|127.0.0.4:taken over by somebody"
)
"""The demo's blocklist, as ``BLOCKLISTS`` names one."""
REGISTRY = "rdap.demo.example"
"""What the demo's name server calls the demo's registry: evidence names it as its source."""


@contextmanager
def outside_world(environment: Mapping[str, str]) -> Iterator[tuple[dict[str, str], list[Program]]]:
    """The environment that says who is asked, and the program that answers; outside the demo neither changes.

    The sockets are ours, so the ports stay the same when the program starts again. What the
    environment names already is left as it is.
    """
    if environment.get("DEMO") != "1":
        yield dict(environment), []
        return
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as names,
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as registry,
    ):
        names.bind(LOOPBACK)
        registry.bind(LOOPBACK)
        registry.listen()  # who asks before the program has started waits for it
        # Another name server than the demo's does not know its registry by name.
        host = LOOPBACK[0] if "DNS_RESOLVERS" in environment else REGISTRY
        asked = {**_asked_at(names, registry, host), **environment}
        yield asked, [_program([names.fileno(), registry.fileno()], environment)]


@contextmanager
def outside_for_command(arguments: Sequence[str], is_demo: Callable[[], bool]) -> Iterator[None]:
    """Serve it around one ``manage.py`` command that asks, so that it sees what the demo's pages see.

    It answers everybody alike, so each command has one of its own. ``is_demo`` is asked of the
    settings' own rule, and only where it matters. Raises ``EngineError``.
    """
    if not ASKING & set(arguments[:1]) or not is_demo():
        yield
        return
    with outside_world({**os.environ, "DEMO": "1"}) as (environment, programs), supervised(programs):
        os.environ.update(environment)
        yield


def _asked_at(names: socket.socket, registry: socket.socket, host: str) -> dict[str, str]:
    rdap = f"{host}:{registry.getsockname()[1]}"
    return {
        "DNS_RESOLVERS": f"127.0.0.1:{names.getsockname()[1]}",
        "RDAP_URL": f"http://{rdap}",
        "HTTP_ALLOWED": rdap,
        "BLOCKLISTS": BLOCKLIST,
    }


def _program(sockets: list[int], environment: Mapping[str, str]) -> Program:
    command = [sys.executable, "-m", "demo.outside", *map(str, sockets)]
    return Program("outside", command, environment, PROJECT, inherited=sockets)
