"""Running one check of a round: look, weigh, keep. A crash or a time-out is unknown, never clear."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone

from cases.antifraud.bands import Judgement, Weighed, judge_signals
from cases.antifraud.examined import Examined
from cases.antifraud.registry import Check, registry
from cases.antifraud.signals import Signal
from cases.models import Case, CheckRound, CheckRun, Finding, SignalRow
from subscriptions.policy.document import Policy

SOONEST = 15  # seconds until a check looks again: as often as what is due is handed out
TELLS_APART = ("zone", "domain")
"""Evidence that says of whom, or for what, a check asked."""
Question = tuple[str, ...]


def look(run: CheckRun, case: Case) -> list[Signal]:
    """What the run's check sees of the case now. Raises whatever the check raises."""
    check = registry()[run.check_slug]
    return list(check.look(Examined.of(case, timezone.now())))


def question_of(signal: Signal | SignalRow) -> Question:
    """What it answers: of one part and subject a check may ask several zones, or for several domains."""
    if isinstance(signal, SignalRow):
        subject = signal.subject_kind, signal.subject
    else:
        subject = (signal.subject.kind.value, signal.subject.value) if signal.subject else ("", "")
    return (signal.part, *subject, *(str(signal.evidence.get(name, "")) for name in TELLS_APART))


def why_no_answer(error: str, still_asked: Sequence[str] | None) -> str:
    """In words, of a run: its error, or of which parts something is still asked; blank where it answered."""
    return error or (f"still asked for {', '.join(still_asked)}" if still_asked else "")


def next_look(started_at: datetime, last_at: datetime, now: datetime) -> float | None:
    """Seconds until a check looks again for what nobody answered; ``None`` where there is no time for it.

    It waits as long as its round has taken so far, so twice as long each time, and looks a last
    time at ``last_at``, from where it still ends before the deadline.
    """
    left = (last_at - now).total_seconds()
    wait = max(SOONEST, (now - started_at).total_seconds())
    return min(wait, left) if left >= SOONEST else None


def unanswered(slug: str, why: str, at: datetime) -> list[Signal]:
    """What stands for a check that gave no answer: each of its parts is unknown."""
    check = registry().get(slug)
    parts: Iterable[str] = check.weights if check else (slug,)
    title = check.title if check else slug
    sentence = f"{title} could not be checked: {why}."
    return [Signal(part, Finding.UNKNOWN, sentence, "Unblock Desk", at) for part in parts]


def rows_of(run: CheckRun, signals: Sequence[Signal], policy: Policy) -> list[SignalRow]:
    """The signals as rows, each with the weight that its part has."""
    return [
        SignalRow(
            run=run,
            part=signal.part,
            finding=signal.finding,
            weight=_weight(registry().get(run.check_slug), signal.part, policy),
            sentence=signal.sentence,
            subject_kind=signal.subject.kind if signal.subject else "",
            subject=signal.subject.value if signal.subject else "",
            evidence=dict(signal.evidence),
            source=signal.source,
            as_of=signal.as_of,
        )
        for signal in signals
    ]


def judge_round(check_round: CheckRound, policy: Policy) -> Judgement:
    """The band of all that the round's runs found."""
    rows = SignalRow.objects.filter(run__round=check_round).select_related("run").order_by("id")
    weighed = [Weighed(row.run.check_slug, row.part, row.finding, row.weight, row.sentence) for row in rows]
    return judge_signals(weighed, policy.antifraud)


def _weight(check: Check | None, part: str, policy: Policy) -> int:
    own = check.weights.get(part, 0) if check else 0
    return policy.antifraud.weights.get(part, own)
