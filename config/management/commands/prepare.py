"""``manage.py prepare``: everything between an empty database and the first page."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from demo.cast import change_password
from people.models import User


class Command(BaseCommand):
    help = "Migrate, collect static files, load what is shipped; in demo mode, the demo world once."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO and not User.objects.exists():
            self.stdout.write("Loading the demo world: its cases are made by the real actions.")
            call_command("load_demo", stdout=self.stdout)
            return
        call_command("load_shipped", stdout=self.stdout)
        if settings.DEMO and change_password():
            self.stdout.write("The demo's logins have the password that DEMO_PASSWORD names now.")
