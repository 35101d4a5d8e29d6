"""The benchmarks run, on a database of their own, and print a figure beside each reference. No time is judged."""

import os
import subprocess
import sys

import psycopg

from benchmarks.figure import Figure, table
from engines.places import PROJECT

DATABASES = "SELECT datname FROM pg_database WHERE datname SIMILAR TO 'unblock_bench_(eligibility|import)_%'"


def test_bulk_benchmarks_print_their_figures_and_leave_nothing() -> None:
    command = [sys.executable, "-m", "benchmarks", "eligibility", "import", "--rows", "200", "--repeats", "1"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "200 rows, 1 runs of each" in lines[0]
    columns = [cell.strip() for cell in lines[1].strip("|").split("|")]
    rows = [
        dict(zip(columns, (cell.strip() for cell in line.strip("|").split("|")), strict=True))
        for line in lines[3:]
    ]
    assert {row["reference"] for row in rows} >= {"csv to json alone", "COPY alone", "at 20 rows"}
    assert all(row["all runs"] and row["goal"] for row in rows)
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        assert connection.execute(DATABASES).fetchall() == []


def test_a_benchmark_that_is_not_there_is_refused() -> None:
    command = [sys.executable, "-m", "benchmarks", "speed"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "there is no benchmark speed; there is eligibility, import" in done.stderr


def test_a_figure_tells_medians_and_their_ratio() -> None:
    figure = Figure("pages", [30.0, 10.0, 20.0], "ms", "bare page", [4.0, 5.0, 60.0], goal="fast")
    assert list(table([figure]))[2] == (
        "| pages    | 20.0 ms | 30.0 10.0 20.0 | bare page | 5.00 ms | 4.00  | fast |"
    )
