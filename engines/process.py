"""Child processes that never outlive us: each in its own session, told to end when we do."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1  # prctl(2)
STOP_WITHIN = 20.0  # seconds, then SIGKILL


class EngineError(RuntimeError):
    """Something could not be started; the message says what to do."""


@dataclass(frozen=True)
class Program:
    """What to run. ``ending`` is the signal that stops it well; ``user`` and ``group`` whom root becomes for it.

    With ``is_let_through`` that user may pass and read what is closed to it: see ``_privileges``.
    ``ending_alone`` stops it where we were killed and nobody is left to lose patience with it: like
    ``ending`` if not given. ``inherited`` are open files that it gets from us, by number.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    ending: signal.Signals = signal.SIGTERM
    ending_alone: signal.Signals | None = None
    user: int | None = None
    group: int | None = None
    is_let_through: bool = False
    inherited: Sequence[int] = ()


def start(program: Program, output: IO[bytes] | int | None = None) -> subprocess.Popen[bytes]:
    """Start the program; its output goes to ``output``, or where ours goes.

    To be called in the main thread: the kernel takes the end of the calling thread for ours.
    Raises ``EngineError`` where there is no such program.
    """
    changes_user = program.user is not None and not program.is_let_through
    dies = _dies_with_parent(program.ending_alone or program.ending) if sys.platform == "linux" else None
    try:
        return subprocess.Popen(
            [*_privileges(program), *program.command],
            cwd=program.folder,
            env=dict(program.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            start_new_session=True,
            preexec_fn=dies,  # noqa: PLW1509  # two system calls
            user=program.user if changes_user else None,
            group=program.group if changes_user else None,
            extra_groups=[] if changes_user else None,
            pass_fds=program.inherited,
        )
    except OSError as error:
        raise EngineError(f"{program.name} cannot be run: {error.strerror or error}.") from error


def stop(process: subprocess.Popen[bytes], ending: signal.Signals) -> None:
    """End the process and wait; one that does not go is killed, and what it left behind as well."""
    if process.poll() is None:
        process.send_signal(ending)
    wait_for_end(process)


def wait_for_end(process: subprocess.Popen[bytes]) -> None:
    """Wait for a process that was asked to end, as ``stop`` does."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_WITHIN)
    kill_rest(process)
    process.wait()


def kill_rest(process: subprocess.Popen[bytes]) -> None:
    """Kill what lives of the process and of its own children; each program is a process group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def wait_until(
    is_ready: Callable[[], bool], process: subprocess.Popen[bytes], name: str, seconds: float
) -> None:
    """Wait for readiness. Raises ``EngineError`` where the process ends or the time runs out."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        if process.poll() is not None:
            raise EngineError(f"{name} ended at once with status {process.returncode}.")
        if time.monotonic() > deadline:
            raise EngineError(f"{name} did not get ready within {seconds:.0f} s.")
        time.sleep(0.02)


def stop_with_parent(ending: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send us that signal when our parent dies, however it dies. Linux alone knows how."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, ending)


def _privileges(program: Program) -> list[str]:
    """Where folders above are closed to the unprivileged user, let it pass through and read, not write.

    PostgreSQL asks access(2) about its own files, which forgets the privilege unless that securebit is
    set. setpriv forgets the parent-death signal when it changes the user, so it has to set it again.
    """
    if not program.is_let_through:
        return []
    capability = "+dac_read_search"
    return [
        "setpriv",
        f"--reuid={program.user}",
        f"--regid={program.group}",
        "--clear-groups",
        f"--inh-caps={capability}",
        f"--ambient-caps={capability}",
        "--securebits=+no_setuid_fixup",
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
