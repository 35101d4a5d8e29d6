"""The settings with django-migration-linter, which is there for developers alone."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, LOGGING

INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]
LOGGING["root"]["level"] = "ERROR"

MIGRATION_LINTER_OPTIONS = {
    "include_apps": ["cases", "outbox", "people", "subscriptions"],
    "no_cache": True,
    # What it drops, the release before still reads: stop its processes before you migrate.
    "ignore_name": ["0006_drop_columns_of_facts"],
    "quiet": ["ignore", "ok"],
}
