"""Cases whose checks have seen something, for tests of what the desk is shown."""

from collections.abc import Callable, Iterable

from django.utils import timezone

from cases.actions.checks import end_run, start_checks
from cases.actors import SYSTEM
from cases.antifraud.signals import Signal, Subject
from cases.models import Case, CheckRound, Finding, TraitKind

Find = Callable[[str], Iterable[Signal] | None]


def signal(
    part: str,
    finding: Finding,
    sentence: str = "",
    *,
    subject: Subject | None = None,
    **evidence: object,
) -> Signal:
    """A signal of a part, from a source of its own."""
    sentence = sentence or f"{part} is {finding}."
    return Signal(part, finding, sentence, "a test", timezone.now(), subject, evidence)


def quiet(slug: str) -> list[Signal]:
    """Nothing that speaks against."""
    return [signal(slug, Finding.CLEAR)]


def found(slug: str) -> list[Signal]:
    """A flag with evidence, an unknown, and for the rest nothing."""
    domain = Subject(TraitKind.DOMAIN, "shop.example")
    if slug == "domain_records":
        return [
            signal("spf", Finding.CLEAR, "SPF lets nobody else send."),
            signal("dmarc", Finding.FLAGGED, "DMARC is missing.", subject=domain, publish="v=DMARC1; p=none"),
        ]
    if slug == "links":
        shared = Subject(TraitKind.PAYMENT, "fp/odd?#%20 ü")
        return [signal("link_payment", Finding.FLAGGED, "A card is shared.", subject=shared)]
    if slug == "domain_age":
        return [signal("domain_age", Finding.UNKNOWN, "The registry did not answer.", subject=domain)]
    return quiet(slug)


def running(case: Case) -> CheckRound:
    """A round that has just started."""
    check_round = start_checks(case.reference, by=SYSTEM)
    assert check_round is not None
    return check_round


def ended(case: Case, find: Find = found) -> Case:
    """The case with one more round, ended with what ``find`` saw; ``None`` is a check that failed."""
    for run in running(case).runs.order_by("check_slug"):
        signals = find(run.check_slug)
        end_run(
            run.pk,
            None if signals is None else list(signals),
            error="it failed (OSError)" * (signals is None),
        )
    return Case.objects.get(pk=case.pk)
