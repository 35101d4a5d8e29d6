"""Everything that a reviewer sees of one case, in a fixed number of queries, however much happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case as DbCase
from django.db.models import Model, OuterRef, QuerySet, When
from django.db.models.functions import JSONObject

from cases.access import is_visible, of_reference, visible_cases
from cases.actors import Actor
from cases.models import (
    Attestation,
    Case,
    CaseEvent,
    CaseMessage,
    CheckRound,
    CheckRun,
    Decision,
    Exemption,
    Finding,
    PrivateNote,
    SignalRow,
)
from cases.reference import parse_reference
from cases.refusals import NotThere, existing
from cases.verdicts import told_annotations
from statements.asked import Asked, Built
from subscriptions.models import Address

M = TypeVar("M", bound=Model)

EVENTS_SHOWN = 100
OTHERS_SHOWN = 6
EXEMPTIONS_SHOWN = 10
ROUNDS_SHOWN = 5
SIGNALS_SHOWN = 200  # of a round


def case_of_desk(actor: Actor, reference: str) -> Case:
    """One case with its parties, as a draft needs it. Raises ``NotThere``."""
    rows = visible_cases(actor).select_related("subscription", "customer", "partner", "submitted_by")
    return existing(of_reference(rows, reference).first(), "case")


@dataclass(frozen=True, slots=True)
class Dossier:
    """One case with its newest events, or those before a number; with what was written in them, and every decision."""

    case: Case
    events: Sequence[CaseEvent]
    messages: Sequence[CaseMessage]
    notes: Sequence[PrivateNote]
    decisions: Sequence[Decision]


def case_for_review(actor: Actor, reference: str, *, before: int | None = None) -> Dossier:
    """One case with what happened in it.

    Annotated, each newest first and bounded: ``earlier`` and ``elsewhere`` (other cases of the
    subscription and of its customer), ``exempt_times``, ``attested``; and what ``verdicts.told_of``
    asks. Raises ``NotThere``.
    """
    case = _FOR_REVIEW.first(reference=parse_reference(reference))
    if case is None or not is_visible(case, actor):
        raise NotThere("There is no such case.")
    end = case.version if before is None else min(before - 1, case.version)
    events = _EVENTS.ask(case=case.pk, after=end - EVENTS_SHOWN, end=end)
    return Dossier(
        case=case,
        events=events,
        messages=_written(_MESSAGES, case, [event.data.get("message") for event in events]),
        notes=_written(_NOTES, case, [event.data.get("note") for event in events]),
        decisions=_DECISIONS.ask(case=case.pk),
    )


def _for_review() -> QuerySet[Case]:
    same_customer = Case.objects.filter(customer=OuterRef("customer"))
    rows = Case.objects.select_related("subscription", "customer", "partner", "submitted_by")
    return rows.filter(reference=Asked("reference")).annotate(
        earlier=_others(Case.objects.filter(subscription=OuterRef("subscription"))),
        elsewhere=_others(same_customer.exclude(subscription=OuterRef("subscription"))),
        exempt_times=_exempt_times(),
        attested=_attested(),
        **told_annotations(),
    )


_FOR_REVIEW = Built(_for_review)


def _others(cases: QuerySet[Case]) -> ArraySubquery:
    told = JSONObject(
        reference="reference",
        state="state",
        outcome="outcome",
        submitted_at="submitted_at",
        subscription="subscription__name",
    )
    others = cases.exclude(pk=OuterRef("pk")).order_by("-id")
    return ArraySubquery(others.values(json=told)[:OTHERS_SHOWN])


def _exempt_times() -> ArraySubquery:
    times = Exemption.objects.filter(subscription=OuterRef("subscription")).order_by("-starts_at")
    told = JSONObject(starts_at="starts_at", ends_at="ends_at", reference="case__reference")
    return ArraySubquery(times.values(json=told)[:EXEMPTIONS_SHOWN])


def _attested() -> ArraySubquery:
    told = JSONObject(partner="partner__name", author="author__name", checked="checked", text="text", at="at")
    return ArraySubquery(
        Attestation.objects.filter(case=OuterRef("pk")).order_by("-id").values(json=told)[:3]
    )


def _written(kind: Built[M, M], case: Case, cited: Iterable[int | None]) -> list[M]:
    """What was written in some events, which cite it in the order in which it was written."""
    ids = [number for number in cited if number is not None]
    return kind.ask(case=case.pk, first=min(ids), last=max(ids)) if ids else []


_WRITTEN = {"case": Asked("case"), "pk__gte": Asked("first"), "pk__lte": Asked("last")}
_MESSAGES = Built(lambda: CaseMessage.objects.filter(**_WRITTEN))
_NOTES = Built(lambda: PrivateNote.objects.filter(**_WRITTEN))
_DECISIONS = Built(lambda: Decision.objects.filter(case=Asked("case")))
_EVENTS = Built(
    lambda: CaseEvent.objects.filter(
        case=Asked("case"), seq__gt=Asked("after"), seq__lte=Asked("end")
    ).order_by("seq")
)


def rounds_for_review(case: Case) -> list[CheckRound]:
    """The newest rounds of its checks, the newest first. One query.

    Annotated: ``told_runs``, and ``told_signals``, the flags first and one more than are shown.
    """
    return _ROUNDS.ask(case=case.pk)


def _rounds() -> QuerySet[CheckRound]:
    runs = CheckRun.objects.filter(round=OuterRef("pk")).order_by("check_slug")
    run = JSONObject(check="check_slug", ended_at="ended_at", error="error", still_asked="still_asked")
    signals = SignalRow.objects.filter(run__round=OuterRef("pk"))
    signals = signals.order_by(WORST_FIRST, "-weight", "id")
    signal = JSONObject(check="run__check_slug", **{name: name for name in TOLD_OF_SIGNALS})
    rounds = CheckRound.objects.filter(case=Asked("case")).select_related("started_by")
    return rounds.annotate(
        told_runs=ArraySubquery(runs.values(json=run)),
        told_signals=ArraySubquery(signals.values(json=signal)[: SIGNALS_SHOWN + 1]),
    ).order_by("-number")[:ROUNDS_SHOWN]


_ROUNDS = Built(_rounds)


WORST_FIRST = DbCase(*(When(finding=finding, then=finding.rank) for finding in Finding))
TOLD_OF_SIGNALS = (
    "part",
    "finding",
    "weight",
    "sentence",
    "subject_kind",
    "subject",
    "evidence",
    "source",
    "as_of",
)


@dataclass(frozen=True, slots=True)
class SendingAddress:
    """An address that the request names; ``holding`` is ``held``, ``moved`` (held before), or ``strange``."""

    address: str
    holding: str


def sending_addresses(case: Case) -> list[SendingAddress]:
    """The named addresses, each held against the subscription's inventory. One query."""
    if not case.sending_addresses:
        return []
    rows = Address.objects.filter(subscription=case.subscription_id, address__in=case.sending_addresses)
    until = {}
    for address, held_until in rows.order_by("held_from").values_list("address", "held_until"):
        until[address] = "held" if held_until is None else "moved"
    return [SendingAddress(address, until.get(address, "strange")) for address in case.sending_addresses]
