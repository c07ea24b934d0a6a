"""Real `stint` processes, each with a data folder of its own."""

from __future__ import annotations

import atexit
import functools
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

STINT = Path(sys.executable).with_name("stint")
SECONDS = 90
_OURS = ("STINT_", "DATABASE_URL", "EMAIL_URL", "DJANGO_")


def environment(data: Path, **more: str) -> dict[str, str]:
    """Return this process's variables without those of Stint, but for `more` and the data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {**kept, "STINT_DATA": str(data), **more}


def stint(
    *arguments: str, data: Path, stdin: str = "", cwd: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [STINT, *arguments],
        env=environment(data, **more),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
        cwd=cwd,
    )


@functools.cache
def _empty_database() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="stint-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = stint("migrate", data=folder)
    assert made.returncode == 0, made.stderr
    return folder / "stint.sqlite3"


def prepared(folder: Path) -> Path:
    """Return the folder with an empty, migrated database in it: migrating takes most of a first start."""
    folder.mkdir(mode=0o700, exist_ok=True)
    shutil.copy(_empty_database(), folder)
    return folder


class Running:
    """A `stint` server; `url` is where it said it answers."""

    def __init__(self, *arguments: str, data: Path, cwd: Path | None = None, **more: str) -> None:
        self.process = subprocess.Popen(
            [STINT, *arguments],
            env=environment(data, PYTHONUNBUFFERED="1", **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=cwd,
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop(signal.SIGKILL)

    def line(self, pattern: str) -> str:
        """Wait for a line that matches, and return its first group or the whole line."""
        while (line := self._lines.get(timeout=SECONDS)) is not None:
            self.said.append(line)
            if found := re.search(pattern, line):
                return found.group(1) if found.groups() else line
        raise AssertionError(f"ended without saying {pattern!r}:\n" + "\n".join(self.said))

    @property
    def url(self) -> str:
        """Where it answers, once it does."""
        return self.line(r"(?:is|are) at (http://[^ /]+)")

    def stop(self, with_signal: int = signal.SIGTERM) -> int:
        """Signal the process and return its exit code."""
        self.process.send_signal(with_signal)
        return self.process.wait(SECONDS)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)
