"""What was measured, and the table that it is printed as."""

import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

HEADINGS = ("measured", "median", "all runs", "reference", "median", "ratio", "goal")


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity beside the reference that was measured in the same run; several runs of each.

    ``ratio`` is quantity to reference. ``goal`` says in words what was hoped for.
    """

    what: str
    values: Sequence[float]
    unit: str
    reference: str = ""
    reference_values: Sequence[float] = ()
    reference_unit: str = ""
    goal: str = ""

    @property
    def ratio(self) -> float | None:
        """Of the medians; ``None`` without a reference."""
        return median(self.values) / median(self.reference_values) if self.reference_values else None

    def cells(self) -> tuple[str, ...]:
        """One for each of the table's columns."""
        ratio = self.ratio
        return (
            self.what,
            _written(median(self.values), self.unit),
            " ".join(_written(value) for value in self.values),
            self.reference,
            _written(median(self.reference_values), self.reference_unit or self.unit)
            if self.reference_values
            else "",
            "" if ratio is None else f"{ratio:.2f}",
            self.goal,
        )


def table(figures: Iterable[Figure]) -> Iterator[str]:
    """The lines of a table in Markdown, with columns as wide as they need be."""
    rows = [HEADINGS, *(figure.cells() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    ruler = tuple("-" * width for width in widths)
    for row in (rows[0], ruler, *rows[1:]):
        yield "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"


def machine() -> str:
    """What it was measured on, and how busy that was when it began."""
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    return f"Python {platform.python_version()}, {platform.machine()}, {cores} cores, load {load:.1f} at the start"


def _written(value: float, unit: str = "") -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".strip()
