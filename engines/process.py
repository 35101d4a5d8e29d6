"""Child processes that never outlive us: each in its own session, told to end when we do."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1  # prctl(2)
STOP_WITHIN = 20.0  # seconds, then SIGKILL


class EngineError(RuntimeError):
    """Something could not be started; the message says what to do."""


@dataclass(frozen=True)
class Program:
    """What to run: ``ending`` is the signal that stops it well; ``user`` an unprivileged one, if any."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    ending: signal.Signals = signal.SIGTERM
    user: int | None = None
    group: int | None = None
    reads_everything: bool = field(default=False)


def start(program: Program, output: IO[bytes] | int | None = None) -> subprocess.Popen[bytes]:
    """Start the program; its output goes to ``output``, or where ours goes."""
    return subprocess.Popen(
        [*_privileges(program), *program.command],
        cwd=program.folder,
        env=dict(program.environment),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        start_new_session=True,
        preexec_fn=_dies_with_parent(program.ending) if sys.platform == "linux" else None,
        **_identity(program),
    )


def stop(process: subprocess.Popen[bytes], ending: signal.Signals) -> None:
    """End the process and wait; one that does not go is killed with all its own children."""
    if process.poll() is None:
        process.send_signal(ending)
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(is_ready: Callable[[], bool], process: subprocess.Popen[bytes], name: str, seconds: float) -> None:
    """Wait for readiness. Raises ``EngineError`` where the process ends or the time runs out."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        if process.poll() is not None:
            raise EngineError(f"{name} ended at once with status {process.returncode}; see its log above.")
        if time.monotonic() > deadline:
            raise EngineError(f"{name} did not get ready within {seconds:.0f} s; see its log.")
        time.sleep(0.02)


def _identity(program: Program) -> dict[str, object]:
    if program.user is None or program.reads_everything:
        return {}
    return {"user": program.user, "group": program.group, "extra_groups": []}


def _privileges(program: Program) -> list[str]:
    """Where folders above are closed to the unprivileged user, it may still pass through and read.

    setpriv forgets the parent-death signal when it changes the user, so it has to set it again.
    """
    if not program.reads_everything:
        return []
    capability = "+dac_read_search"
    return [
        "setpriv",
        f"--reuid={program.user}",
        f"--regid={program.group}",
        "--clear-groups",
        f"--inh-caps={capability}",
        f"--ambient-caps={capability}",
        f"--pdeathsig={program.ending.name.removeprefix('SIG')}",
        "--",
    ]


def _dies_with_parent(ending: signal.Signals) -> Callable[[], None]:
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, ending)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask_kernel
