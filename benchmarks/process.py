"""Programs that are measured from outside: time, processor time and memory, as the kernel counts them."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Run:
    """``seconds`` by the clock, ``cpu`` of processor time, ``peak`` in MB of memory."""

    seconds: float
    cpu: float
    peak: float


def python(*arguments: str, environment: Mapping[str, str] | None = None, output: Path | None = None) -> Run:
    """Run our Python with ``arguments``, from the project's folder; what it writes goes to ``output``.

    Raises ``SystemExit`` where it fails.
    """
    with (output or Path(os.devnull)).open("wb") as file:
        began = time.perf_counter()
        command: Sequence[str] = [sys.executable, *arguments]
        process = subprocess.Popen(command, cwd=PROJECT, stdout=file, env=environment)  # noqa: S603  # ours
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed; its words are above.")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def manage(*arguments: str, environment: Mapping[str, str] | None = None, output: Path | None = None) -> Run:
    """Run one command of ``manage.py``."""
    return python("manage.py", *arguments, environment=environment, output=output)


def processor_time(parent: int) -> float:
    """Seconds of processor time of a process and of its children, those that have ended included."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    times = [_times(parent)[:4], *(_times(int(child))[:2] for child in found)]
    return sum(map(sum, times)) / os.sysconf("SC_CLK_TCK")


def _times(process: int) -> Sequence[int]:
    """utime, stime, cutime and cstime in clock ticks (proc_pid_stat(5)); zeros where it has ended."""
    with suppress(OSError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return [int(field) for field in fields[11:15]]
    return [0] * 4
