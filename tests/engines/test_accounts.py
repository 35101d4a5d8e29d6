"""Whom root becomes for PostgreSQL, and what that user may do in folders that are closed to it."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from engines.accounts import Account, account_for, give
from engines.process import EngineError, Program, start

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")


@pytest.fixture
def closed() -> Iterator[Path]:
    """A file that everybody may read, in a folder that only its owner may enter."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        file.write_text("text")
        file.chmod(0o644)
        yield file


def may(sentence: str, file: Path, *, is_let_through: bool) -> bool:
    """Whether root's other user can do what a line of shell does with ``$1``."""
    account = account_for(Path("/nowhere"))
    assert account is not None
    program = Program(
        name="shell",
        command=["sh", "-c", sentence, "sh", str(file)],
        environment={"PATH": os.defpath},
        folder=Path("/"),
        user=account.uid,
        group=account.gid,
        is_let_through=is_let_through,
    )
    return start(program, subprocess.DEVNULL).wait() == 0


@needs_root
@pytest.mark.parametrize("sentence", ['cat "$1"', 'test -r "$1"', 'cd "${1%/*}"'])
def test_who_is_let_through_reads_as_if_the_folder_were_open(sentence: str, closed: Path) -> None:
    assert not may(sentence, closed, is_let_through=False)
    assert may(sentence, closed, is_let_through=True)


@needs_root
@pytest.mark.parametrize("sentence", ['echo more >>"$1"', 'rm "$1"', 'touch "${1%/*}/new"', 'chmod 666 "$1"'])
def test_and_changes_nothing(sentence: str, closed: Path) -> None:
    assert not may(sentence, closed, is_let_through=True)
    assert closed.read_text() == "text"


@needs_root
def test_the_owner_of_the_data_is_who_root_becomes(tmp_path: Path) -> None:
    give(tmp_path / "data", Account(12345, 12345))
    assert account_for(tmp_path / "data") == Account(12345, 12345)


def test_everybody_else_stays_who_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert account_for(tmp_path) is None


@needs_root
def test_a_folder_of_somebody_else_is_not_used(tmp_path: Path) -> None:
    give(tmp_path / "data", Account(12345, 12345))
    with pytest.raises(EngineError, match="belongs to somebody else"):
        give(tmp_path / "data", Account(54321, 54321))


def test_a_link_is_not_followed_to_where_somebody_wants_us(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(EngineError, match="belongs to somebody else"):
        give(tmp_path / "link", None)
