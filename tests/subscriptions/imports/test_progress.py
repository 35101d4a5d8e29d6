"""How far an import is, on a terminal and elsewhere."""

import io
from pathlib import Path

import pytest
from django.core.management.base import OutputWrapper
from django.db import OperationalError

from subscriptions.imports.batch import Batch
from subscriptions.imports.progress import CLEAR, Progress
from subscriptions.imports.terms import Taken
from subscriptions.models import Subscription
from subscriptions.policy.versions import load_shipped_policies
from tests.subscriptions.imports.files import BLOG, LAB, SHOP, csv_file, csv_line, run


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(out: io.StringIO, size: int | None, *rows: int) -> str:
    progress = Progress(OutputWrapper(out), size)
    for number in rows:
        progress.tell(number, number)
    progress.clear()
    return out.getvalue()


def test_a_terminal_has_a_bar_that_is_wiped_in_the_end() -> None:
    shown = told(Terminal(), 40_000, 10_000, 20_000)
    assert "[###############...............] 20,000 rows, 50% of the file, " in shown
    assert "\n" not in shown
    assert shown.endswith(CLEAR)


def test_elsewhere_there_is_a_line_for_each_hundred_thousand_rows() -> None:
    lines = told(io.StringIO(), 500_000, 90_000, 110_000, 190_000, 250_000, 290_000).splitlines()
    assert [line.partition(" rows")[0] for line in lines] == ["110,000", "250,000"]
    assert "22% of the file" in lines[0]


def test_of_a_pipe_nobody_knows_how_much_is_left() -> None:
    assert "%" not in told(io.StringIO(), None, 100_000)


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("the server closed the connection"), KeyboardInterrupt()])
def test_a_stop_says_how_far_it_came_and_what_is_in_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    load_shipped_policies()
    monkeypatch.setattr("subscriptions.imports.command.AT_ONCE", 1)
    merge, batches = Batch.merge, []

    def break_off(batch: Batch, rows: object) -> Taken:
        batches.append(rows)
        if len(batches) == 3:
            raise error
        return merge(batch, rows)  # type: ignore[arg-type]  # what it was called with

    monkeypatch.setattr(Batch, "merge", break_off)
    path = csv_file(tmp_path, csv_line(SHOP), csv_line(BLOG), csv_line(LAB))
    assert run(path).error.startswith("the import stopped after 2 rows: ")
    assert Subscription.objects.count() == 2
    assert run(path).sum == "1 new, 0 changed, 2 unchanged, 0 skipped, 0 bad."
