"""Real installations: one is prepared once, each test or module gets its copy."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.installation import Installation


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ``VAR_DIR`` with the demo world, made by a command that started the engines for itself."""
    var = tmp_path_factory.mktemp("prepared") / "var"
    done = Installation(var).manage("prepare")
    assert done.returncode == 0, done.stderr
    assert "The demo world is there" in done.stdout
    return var


def copied(prepared: Path, var: Path) -> Path:
    """A copy with the owners of its files, who matter to PostgreSQL."""
    subprocess.run(["cp", "-a", prepared, var], check=True)
    return var


@pytest.fixture(scope="module")
def running(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that runs on embedded engines."""
    installation = Installation(copied(prepared, tmp_path_factory.mktemp("running") / "var"))
    installation.start_and_wait()
    yield installation
    installation.stop()


@pytest.fixture
def installation(prepared: Path, tmp_path: Path) -> Iterator[Installation]:
    """An installation that was prepared and does not run."""
    installation = Installation(copied(prepared, tmp_path / "var"))
    yield installation
    installation.stop()
