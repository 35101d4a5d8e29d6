"""How far an import is: a bar on a terminal, plain lines elsewhere."""

import time

from django.core.management.base import OutputWrapper

WIDTH = 30
BETWEEN_LINES = 100_000  # rows
CLEAR = "\r\x1b[K"


class Progress:
    """``size`` is the file's in bytes, ``None`` where nobody knows it."""

    def __init__(self, out: OutputWrapper, size: int | None) -> None:
        self._out, self._size = out, size
        self._is_terminal = out.isatty()
        self._began = time.monotonic()
        self._next_line = BETWEEN_LINES

    def tell(self, rows: int, position: int) -> None:
        """Say that ``rows`` are done, and ``position`` bytes were read."""
        if self._is_terminal:
            self._write(f"{CLEAR}{self._bar(position)}{self._words(rows, position)}")
        elif rows >= self._next_line:
            self._write(f"{self._words(rows, position)}\n")
            self._next_line = rows - rows % BETWEEN_LINES + BETWEEN_LINES

    def clear(self) -> None:
        """Make room for a line of another kind."""
        if self._is_terminal:
            self._write(CLEAR)

    def _write(self, text: str) -> None:
        """As it is: no line is ended, and nothing is coloured as an error."""
        self._out.write(text, str, "")
        self._out.flush()

    def _words(self, rows: int, position: int) -> str:
        share = f", {self._share(position):.0%} of the file" if self._size else ""
        rate = rows / max(time.monotonic() - self._began, 0.001)
        return f"{rows:,} rows{share}, {rate:,.0f} a second"

    def _bar(self, position: int) -> str:
        if not self._size:
            return ""
        done = int(WIDTH * self._share(position))
        return f"[{'#' * done}{'.' * (WIDTH - done)}] "

    def _share(self, position: int) -> float:
        return min(position / self._size, 1.0) if self._size else 0.0
