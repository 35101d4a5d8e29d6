"""One program as it runs now: started, watched, started again after it died, stopped."""

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

from engines.process import Program, kill_rest, start, wait_for_end

LONGEST_WAIT = 30.0  # seconds between two starts of a program that keeps dying


class Service:
    """A running program. Its output goes to the end of ``log``, or to our own with its name before each line."""

    process: subprocess.Popen[bytes]

    def __init__(self, program: Program, log: Path | None = None) -> None:
        self.program = program
        self.log = log
        self._wait = 0.0
        self._start_again_at: float | None = None
        self._asked: subprocess.Popen[bytes] | None = None
        self._start()

    def look_after(self) -> None:
        """Start it again where it died: at once, then after longer and longer waits."""
        now = time.monotonic()
        if self._start_again_at is not None:
            if now >= self._start_again_at:
                self._start()
        elif self.process.poll() is not None:
            self._has_died(now)

    def ask_to_stop(self) -> None:
        """Send it the signal that ends it, once, and do not wait."""
        if self.process.poll() is None and self._asked is not self.process:
            self._asked = self.process
            self.process.send_signal(self.program.ending)

    def stop(self) -> None:
        """End it, and wait."""
        if self._start_again_at is None:
            self.ask_to_stop()
            wait_for_end(self.process)

    def _has_died(self, now: float) -> None:
        kill_rest(self.process)  # its children hold what its successor needs
        lived_long = now - self._started_at > LONGEST_WAIT
        self._wait = 0.0 if lived_long else min(max(self._wait * 2, 0.5), LONGEST_WAIT)
        self._start_again_at = now + self._wait
        print(
            f"{self.program.name} ended with status {self.process.returncode}; it starts again.",
            file=sys.stderr,
            flush=True,
        )

    def _start(self) -> None:
        self._started_at, self._start_again_at = time.monotonic(), None
        if self.log is None:
            self.process = start(self.program, subprocess.PIPE)
            assert self.process.stdout is not None  # noqa: S101  # we asked for a pipe
            arguments = (self.program.name, self.process.stdout)
            threading.Thread(target=_forward, args=arguments, daemon=True).start()
        else:
            self.log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self.log.open("ab") as file:
                self.process = start(self.program, file)


def _forward(name: str, lines: IO[bytes]) -> None:
    with lines:
        for line in lines:
            sys.stderr.write(f"{name:<8} {line.decode(errors='replace')}")
            sys.stderr.flush()
