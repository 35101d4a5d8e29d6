"""What is told of an import: a line for each entry that is not taken, and a sum in the end."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from django.core.management.base import OutputWrapper

from subscriptions.imports.entries import Refused, Skipped
from subscriptions.imports.progress import Progress
from subscriptions.imports.terms import Addition, Change, Taken, Terms

NOUNS = {"customers": ("customer", "customers"), "partners": ("partner", "partners")}


class Report:
    """Writes to ``out`` as batches come in, and counts; progress goes its own way.

    ``kinds`` are the counts that its sum begins with; an import adds sentences by ``more``.
    """

    kinds: ClassVar[Sequence[str]] = ("changed", "unchanged", "skipped", "bad")

    def __init__(self, out: OutputWrapper, progress: Progress, terms: Terms) -> None:
        self._out, self._progress, self._terms = out, progress, terms
        self.counts: Counter[str] = Counter()

    @property
    def rows(self) -> int:
        """The entries that were looked at."""
        return self.counts["rows"]

    @property
    def bad(self) -> int:
        """The entries that were refused."""
        return self.counts["bad"]

    def more(self) -> Iterator[str]:
        """What there is to say beside the kinds."""
        return iter(())

    def tell(self, entries: Sequence[object], taken: Taken, position: int) -> None:
        """One batch, and how many bytes of the file were read for it."""
        left = [entry for entry in entries if isinstance(entry, Refused | Skipped)] + taken.left
        self.counts += taken.counts
        self.counts["rows"] += len(entries)
        self.counts["bad"] += sum(isinstance(entry, Refused) for entry in left)
        self.counts["skipped"] += sum(isinstance(entry, Skipped) for entry in left)
        self._tell_lines([*left, *taken.changes])
        self._progress.tell(self.rows, position)

    def finish(self) -> None:
        """The sum."""
        self._progress.clear()
        for line in self._sum():
            self._out.write(line)

    def _tell_lines(self, told: Iterable[Refused | Skipped | Change | Addition]) -> None:
        lines = sorted(told, key=lambda entry: entry.number)
        if lines:
            self._progress.clear()
            self._out.write("".join(f"{self._terms.unit} {line.number}: {line}\n" for line in lines))

    def _sum(self) -> Iterator[str]:
        if self._terms.is_dry_run:
            yield "Dry run: nothing was written. This is what an import would come to."
        if not self.rows:
            yield f"{self._terms.source}: there is nothing in it to import, not one {self._terms.unit}."
            return
        told = ", ".join(f"{self.counts[kind]:,} {kind}" for kind in self.kinds)
        yield f"{self._terms.source}, as of {self._terms.as_of:%-d %b %Y, %H:%M:%S} UTC: {told}."
        yield from self.more()


class SubscriptionReport(Report):
    """Counts subscriptions, and those ``judged_anew``; parties made; addresses ``opened`` and ``closed``."""

    kinds = ("new", *Report.kinds)

    def more(self) -> Iterator[str]:
        """What was made, moved and judged."""
        if made := ", ".join(_number(self.counts[kind], *NOUNS[kind]) for kind in NOUNS if self.counts[kind]):
            yield f"Not known before: {made}."
        if self.counts["opened"] or self.counts["closed"]:
            yield f"Addresses: {self.counts['opened']:,} given, {self.counts['closed']:,} taken back."
        if self.counts["judged_anew"]:
            number = _number(self.counts["judged_anew"], "subscription", "subscriptions")
            yield f"{number} judged anew; within a minute a reviewer is told of each exemption that no longer fits."


class FactReport(Report):
    """Counts customers, and their facts by what became of them."""

    def more(self) -> Iterator[str]:
        """What became of the facts."""
        told = {
            "not known before": "facts_new",
            "changed": "facts_changed",
            "confirmed": "facts_confirmed",
            "left, as what is stored is newer": "facts_older",
        }
        yield f"Facts: {', '.join(f'{self.counts[kind]:,} {words}' for words, kind in told.items())}."


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
