"""Several programs as one: all start, one that dies is started again, all stop together."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

from engines.process import Program, start, stop

LOOK_EVERY = 0.2  # seconds
LONGEST_WAIT = 30.0  # seconds between two starts of a program that keeps dying


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes]
    started_at: float = field(default_factory=time.monotonic)
    wait: float = 1.0
    start_again_at: float | None = None


class Supervisor:
    """Runs programs until asked to stop, or until an engine that they stand on dies."""

    def __init__(self, engines: dict[str, subprocess.Popen[bytes]]) -> None:
        self._engines = engines
        self._children: list[_Child] = []
        self._stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)

    def start(self, programs: Sequence[Program]) -> None:
        """Start the programs, in order."""
        for program in programs:
            self._children.append(_Child(program, self._start(program)))

    @property
    def is_stopping(self) -> bool:
        """Somebody asked us to stop."""
        return self._stopping.is_set()

    def run(self) -> int:
        """Watch until asked to stop; returns the exit status."""
        while not self._stopping.wait(LOOK_EVERY):
            for child in self._children:
                self._look_after(child)
            dead = [name for name, process in self._engines.items() if process.poll() is not None]
            if dead:
                print(f"{', '.join(dead)} ended; see log/ in VAR_DIR. Stopping.", file=sys.stderr)
                return 1
        return 0

    def stop(self) -> None:
        """End all programs, the last started first."""
        for child in self._children:
            if child.process.poll() is None:
                child.process.send_signal(child.program.ending)
        for child in reversed(self._children):
            stop(child.process, child.program.ending)

    def _look_after(self, child: _Child) -> None:
        now = time.monotonic()
        if child.process.poll() is None:
            return
        if child.start_again_at is None:
            lived_long = now - child.started_at > LONGEST_WAIT
            child.wait = 1.0 if lived_long else min(child.wait * 2, LONGEST_WAIT)
            child.start_again_at = now + child.wait
            print(
                f"{child.program.name} ended with status {child.process.returncode}; starts again",
                file=sys.stderr,
            )
        elif now >= child.start_again_at:
            child.process, child.started_at, child.start_again_at = self._start(child.program), now, None

    def _start(self, program: Program) -> subprocess.Popen[bytes]:
        process = start(program, subprocess.PIPE)
        assert process.stdout is not None  # noqa: S101  # we asked for a pipe
        threading.Thread(target=_forward, args=(program.name, process.stdout), daemon=True).start()
        return process

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping.set()


def _forward(name: str, lines: IO[bytes]) -> None:
    for line in lines:
        sys.stderr.write(f"{name:<8} {line.decode(errors='replace')}")
        sys.stderr.flush()
