"""A file that is read once, from its beginning to its end, standard input among them."""

import io
import os
import stat
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, TextIO

HEAD = 65_536  # bytes that are looked at to tell the format
READ_AT_ONCE = 65_536  # bytes
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
CLOCK_OF_FILES = timedelta(milliseconds=50)  # more than what it may be behind: it counts in ticks


class Stream(io.RawIOBase):
    """``head`` is the beginning, read ahead; ``position`` counts the bytes that were read since."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.head = self._ahead = file.read(HEAD).removeprefix(BYTE_ORDER_MARK)
        self.position = 0

    @property
    def size(self) -> int | None:
        """In bytes; ``None`` of what is no regular file."""
        try:
            found = os.fstat(self._file.fileno())
        except OSError:
            return None
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def written_at(self, now: datetime) -> datetime:
        """When the file was last written: the same for whoever imports it. Of a pipe, now."""
        if self.size is None:
            return now
        written = datetime.fromtimestamp(os.fstat(self._file.fileno()).st_mtime, UTC)
        return now if written > now else written + CLOCK_OF_FILES

    def buffered(self) -> io.BufferedReader:
        """To read bytes from."""
        return io.BufferedReader(self, READ_AT_ONCE)

    def text(self) -> TextIO:
        """To read lines of UTF-8 from; what is none is left for the reader to refuse."""
        return io.TextIOWrapper(self.buffered(), "utf-8", errors="surrogateescape")

    def readable(self) -> bool:
        """It is for nothing else."""
        return True

    def readinto(self, buffer: "memoryview[int]", /) -> int:  # type: ignore[override]  # what BufferedReader gives
        """Fill ``buffer`` as far as the next read goes; 0 is the end."""
        chunk = self._ahead[: len(buffer)] or self._file.read(len(buffer))
        self._ahead = self._ahead[len(chunk) :]
        buffer[: len(chunk)] = chunk
        self.position += len(chunk)
        return len(chunk)
