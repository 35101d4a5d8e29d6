"""What is run on top of the engines: the set-up, then web, the two workers and beat."""

import signal
import sys
from collections.abc import Mapping

from engines.places import PROJECT
from engines.process import Program

WEB_WORKERS = 2
WEB_THREADS = 4
REQUESTS_EACH = 20_000  # then a web worker is replaced, a tenth of them earlier or later
TASKS_AT_A_TIME = 3  # of each worker: two long replays leave one for the mail


def set_up(environment: Mapping[str, str]) -> Program:
    """``manage.py prepare``: migrations, static files, what is shipped, the demo world."""
    return Program("prepare", [sys.executable, "manage.py", "prepare"], environment, PROJECT)


def web(listener: int, environment: Mapping[str, str]) -> Program:
    """The pages, on an open socket by its number."""
    return Program("web", _web(listener), environment, PROJECT, inherited=[listener])


def background(environment: Mapping[str, str]) -> list[Program]:
    """A worker for each queue, and beat."""
    return [
        _worker("worker", "celery", environment),
        _worker("checks", "checks", environment),
        Program("beat", _beat(), environment, PROJECT),
    ]


def _worker(name: str, queue: str, environment: Mapping[str, str]) -> Program:
    """A worker that takes the tasks of one queue alone.

    SIGTERM lets it end the tasks in hand, and a check may wait for silent name servers for a minute;
    SIGQUIT while it starts leaves it waiting for a thread of its own, for ever. Tasks stand in the
    queue until they are done, so that they are not lost.
    """
    return Program(name, _celery_worker(queue), environment, PROJECT, ending_alone=signal.SIGKILL)


def _web(listener: int) -> list[str]:
    options = {
        "bind": f"fd://{listener}",
        "worker-class": "gthread",
        "workers": WEB_WORKERS,
        "threads": WEB_THREADS,
        "max-requests": REQUESTS_EACH,
        "max-requests-jitter": REQUESTS_EACH // 10,
        "graceful-timeout": 10,
        "log-level": "warning",
    }
    # Loaded before the fork, so that the workers share what they do not change.
    return [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--preload", *_as_options(options)]


def _celery_worker(queue: str) -> list[str]:
    """Celery warns of root at each start, which the demo may well be run as."""
    quiet = ["-W", "ignore:You're running the worker with superuser privileges"]
    options = {
        "queues": queue,
        "hostname": f"{queue}@%h",
        "concurrency": TASKS_AT_A_TIME,
        "loglevel": "WARNING",
    }
    own = ["worker", "--without-gossip", "--without-mingle", *_as_options(options)]
    return [sys.executable, *quiet, *_celery("config"), *own]


def _beat() -> list[str]:
    return [
        sys.executable,
        *_celery("config.beat"),
        "beat",
        *_as_options({"pidfile": "", "loglevel": "WARNING"}),
    ]


def _celery(application: str) -> list[str]:
    return ["-m", "celery", "--app", application, "--quiet"]


def _as_options(values: Mapping[str, object]) -> list[str]:
    return [f"--{name}={value}" for name, value in values.items()]
