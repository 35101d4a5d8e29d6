"""Programs that some tests drive and that not every machine has."""

import os
import shutil
from typing import NoReturn

import pytest

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def require_tool(*names: str) -> str:
    """The path of the first program that is there. Without one the test is skipped; where ``CI`` is set it fails."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        lack(f"{names[0]} is not installed")
    return found


def lack(what: str) -> NoReturn:
    """Skip a test for what the machine lacks; a CI that lacks it proves less than it seems to, so it fails."""
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(f"{what}, and in CI nothing is skipped", pytrace=False)
    pytest.skip(what)
