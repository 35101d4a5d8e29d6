"""The risk band of a round, explained part by part. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from cases.models import Band, Finding
from subscriptions.policy.document import AntiFraud


@dataclass(frozen=True, slots=True)
class Weighed:
    """A signal as the band sees it; ``weight`` is what it counts, or would count where it is unknown."""

    check: str
    part: str
    finding: str
    weight: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A band with the signals that led to it: the flags that count, and the unknowns that might."""

    band: Band
    parts: tuple[Weighed, ...]

    def parts_as_json(self) -> list[dict[str, object]]:
        """Plain values, as a round keeps them."""
        return [asdict(part) for part in self.parts]


def judge_signals(signals: Sequence[Weighed], by: AntiFraud) -> Judgement:
    """``high`` or ``elevated`` by the sum of the flagged parts' weights.

    A part counts once: one habit shows in each of ten domains, and is still one. Where that is not
    high, and the unknowns could lift it into another band, it is ``incomplete``.
    """
    flags = _once(signal for signal in signals if signal.finding == Finding.FLAGGED)
    flagged = {(signal.check, signal.part) for signal in flags}
    unknowns = _once(
        signal
        for signal in signals
        if signal.finding == Finding.UNKNOWN and (signal.check, signal.part) not in flagged
    )
    known = sum(signal.weight for signal in flags)
    band = _band(known, by)
    if band != _band(known + sum(signal.weight for signal in unknowns), by):
        band = Band.INCOMPLETE
    heaviest_first = sorted(flags, key=lambda signal: -signal.weight)
    return Judgement(band, (*heaviest_first, *unknowns))


def _once(signals: Iterable[Weighed]) -> list[Weighed]:
    """Those that count, the first one of each part."""
    first: dict[tuple[str, str], Weighed] = {}
    for signal in signals:
        if signal.weight:
            first.setdefault((signal.check, signal.part), signal)
    return list(first.values())


def _band(weight: int, by: AntiFraud) -> Band:
    if weight >= by.high_from:
        return Band.HIGH
    return Band.ELEVATED if weight >= by.elevated_from else Band.LOW
