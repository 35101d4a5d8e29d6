"""``python -m engines``: what ``make run`` runs. Engines, set-up, web, workers and beat as one program."""

import os
import socket
import sys
import time
from contextlib import ExitStack
from ipaddress import ip_address

from engines.cluster import engines
from engines.locks import host
from engines.outside import outside_world
from engines.places import Places
from engines.port import reserved_port
from engines.process import EngineError, stop_with_parent
from engines.programs import background, set_up, web
from engines.service import Service
from engines.supervisor import Stopped, run_to_end, stop_on_signals, supervised, watch

ROLES = (
    "customer",
    "customer2",
    "partner",
    "partner2",
    "reviewer",
    "reviewer2",
    "senior",
    "senior2",
    "auditor",
    "operator",
)
ANSWERS_WITHIN = 60.0  # seconds


def main() -> int:
    """Serve until stopped; returns the exit status."""
    if "--stop-with-parent" in sys.argv[1:]:
        stop_with_parent()
    stop_on_signals()
    try:
        _serve(Places.from_environment())
    except Stopped:
        print("Unblock Desk has stopped.", flush=True)
        return 0
    except EngineError as error:
        print(f"Unblock Desk did not start: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


def _serve(places: Places) -> None:
    with ExitStack() as stack:
        reserved = stack.enter_context(reserved_port())
        stack.enter_context(host(places))
        running = stack.enter_context(engines(places))
        environment, outside = stack.enter_context(outside_world(_environment(places, reserved)))
        run_to_end(set_up(environment))
        own = stack.enter_context(supervised([*outside, web(reserved.fileno(), environment)]))
        watch([*running, *own], until=_Answer(reserved))
        for program in background(environment):  # now, so that the first page does not share the processor
            own.append(Service(program))  # those before one that fails are stopped
        _announce(reserved, environment)
        watch([*running, *own])


def _environment(places: Places, reserved: socket.socket) -> dict[str, str]:
    """What our programs see: demo mode is on, and quiet, unless a production set-up is there."""
    defaults = {"DEMO": "0"} if os.environ.get("SECRET_KEY") else {"DEMO": "1", "LOG_LEVEL": "WARNING"}
    of_ours = {
        "VAR_DIR": str(places.var),
        "PORT": str(reserved.getsockname()[1]),
        "PYTHONUNBUFFERED": "1",
        # The set-up has run the system checks; a worker that repeats them loads every page to do so.
        "CELERY_SKIP_CHECKS": "1",
    }
    return {**defaults, **os.environ, **of_ours}


class _Answer:
    """Whether the web program answers. Raises ``EngineError`` when it does not in time."""

    def __init__(self, reserved: socket.socket) -> None:
        self._address = _reached_at(reserved)
        self._deadline = time.monotonic() + ANSWERS_WITHIN

    def __call__(self) -> bool:
        if _answers(self._address):
            return True
        if time.monotonic() > self._deadline:
            raise EngineError(f"no page was served within {ANSWERS_WITHIN:.0f} s; the lines above say why.")
        return False


def _reached_at(reserved: socket.socket) -> tuple[str, int]:
    address, port = reserved.getsockname()
    return ("127.0.0.1" if ip_address(address).is_unspecified else address), port


def _answers(address: tuple[str, int]) -> bool:
    """Asked by hand: a client library would keep megabytes of this small process for one question."""
    try:
        with socket.create_connection(address, timeout=5) as connection:
            connection.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False


def _announce(reserved: socket.socket, environment: dict[str, str]) -> None:
    address, port = _reached_at(reserved)
    print(f"\nUnblock Desk is at http://{address}:{port}/")
    if environment["DEMO"] == "1":
        password = environment.get("DEMO_PASSWORD") or "port25-demo"
        print(f"Demo logins, all with the password {password}:")
        print("\n".join(f"  {role}@demo.example" for role in ROLES))
    print("Stop it with Ctrl-C.\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
