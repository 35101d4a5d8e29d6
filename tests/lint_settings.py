"""The settings with django-migration-linter, which is there for developers alone."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS, LOGGING

INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]
LOGGING["root"]["level"] = "ERROR"

MIGRATION_LINTER_OPTIONS = {
    "include_apps": ["cases", "outbox", "people", "subscriptions"],
    "no_cache": True,
    # What it drops, the release before still reads: stop its processes before you migrate.
    "ignore_name": [
        "0006_drop_columns_of_facts",
        # Their columns were unique before, by a constraint that brought a second index along.
        "0009_one_index_for_each_question",
        "0004_one_message_per_key",
        # Unique is a column that is new and that the release before leaves empty.
        "0022_one_message_per_key",
    ],
    "quiet": ["ignore", "ok"],
}
