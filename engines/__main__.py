"""``python -m engines``: what ``make run`` runs. Engines, set-up, web, worker and beat as one program."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from engines.cluster import engines
from engines.locks import host
from engines.places import PROJECT, Places
from engines.process import EngineError, Program
from engines.supervisor import Supervisor

ROLES = (
    "customer",
    "customer2",
    "partner",
    "partner2",
    "reviewer",
    "reviewer2",
    "senior",
    "auditor",
    "operator",
)
READY_WITHIN = 60.0  # seconds


def main() -> int:
    """Serve until stopped; returns the exit status."""
    places = Places.from_environment()
    os.environ.setdefault("DEMO", "0" if os.environ.get("SECRET_KEY") else "1")
    try:
        port = _free_port()
        with host(places), engines(places) as running:
            return _serve(places, port, Supervisor(running))
    except EngineError as error:
        print(f"Unblock Desk did not start: {error}", file=sys.stderr)
        return 1


def _serve(places: Places, port: int, supervisor: Supervisor) -> int:
    environment = {**os.environ, "VAR_DIR": str(places.var), "PYTHONUNBUFFERED": "1", "PORT": str(port)}
    try:
        _prepare(environment)
        supervisor.start(programs(port, environment))
        _announce_when_ready(port, supervisor)
        return supervisor.run()
    finally:
        supervisor.stop()


def programs(port: int, environment: dict[str, str]) -> list[Program]:
    """Web, worker and beat. The address to bind is loopback: a proxy stands in front in production."""
    python = [sys.executable, "-m"]
    bind = os.environ.get("BIND", "127.0.0.1")
    gunicorn = [
        "gunicorn",
        "config.wsgi:application",
        "--bind",
        f"{bind}:{port}",
        "--worker-class",
        "gthread",
    ]
    celery = ["celery", "--app", "config", "--quiet"]
    beat = ["--pidfile", "", "--loglevel", "WARNING"]
    commands = {
        "web": [*gunicorn, "--workers", "2", "--threads", "4", "--log-level", "warning", "--preload"],
        "worker": [
            *celery,
            "worker",
            "--concurrency",
            "2",
            "--loglevel",
            "WARNING",
            "--without-gossip",
            "--without-mingle",
        ],
        "beat": [*celery, "beat", *beat],
    }
    return [Program(name, [*python, *command], environment, PROJECT) for name, command in commands.items()]


def _free_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not (text.isdigit() and 1 <= int(text) <= 65535):
        raise EngineError(f"PORT is {text!r}; it must be a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("BIND", "127.0.0.1"), int(text)))
        except OSError as error:
            reason = error.strerror or str(error)
            raise EngineError(
                f"port {text} cannot be used ({reason}). Set PORT to a free one: PORT=8080 make run"
            ) from None
    return int(text)


def _prepare(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "prepare"]
    if subprocess.run(command, cwd=PROJECT, env=environment, check=False).returncode:
        raise EngineError("setting up failed; the lines above say why.")


def _announce_when_ready(port: int, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while not _answers(port):
        if supervisor.is_stopping or time.monotonic() > deadline:
            return
        time.sleep(0.05)
    print(f"\nUnblock Desk is at http://127.0.0.1:{port}/", flush=True)
    if os.environ["DEMO"] == "1":
        _print_logins()
    print("Stop it with Ctrl-C.\n", flush=True)


def _answers(port: int) -> bool:
    address = f"http://127.0.0.1:{port}/healthz"
    request = urllib.request.Request(address, headers={"Host": "127.0.0.1"})  # http alone
    try:
        with urllib.request.urlopen(request, timeout=2):  # noqa: S310  # nosec B310
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _print_logins() -> None:
    print(f"Demo logins, all with the password {os.environ.get('DEMO_PASSWORD') or 'port25-demo'}:")
    for role in ROLES:
        print(f"  {role}@demo.example")


if __name__ == "__main__":
    sys.exit(main())
