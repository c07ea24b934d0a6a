"""Servers to kill: `stint up` as a command, and forked from a process that has loaded all of Stint.

Loading Python's modules is most of a start, and no instant of it can lose anything. The forked process does all the
rest of `stint up`: takes the data folder, migrates, takes up what was left, opens the port, serves.
"""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from benchmarks.processes import PATIENCE_SECONDS, STINT

ADDRESS = r"^Stint is at http://127\.0\.0\.1:(\d+)"
LOADED = (
    "stint.urls",
    "stint.server.background",
    "stint.server.front",
    "stint.server.serving",
    "stint.integrations.runs",
)


class Cold:
    """Starts `stint up` as a person would, one at a time, and kills it."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment, self.log = environment, log
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Begin a server; it answers once `port` returned."""
        with self.log.open("ab") as errors:
            self._process = subprocess.Popen(
                [STINT, "up", "--port", "0"],
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def port(self) -> int:
        """Return where the server answers, once it does."""
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if found := re.search(ADDRESS, line):
                return int(found.group(1))
        raise SystemExit(f"torture: the server did not start; see {self.log}")

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End the server and return once it is gone."""
        assert self._process is not None
        self._process.send_signal(how)
        self._process.communicate(timeout=PATIENCE_SECONDS)


class Warm:
    """Forks servers, one at a time, and kills them."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._lines: queue.Queue[str] = queue.Queue()
        with log.open("ab") as errors:
            self._parent = subprocess.Popen(
                [sys.executable, "-m", "torture.servers"],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.log = log
        self.pid = 0
        threading.Thread(target=self._read, daemon=True).start()

    def start(self) -> None:
        """Begin a server; it answers once `port` returned."""
        assert self._parent.stdin is not None
        self._parent.stdin.write("up\n")
        self._parent.stdin.flush()
        self.pid = int(self._line(r"^forked (\d+)"))

    def port(self) -> int:
        """Return where the server answers, once it does."""
        return int(self._line(ADDRESS))

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End the server and return once it is gone."""
        os.kill(self.pid, how)
        self._line(r"^(ended)")

    def close(self) -> None:
        """End the process that forks; no server may be left."""
        assert self._parent.stdin is not None
        self._parent.stdin.close()
        self._parent.wait(PATIENCE_SECONDS)

    def _line(self, pattern: str) -> str:
        while True:
            line = self._lines.get(timeout=PATIENCE_SECONDS)
            if found := re.search(pattern, line):
                return found.group(1)
            if not line or (line == "ended\n" and pattern == ADDRESS):
                raise SystemExit(f"torture: the server did not start; see {self.log}")

    def _read(self) -> None:
        assert self._parent.stdout is not None
        for line in self._parent.stdout:
            self._lines.put(line)
        self._lines.put("")


def _fork(up: Callable[[], None]) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            up()
        finally:
            os._exit(0)
    print(f"forked {pid}", flush=True)
    os.waitpid(pid, 0)
    print("ended", flush=True)


def main() -> None:
    """Load everything, then fork a server for each line that comes."""
    from stint.cli.servers import up
    from stint.cli.setup import start_django

    start_django()
    for module in LOADED:
        import_module(module)
    for _ in sys.stdin:
        _fork(lambda: up(host="127.0.0.1", port=0))


if __name__ == "__main__":
    main()
