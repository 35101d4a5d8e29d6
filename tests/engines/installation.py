"""A real installation for the tests: ``python -m engines`` in a folder of its own, on a free port."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psutil
import redis

from config.health import HEARTBEATS
from engines.places import PROJECT, Places
from tests.servers import clean_environment

WITHIN = 60.0  # seconds; generous, since several tests share the machine
LOGIN = "/accounts/login/"


class Installation:
    """One ``VAR_DIR`` with a port; ``extra`` are further variables of its environment."""

    def __init__(self, var: Path, **extra: str) -> None:
        self.var = var
        self.port = free_port()
        self.environment = clean_environment()
        self.environment |= {"VAR_DIR": str(var), "PORT": str(self.port), "DEMO_PASSWORD": "open-sesame-25"}
        self.environment |= extra
        self.output = var.with_name(f"{var.name}-{self.port}.txt")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def places(self) -> Places:
        return Places(self.var.resolve())

    def start(self) -> None:
        """Start it, and do not wait."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "engines"],
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def start_and_wait(self, seconds: float = WITHIN) -> None:
        """Start it, and wait until it has said where it is."""
        self.start()
        wait_for(lambda: "Stop it with Ctrl-C" in self.said() or self.has_ended(), seconds)
        assert not self.has_ended(), self.said()

    def said(self) -> str:
        """Everything it printed."""
        return self.output.read_text()

    def has_ended(self) -> bool:
        assert self.process is not None
        return self.process.poll() is not None

    def send(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def wait(self) -> int:
        """Wait until it has ended; returns its exit status."""
        assert self.process is not None
        return self.process.wait(WITHIN)

    def stop(self) -> None:
        if self.process is not None and not self.has_ended():
            self.send(signal.SIGTERM)
            self.wait()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One ``manage.py`` command in its environment."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False
        )

    def children(self, word: str) -> list[psutil.Process]:
        """The children of its supervisor with the word in their command line."""
        assert self.process is not None
        found = []
        for child in psutil.Process(self.process.pid).children():
            with suppress(psutil.Error):
                if word in re.split(r"[\s/]+", " ".join(child.cmdline())):
                    found.append(child)
        return found

    def child(self, word: str) -> psutil.Process:
        """The one child with the word."""
        (child,) = self.children(word)
        return child

    def family(self) -> list[psutil.Process]:
        """Its supervisor and everything below it."""
        assert self.process is not None
        supervisor = psutil.Process(self.process.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def is_ready(self) -> bool:
        """What ``/readyz`` says; no answer is a no."""
        with suppress(httpx.HTTPError), self.client() as client:
            return client.get("/readyz").status_code == 200
        return False

    def forget_heartbeat(self, *parts: str) -> None:
        """As if no worker had ever given a sign of life; of these parts of ``/readyz`` alone, where some are named."""
        keys = [HEARTBEATS[part] for part in parts or HEARTBEATS]
        redis.Redis.from_url(self.places.redis_url).delete(*keys)

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)

    @contextmanager
    def sign_in(self, role: str) -> Iterator[httpx.Client]:
        """A client with the session of a demo login."""
        with self.client() as client:
            fields = {"login": f"{role}@demo.example", "password": self.environment["DEMO_PASSWORD"]}
            answer = client.post(LOGIN, data=fields | {"csrfmiddlewaretoken": token(client, LOGIN)})
            assert answer.status_code == 302, answer.text
            yield client

    def processes(self) -> list[str]:
        """What runs that belongs to it, by command line: nothing, once it has stopped."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):  # it may end between the two questions
                if self._owns(process):
                    found.append(" ".join(process.cmdline()))
        return found

    def _owns(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error):
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            is_named = process.environ().get("VAR_DIR") == str(self.var)
            return is_named or process.cwd().startswith(f"{self.var}/") or str(self.var) in process.cmdline()
        return False


def token(client: httpx.Client, path: str) -> str:
    """The token against forged requests of the forms on a page."""
    found = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def wait_for(holds: Callable[[], bool], seconds: float = WITHIN) -> None:
    """Wait until the condition holds; fails the test if it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "this did not come about in time"
        time.sleep(0.05)
