"""What all tests share: servers, settings, and a flush that passes the guard of the ledger."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import django
import pytest
from django.conf import settings
from django.core.management.color import Style
from django.test import override_settings

from tests import servers

if TYPE_CHECKING:
    from tests.world import World

# The conftest files of folders below import models, and pytest reads them before it configures itself.
servers.set_environment()
django.setup()

_running = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the engines, once for all of pytest-xdist's workers."""
    if not servers.is_worker():
        _running.enter_context(servers.start())
        servers.name_servers()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    _running.close()


@pytest.fixture(scope="session", autouse=True)
def _quick_settings() -> Iterator[None]:
    """Static files by their plain names, as the live server finds them; passwords without the slow hash."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}, PASSWORD_HASHERS=hashers):
        yield


@pytest.fixture
def world(db: None) -> "World":
    """The cast, with the shipped policies and reason codes."""
    from tests.world import make_world

    return make_world()


GUARDED = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"


@pytest.fixture(scope="session", autouse=True)
def _flush_passes_the_guard() -> Iterator[None]:
    """Tests with real transactions empty all tables in the end, and the ledger refuses to be emptied.

    The counters of rate limits stand in no model's table; they go as well.
    """
    from django.db.backends.postgresql.operations import DatabaseOperations  # not importable before set-up

    flush = DatabaseOperations.sql_flush

    def unguarded(self: Any, style: Style, tables: list[str], **options: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute(GUARDED)
            guarded = [name for (name,) in cursor.fetchall()]
        switch = "ALTER TABLE {} {} TRIGGER USER"
        before = [switch.format(name, "DISABLE") for name in guarded]
        after = [switch.format(name, "ENABLE") for name in guarded]
        return [*before, *flush(self, style, [*tables, "shared_cache"], **options), *after]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", unguarded)
        yield
