"""The formats of a file, and which of them one is in."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from subscriptions.imports.csv_entries import csv_entries
from subscriptions.imports.entries import Entry
from subscriptions.imports.json_entries import ARM, PARTNER_CENTER, BrokenFile, Shape, json_entries, shape_of
from subscriptions.imports.reading import Given
from subscriptions.imports.stream import Stream


class Format(StrEnum):
    """What ``--format`` may say."""

    CSV = "csv"
    ARM = "arm"
    PARTNER_CENTER = "partner-center"


DIALECTS = {Format.ARM: ARM, Format.PARTNER_CENTER: PARTNER_CENTER}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is to be read; ``shape`` is of JSON alone."""

    format: Format
    shape: Shape | None = None

    @property
    def unit(self) -> str:
        """What the entries' numbers count."""
        return "line" if self.shape is None else "item"


def layout_of(head: bytes, named: Format | None) -> Layout:
    """The layout, from a file's beginning, and from its format where somebody names it.

    Raises ``BrokenFile`` where it is JSON of neither kind.
    """
    is_json = head.lstrip()[:1] in (b"{", b"[")
    if named == Format.CSV or (named is None and not is_json):
        return Layout(Format.CSV)
    shape = shape_of(head)
    if named is not None:
        return Layout(named, shape)
    for format_, dialect in DIALECTS.items():
        if shape.dialect is dialect:
            return Layout(format_, shape)
    raise BrokenFile("no subscription in it has a shape that is known here; name its --format if you know it")


def entries_of(stream: Stream, layout: Layout, given: Given) -> Iterator[Entry]:
    """Everything in the file, in its order. Raises ``BadHeader`` for CSV without the columns needed."""
    if layout.shape is None:
        return csv_entries(stream.text(), given)
    return json_entries(stream.buffered(), layout.shape, DIALECTS[layout.format], given)
