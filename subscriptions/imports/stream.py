"""A file that is read once, from its beginning to its end, standard input among them."""

import io
from typing import BinaryIO

HEAD = 65_536  # bytes that are looked at to tell the format
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Stream(io.RawIOBase):
    """``head`` is the beginning, read ahead; ``position`` counts the bytes that were read since."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.head = self._ahead = file.read(HEAD).removeprefix(BYTE_ORDER_MARK)
        self.position = 0

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
