"""The account that PostgreSQL runs as: it refuses root, and then an unprivileged one has to do."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from engines.process import EngineError

PREFERRED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An unprivileged user, by number."""

    uid: int
    gid: int


def account_for(data: Path) -> Account | None:
    """Whom root has to become for the cluster in ``data``: its owner, if it is there already.

    ``None`` for everybody else than root: they stay who they are.
    """
    if os.geteuid() != 0:
        return None
    owner = data.stat() if data.exists() else None
    if owner is not None and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for name in PREFERRED:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_uid, found.pw_gid)
    raise EngineError(
        "PostgreSQL does not run as root, and there is no user postgres or nobody. Run as an ordinary user."
    )


def give(folder: Path, account: Account | None) -> None:
    """Make a folder that is private to the account, if it is not there yet; ``None`` is ourselves.

    Raises ``EngineError`` where it is somebody else's: a folder under a shared /tmp may be.
    """
    if not (folder.exists() or folder.is_symlink()):
        folder.mkdir(parents=True, mode=0o700)
        if account is not None:
            os.chown(folder, account.uid, account.gid)
    allowed = {os.geteuid(), account.uid if account else os.geteuid()}
    if folder.lstat().st_uid not in allowed or folder.is_symlink():
        raise EngineError(f"{folder} belongs to somebody else. Remove it, or set VAR_DIR to another folder.")
