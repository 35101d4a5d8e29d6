"""Reading ahead changes nothing of what is read, and nobody waits for it who has stopped."""

import threading
from collections.abc import Iterator

import pytest

from subscriptions.imports.ahead import read_ahead


def test_all_come_in_their_order() -> None:
    assert list(read_ahead(range(50))) == list(range(50))


def test_what_reading_raises_comes_in_its_place() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("line 2")

    ahead = read_ahead(broken())
    assert next(ahead) == 1
    with pytest.raises(ValueError, match="line 2"):
        next(ahead)


def test_the_next_one_is_read_while_one_is_at_work() -> None:
    is_second_read = threading.Event()

    def batches() -> Iterator[int]:
        yield 1
        is_second_read.set()
        yield 2

    ahead = read_ahead(batches())
    assert next(ahead) == 1
    assert is_second_read.wait(30)
    assert list(ahead) == [2]


def test_it_is_not_far_ahead() -> None:
    """Memory stays flat: besides the one at work, one is ready and one is being read."""
    read: list[int] = []
    has_three = threading.Event()

    def batches() -> Iterator[int]:
        for number in range(10):
            read.append(number)
            if number == 2:
                has_three.set()
            yield number

    ahead = read_ahead(batches())
    assert next(ahead) == 0
    assert has_three.wait(30)
    assert len(read) <= 4
    ahead.close()  # type: ignore[attr-defined]  # a generator


def test_who_stops_waits_for_nobody() -> None:
    """As where a pipe brings nothing more, and the reader pressed Ctrl-C."""
    goes_on = threading.Event()

    def batches() -> Iterator[int]:
        yield 1
        goes_on.wait(60)

    ahead = read_ahead(batches())
    assert next(ahead) == 1
    ahead.close()  # type: ignore[attr-defined]  # a generator
    goes_on.set()


def test_a_reader_whose_taker_stopped_ends() -> None:
    ended = threading.Event()

    def batches() -> Iterator[int]:
        try:
            yield from range(1000)
        finally:
            ended.set()

    ahead = read_ahead(batches())
    next(ahead)
    ahead.close()  # type: ignore[attr-defined]  # a generator
    assert ended.wait(30)
