"""What is run on top of the engines: the set-up, then web, worker and beat."""

import signal
import sys
from collections.abc import Mapping

from engines.places import PROJECT
from engines.process import Program

WEB_WORKERS = 2
WEB_THREADS = 4
REQUESTS_EACH = 20_000  # then a web worker is replaced, a tenth of them earlier or later


def set_up(environment: Mapping[str, str]) -> Program:
    """``manage.py prepare``: migrations, static files, what is shipped, the demo world."""
    return Program("prepare", [sys.executable, "manage.py", "prepare"], environment, PROJECT)


def programs(listener: int, environment: Mapping[str, str]) -> list[Program]:
    """Web, on an open socket by its number, worker and beat."""
    return [
        Program("web", _web(listener), environment, PROJECT, inherited=[listener]),
        # SIGTERM lets it end the tasks in hand, and a check may wait for silent name servers for a minute;
        # SIGQUIT while it starts leaves it waiting for a thread of its own, for ever. Tasks stand in the queue
        # until they are done, so that they are not lost.
        Program("worker", _worker(), environment, PROJECT, ending_alone=signal.SIGKILL),
        Program("beat", _beat(), environment, PROJECT),
    ]


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


def _worker() -> list[str]:
    """Three at a time, so that two slow checks hold up neither another nor the mail.

    Celery warns of root at each start, which the demo may well be run as.
    """
    quiet = ["-W", "ignore:You're running the worker with superuser privileges"]
    options = {"concurrency": 3, "loglevel": "WARNING"}
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
