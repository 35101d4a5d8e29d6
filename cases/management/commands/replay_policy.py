"""``manage.py replay_policy ID|FILE``: whose outcome a policy would change."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.models import DraftState, PolicyDraft
from cases.policies.replay import Changed, Replay, Summary
from subscriptions.policy.document import Policy
from subscriptions.policy.kinds import SLUG
from subscriptions.policy.reader import read_policy
from subscriptions.policy.source import PolicyError
from subscriptions.policy.versions import NoPolicy, active_policy, policy_text, policy_version
from subscriptions.policy.weights import read_new_policy


class Command(BaseCommand):
    help = "Hold a policy against every subscription, beside the version in force. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("policy", help="the id of a draft or a version, or the file of a document")
        parser.add_argument(
            "--json", action="store_true", help="a JSON object for each change, then one with the counts"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        policy, in_force = _policy(options["policy"]), _in_force()
        replay, summary = Replay(policy, in_force, now), Summary(policy.id, in_force.id, most=0)
        for changed in replay.changed():
            summary.take(changed)
            self.stdout.write(json.dumps(changed.as_json()) if options["json"] else _line(changed))
        summary.looked_at = replay.looked_at
        self._sum_up(summary.as_json(), as_json=options["json"])

    def _sum_up(self, told: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            told = {key: value for key, value in told.items() if key not in {"listed", "left_out"}}
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write(
            "{policy} beside {against}: the outcome changes for {changed} of {looked_at} subscription{s}; "
            "{with_case_or_exemption} of them have an open case or an exemption.".format(
                **told, s="" if told["looked_at"] == 1 else "s"
            )
        )
        for each in told["counts"]:
            self.stdout.write(f"{each['count']:>8}  {each['before']} → {each['after']}")


def _line(changed: Changed) -> str:
    stands = f"  exemption {changed.exemption}" * bool(changed.exemption)
    stands += f"  open case {changed.case}" * bool(changed.case)
    return f"{changed.subscription}  {changed.before} → {changed.after}  {changed.name} ({changed.customer}){stands}"


def _in_force() -> Policy:
    try:
        return active_policy()
    except NoPolicy as error:
        raise CommandError(str(error)) from None


def _policy(named: str) -> Policy:
    """An open draft or a version by its id, else the file's."""
    try:
        if SLUG.fullmatch(named):
            draft = PolicyDraft.objects.filter(version_id=named, state=DraftState.DRAFT).first()
            return read_policy(draft.document, named) if draft else policy_version(named)
        return read_new_policy(policy_text(Path(named)), Path(named).name)
    except (PolicyError, NoPolicy) as error:
        raise CommandError(str(error)) from None
    except FileNotFoundError:
        raise CommandError(f"{named}: there is no draft or version of that id, and no such file") from None
    except OSError as error:
        raise CommandError(f"{named}: {error.strerror}") from None
