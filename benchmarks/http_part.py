"""Some of a world's cases, one after the other over a year; several of these may run at once.

``python -m benchmarks.http_child http_part FIRST LAST TOTAL`` writes the cases of these numbers,
from 0, of so many.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from itertools import islice
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from benchmarks.http_cast import REVIEWER, asked_often
from benchmarks.http_checks import check
from benchmarks.http_copy import copy_rows
from benchmarks.http_lives import Life, Rows, Setting, born, ended
from benchmarks.http_parties import (
    CSP,
    ENTERPRISE,
    FREE_TRIAL,
    PAY_AS_YOU_GO,
    Parties,
    known_parties,
    new_subscription,
)
from cases.actors import Actor
from cases.decisions import reasons_of
from cases.models import State, Verb
from demo.clock import clock_at
from people.models import User
from subscriptions.models import Subscription
from subscriptions.policy.versions import active_policy

OPEN_AMONG = 20
BATCH = 2_000
SPAN = timedelta(days=365)
OFFERS = (PAY_AS_YOU_GO, FREE_TRIAL, ENTERPRISE, CSP)
ENDED_BY_OFFER = (50, 40, 5, 5)  # in a hundred
OPEN_BY_OFFER = (75, 0, 0, 25)
NUMBERED = ("messages", "rounds", "runs")  # others point at them
REASONS = {Verb.APPROVE: "direct_sending_justified", Verb.DENY: "relay_would_do"}


def main(first: str, last: str, total: str) -> None:
    """Write them in batches: each is one transaction, whose rows the guard checks at its commit."""
    random.seed(int(first))
    now = timezone.now()
    with clock_at(now - SPAN) as clock:
        reviewer = Actor.of(User.objects.get(email=REVIEWER))
        reasons = {verb: reasons_of([code], verb)[0] for verb, code in REASONS.items()}
        setting = Setting(active_policy(), clock, reviewer, reasons, int(first))
        lives = _lives(setting, range(int(first), int(last)), int(total), now)
        while batch := list(islice(lives, BATCH)):
            with transaction.atomic():
                _write(batch)


def _lives(setting: Setting, numbers: range, total: int, now: datetime) -> Iterator[Life]:
    """What is measured comes last, so that it is the newest in a small world and in a large one."""
    parties = known_parties()
    for number in numbers:
        setting.clock.moment = now - SPAN * (1 - number / total)
        yield _any_life(setting, parties, is_open=number % OPEN_AMONG == 0)
    if numbers.stop == total:
        for times in (3, 6):
            setting.clock.moment = now - timedelta(days=30)
            yield from _asked_often(setting, parties, times)


def _any_life(setting: Setting, parties: Parties, *, is_open: bool) -> Life:
    # ruff: noqa: S311  # chooses what a world looks like, keeps no secret
    customer, person = random.choice(parties.customers)
    offer = random.choices(OFFERS, OPEN_BY_OFFER if is_open else ENDED_BY_OFFER)[0]
    partner = random.choice(parties.partners) if offer is CSP else None
    life = born(setting, new_subscription(uuid4(), customer, offer, partner), person)
    draw = random.random()
    if life.case.state == State.IN_REVIEW:
        check(life)
    if life.case.state == State.IN_REVIEW and is_open and draw < 0.2:
        life.ask()
    elif life.case.state == State.IN_REVIEW and not is_open:
        ended(life, person, draw)
    return life


def _asked_often(setting: Setting, parties: Parties, times: int) -> Iterator[Life]:
    """A subscription that was denied again and again; its last case is in review, and much was written."""
    customer, person = parties.customers[0]
    subscription = new_subscription(asked_often(times), customer, PAY_AS_YOU_GO)
    for number in range(times):
        life = born(setting, subscription, person)
        check(life)
        if number < times - 1:
            ended(life, person, 0.0)
        else:
            for _ in range(times * 6):
                life.write()
        yield life


def _write(lives: Sequence[Life]) -> None:
    subscriptions = {life.case.subscription.pk: life.case.subscription for life in lives}
    known = set(Subscription.objects.filter(pk__in=subscriptions).values_list("pk", flat=True))
    copy_rows([row for key, row in subscriptions.items() if key not in known])
    copy_rows([life.case for life in lives], with_ids=True)
    for kind in fields(Rows):
        copy_rows(
            [row for life in lives for row in getattr(life.rows, kind.name)], with_ids=kind.name in NUMBERED
        )
