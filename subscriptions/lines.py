"""Lines of a file that nobody vouches for: each is as long as it may be, whatever the file holds."""

from collections.abc import Iterator
from typing import TextIO


def lines_of(file: TextIO, longest: int) -> Iterator[str]:
    """Each line, without its end; of one that is too long its beginning, a character too long.

    So memory never holds more, and whoever reads the lines can tell.
    """
    while line := file.readline(longest + 1):
        yield line.removesuffix("\n")
        rest = line
        while rest and not rest.endswith("\n"):
            rest = file.readline(longest)
