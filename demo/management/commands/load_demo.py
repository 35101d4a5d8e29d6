"""``manage.py load_demo``: the demo world, once, in demo mode."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.models import Case
from demo.load import load_demo_world
from people.models import User
from subscriptions.models import Subscription


class Command(BaseCommand):
    help = "Load the demo world: people, subscriptions, and cases made by the real actions."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo world is for demo mode alone; nothing was loaded.")
        if User.objects.exists():
            raise CommandError("There are people here already; the demo world goes into an empty database.")
        load_demo_world(timezone.now().replace(microsecond=0))
        cases, subscriptions = Case.objects.count(), Subscription.objects.count()
        self.stdout.write(f"The demo world is there: {subscriptions} subscriptions, {cases} cases.")
