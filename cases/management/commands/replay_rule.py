"""``manage.py replay_rule ID|FILE``: what a rule would have done over all history."""

import json
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.antifraud.rules.document import Rule, read_rule
from cases.antifraud.rules.replay import BESIDE, Kind, cases_checked, replay
from cases.antifraud.rules.stored import rule_of, text_of_rule
from cases.antifraud.rules.words import KIND_WORDS
from cases.models import AutoRule
from subscriptions.policy.kinds import SLUG
from subscriptions.policy.source import PolicyError


class Command(BaseCommand):
    help = "Hold a rule against every round of checks of every case, as if it had been on. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rule", help="the id of a loaded rule, or the file of one that is not loaded")
        parser.add_argument(
            "--json", action="store_true", help="a JSON object for each case, then one with rule and counts"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        rule = _rule(options["rule"])
        counts: Counter[Kind] = Counter()
        for compared in replay(rule):
            if not options["json"] and not counts[compared.kind]:
                self.stdout.write(f"{KIND_WORDS[compared.kind]}:")
            counts[compared.kind] += 1
            told = f"  {compared.reference}  {compared.state}, by round {compared.round}"
            self.stdout.write(json.dumps(compared.as_json()) if options["json"] else told)
        self._sum_up(rule, counts, as_json=options["json"])

    def _sum_up(self, rule: Rule, counts: Counter[Kind], *, as_json: bool) -> None:
        by_kind, looked_at = {kind: counts[kind] for kind in BESIDE[rule.then]}, cases_checked()
        if as_json:
            self.stdout.write(json.dumps({"rule": rule.id, "cases": looked_at, "counts": by_kind}))
            return
        self.stdout.write(f"{rule.id} would {rule.then} {counts.total()} of {looked_at} cases.")
        for kind, n in by_kind.items():
            self.stdout.write(f"{n:>8}  {KIND_WORDS[kind]}")


def _rule(named: str) -> Rule:
    """A loaded one by its id, else the file's."""
    row = AutoRule.objects.filter(pk=named).first() if SLUG.fullmatch(named) else None
    try:
        return rule_of(row) if row else read_rule(text_of_rule(Path(named)), Path(named).name)
    except PolicyError as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        known = ", ".join(AutoRule.objects.order_by("id").values_list("id", flat=True)) or "none"
        message = f"{named}: no rule of this id is loaded (there is: {known}), and no file: {error.strerror}"
        raise CommandError(message) from None
