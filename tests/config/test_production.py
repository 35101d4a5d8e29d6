"""Production as the operator starts it: ``manage.py`` in a process of its own."""

import re
import subprocess
import sys
from collections.abc import Mapping

import pytest

from engines.places import PROJECT
from tests.config.test_environment import PRODUCTION
from tests.servers import clean_environment


def manage(variables: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command,
        cwd=PROJECT,
        env={**clean_environment(), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


DEPLOY = ("check", "--deploy", "--fail-level", "WARNING")


def test_the_settings_of_production_pass_the_deploy_checks() -> None:
    done = manage(PRODUCTION, *DEPLOY)
    assert done.returncode == 0, done.stderr


def test_the_demo_does_not_pass_them() -> None:
    done = manage({"DEMO": "1"}, *DEPLOY)
    assert done.returncode == 1
    assert "desk.E001" in done.stderr


@pytest.mark.parametrize("command", [DEPLOY, ("prepare",)], ids=["check", "prepare"])
def test_demo_mode_with_production_settings_is_refused_in_one_line(command: tuple[str, ...]) -> None:
    done = manage({**PRODUCTION, "DEMO": "1"}, *command)
    assert done.returncode == 1
    assert done.stderr.startswith("DEMO: demo mode serves this machine alone, not desk.example")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "variables",
    [
        {"EMAIL_URL": "smtp://h:abc"},
        {"DEMO": "1", "BIND": "192.0.2.7"},
        {"DEMO": "1", "EMAIL_URL": PRODUCTION["EMAIL_URL"]},
        PRODUCTION | {"DATABASE_URL": "sqlite:///x"},
        PRODUCTION | {"BLOCKLISTS": "zone"},
    ],
)
def test_what_cannot_work_ends_in_words_and_no_traceback(variables: Mapping[str, str]) -> None:
    done = manage(variables, *DEPLOY)
    assert done.returncode == 1
    assert re.match(r"(EMAIL_URL|BIND|DATABASE_URL|BLOCKLISTS): ", done.stderr), done.stderr
    assert "Traceback" not in done.stderr


def test_pages_of_the_demo_are_not_there() -> None:
    """``/dev/`` has an address in demo mode alone."""
    look = "from django.urls import resolve; resolve('/dev/components/')"
    assert manage({"DEMO": "1"}, "shell", "-v0", "-c", look).returncode == 0
    done = manage(PRODUCTION, "shell", "-v0", "-c", look)
    assert done.returncode == 1
    assert "Resolver404" in done.stderr
