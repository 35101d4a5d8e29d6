"""Requests of several customers that the desk has decided before, and what a check says of one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from cases.actions import reviewer
from cases.antifraud.examined import Examined
from cases.antifraud.signals import Signal
from cases.models import Case, State
from tests.cases.antifraud.examining import seen
from tests.world import APPROVAL, DENIAL, RESUMPTION, REVOCATION, World

TEMPLATE = (
    "We send invoices and delivery notes of our shop ourselves, since our auditors ask for one path of mail."
)
OWN_WORDS = (
    "Our hospital's laboratory sends findings to doctors, and the law forbids us to hand them to a relay."
)
Ask = Callable[..., Case]


def signals(slug: str, case: Case) -> dict[str, Signal]:
    """By part, as of now."""
    return {signal.part: signal for signal in seen(slug, Examined.of(case, timezone.now()))}


def flagged(slug: str, case: Case) -> set[str]:
    """The parts that are flagged."""
    return {part for part, signal in signals(slug, case).items() if signal.finding == "flagged"}


def end(world: World, case: Case, state: State) -> None:
    """Bring a case in review to its end by the desk's own actions."""
    rita, sena = world.actor("rita"), world.actor("sena")
    if state == State.DENIED:
        reviewer.deny(case.reference, DENIAL, by=rita)
        return
    reviewer.approve(case.reference, APPROVAL, by=rita)
    if state == State.SUSPENDED:
        reviewer.suspend(case.reference, REVOCATION, by=rita)
    if state == State.REVOKED:
        reviewer.revoke(case.reference, REVOCATION, by=sena)


def suspend_and_resume(world: World, case: Case) -> None:
    """Bring a case in review to a suspension that was lifted."""
    end(world, case, State.SUSPENDED)
    reviewer.resume(case.reference, RESUMPTION, by=world.actor("rita"))


def complain(world: World, customer: Any, count: str, last_on: str = "") -> None:
    """The abuse desk counts so many complaints about a customer."""
    world.knows(customer, abuse_complaints=count, last_complaint_on=last_on)


def days_ago(days: int) -> str:
    """A day as facts name it."""
    return f"{timezone.now().date() - timedelta(days=days)}"
