"""The project's own app: its system checks and commands, and the Celery application that tasks belong to."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Register the system checks, and the application for ``shared_task``: both by being imported."""
        from config import celery, checks  # noqa: F401, PLC0415  # once apps are there


class OperatorsAdminConfig(AdminConfig):
    default_site = "config.admin_site.OperatorsSite"
