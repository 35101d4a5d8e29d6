"""What is told of an import: a line for each entry that is not taken, and a sum in the end."""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.core.management.base import OutputWrapper

from subscriptions.imports.entries import Entry, Refused, Skipped
from subscriptions.imports.progress import Progress
from subscriptions.imports.terms import Change, Taken, Terms

NOUNS = {"customers": ("customer", "customers"), "partners": ("partner", "partners")}


class Report:
    """Writes to ``out`` as batches come in, and counts; progress goes its own way."""

    def __init__(self, out: OutputWrapper, progress: Progress, terms: Terms) -> None:
        self._out, self._progress, self._terms = out, progress, terms
        self._counts: Counter[str] = Counter()

    @property
    def rows(self) -> int:
        """The entries that were looked at."""
        return self._counts["rows"]

    @property
    def bad(self) -> int:
        """The entries that were refused."""
        return self._counts["bad"]

    def tell(self, entries: list[Entry], taken: Taken, position: int) -> None:
        """One batch, and how many bytes of the file were read for it."""
        left = [entry for entry in entries if isinstance(entry, Refused | Skipped)] + taken.left
        self._counts += taken.counts
        self._counts["rows"] += len(entries)
        self._counts["bad"] += sum(isinstance(entry, Refused) for entry in left)
        self._counts["skipped"] += sum(isinstance(entry, Skipped) for entry in left)
        self._tell_lines([*left, *taken.changes])
        self._progress.tell(self.rows, position)

    def finish(self) -> None:
        """The sum."""
        self._progress.clear()
        for line in self._sum():
            self._out.write(line)

    def _tell_lines(self, told: Iterable[Refused | Skipped | Change]) -> None:
        lines = sorted(told, key=lambda entry: entry.number)
        if lines:
            self._progress.clear()
            self._out.write("".join(f"{self._terms.unit} {line.number}: {line}\n" for line in lines))

    def _sum(self) -> Iterator[str]:
        if self._terms.is_dry_run:
            yield "Dry run: nothing was written. This is what an import would come to."
        kinds = ("new", "changed", "unchanged", "skipped", "bad")
        told = ", ".join(f"{self._counts[kind]:,} {kind}" for kind in kinds)
        yield f"{self._terms.source}, as of {self._terms.as_of:%-d %b %Y, %H:%M:%S} UTC: {told}."
        if made := ", ".join(
            _number(self._counts[kind], *NOUNS[kind]) for kind in NOUNS if self._counts[kind]
        ):
            yield f"Not known before: {made}."
        if self._counts["opened"] or self._counts["closed"]:
            yield f"Addresses: {self._counts['opened']:,} given, {self._counts['closed']:,} taken back."
        if self._counts["judged_anew"]:
            number = _number(self._counts["judged_anew"], "subscription", "subscriptions")
            yield f"{number} judged anew; within a minute a reviewer is told of each exemption that no longer fits."


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
