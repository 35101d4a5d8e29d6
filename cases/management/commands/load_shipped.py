"""``manage.py load_shipped``: the policies, reason codes and rules that come with the product."""

from typing import Any

from django.core.management.base import BaseCommand

from cases.actions.rules import load_shipped_rules
from cases.reasons import load_shipped_reasons
from subscriptions.policy.versions import load_shipped_policies


class Command(BaseCommand):
    help = "Load the shipped policies, reason codes and rules; what is there already stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        for loaded in load_shipped_policies():
            if loaded.is_new:
                self.stdout.write(f"Policy {loaded.version.id} loaded.")
        if made := load_shipped_reasons():
            self.stdout.write(f"{made} reason codes loaded.")
        for rule in load_shipped_rules():
            self.stdout.write(f"Rule {rule.rule.pk} loaded, off.")
