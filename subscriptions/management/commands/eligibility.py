"""``manage.py eligibility``: what the policy says of one subscription, or of a file of them."""

import io
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, time
from itertools import islice
from pathlib import Path
from textwrap import fill
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from subscriptions.csv_lines import BadHeader
from subscriptions.policy.bulk import answers
from subscriptions.policy.document import Policy
from subscriptions.policy.eligibility import Eligibility
from subscriptions.policy.evaluate import evaluate
from subscriptions.policy.facts import SHORT_NAMES, FactError, facts_named, parse_created
from subscriptions.policy.versions import NoPolicy, active_policy, policy_version

LINES_AT_ONCE = 1000
WIDTH = 100


class Command(BaseCommand):
    help = "Say what the policy says of one subscription, or of each row of a CSV file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, (example, meaning) in FACT_OPTIONS.items():
            parser.add_argument(_option(name), dest=name, default="", metavar=example, help=meaning)
        parser.add_argument("--policy", metavar="ID", help="a policy version; if not given, the one in force")
        parser.add_argument(
            "--at", default="", metavar="TIME", help="judge as of this instant; if not given, now"
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON")
        parser.add_argument(
            "--file", metavar="ROWS.csv", help="judge every row (- for standard input); answers in JSON lines"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        given = {name: options[name] for name in SHORT_NAMES if options[name]}
        try:
            at = _instant(options["at"])
            policy = policy_version(options["policy"]) if options["policy"] else active_policy(at)
            if options["file"]:
                self._judge_file(options["file"], given, policy, at)
            else:
                self._judge_one(given, policy, at, is_json=options["json"])
        except FactError as error:
            raise CommandError(f"{_option(error.field)}: {error.reason}") from None
        except NoPolicy as error:
            raise CommandError(str(error)) from None

    def _judge_one(self, given: dict[str, str], policy: Policy, at: datetime, *, is_json: bool) -> None:
        answer = evaluate(facts_named(given, SHORT_NAMES), policy, at)
        self.stdout.write(json.dumps(answer.as_json()) if is_json else "\n".join(_told(answer, policy)))

    def _judge_file(self, name: str, given: dict[str, str], policy: Policy, at: datetime) -> None:
        if given:
            named = ", ".join(_option(fact) for fact in given)
            raise CommandError(f"--file: the facts stand in its rows; leave out {named}")
        try:
            with _opened(name) as file:
                rows, bad = self._write_answers(answers(file, policy, at))
        except BrokenPipeError:
            raise CommandError("whoever read the answers went away; the rest was not judged") from None
        except OSError as error:
            raise CommandError(f"--file {name}: {error.strerror}") from None
        except BadHeader as error:
            raise CommandError(f"--file {name}: {error}") from None
        if bad:
            raise CommandError(f"{bad} of {rows} rows could not be judged; each has a line with its error")

    def _write_answers(self, lines: Iterator[tuple[str, bool]]) -> tuple[int, int]:
        rows = bad = 0
        while batch := list(islice(lines, LINES_AT_ONCE)):
            self.stdout.write("\n".join(line for line, _ in batch))
            rows += len(batch)
            bad += sum(not is_good for _, is_good in batch)
        return rows, bad


FACT_OPTIONS = {
    "offer": ("MS-AZR-0003P", "the offer ID"),
    "quota": ("QUOTA_ID", "the quotaId that the subscription reports"),
    "family": ("FAMILY", "the family, as the policy calls it"),
    "created": ("TIME", "when it was created: 2017-11-20T14:30:00Z, or a day in UTC: 2017-11-20"),
    "account_age_days": ("DAYS", "how old the customer's account is"),
    "paid_invoices": ("NUMBER", "how many invoices were paid"),
    "paid_total_usd": ("AMOUNT", "what the paid invoices come to, in US dollars"),
    "identity_verified": ("yes|no", "whether the customer's identity is verified"),
}


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _instant(text: str) -> datetime:
    try:
        at = parse_created(text)
    except FactError as error:
        raise FactError("at", error.reason) from None
    if isinstance(at, date) and not isinstance(at, datetime):
        return datetime.combine(at, time(), UTC)
    return at or timezone.now()


@contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    """A file, or standard input; bytes that are no UTF-8 reach the row that they stand in."""
    with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as file:
        yield io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape")


def _told(answer: Eligibility, policy: Policy) -> Iterator[str]:
    yield f"{answer.outcome.label}: {policy.title} ({policy.id})"
    if answer.family:
        yield f"Family: {policy.families[answer.family]}"
    if answer.clause:
        clause = policy.clause(answer.clause)
        yield fill(f"Clause {clause.number}, {clause.title}: {clause.text}", WIDTH)
    yield from (unmet.sentence for unmet in answer.unmet)
    if answer.ask_again_from:
        yield f"Ask again from {answer.ask_again_from:%-d %b %Y} on."
    if answer.question:
        yield answer.question
    yield from ("", "How the facts were read:", *(f"  {sentence}" for sentence in answer.reading))
    yield from ("", "The rules, and what became of each:")
    for step in answer.trace:
        mark = "applies" if step.applied else "  -    "
        yield f"  {mark}  {step.rule} ({step.clause}): {step.why}"
