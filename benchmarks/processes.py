"""Child processes: Stint's servers, its floors, and measuring programs, each with a data folder of its own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import msgspec

ROOT = Path(__file__).parent.parent
STINT = str(Path(sys.executable).with_name("stint"))
PATIENCE_SECONDS = 300
ADDRESS = r"http://127\.0\.0\.1:(\d+)"
_OURS = ("STINT_", "DATABASE_URL", "EMAIL_URL", "DJANGO_")


def environment(data: Path, **more: str) -> dict[str, str]:
    """Return this process's variables without those of Stint, but for the data folder and `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {**kept, "STINT_DATA": str(data), "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT), **more}


def measured(
    module: str,
    *arguments: str,
    data: Path,
    prefix: tuple[str, ...] = (),
    seconds: float = PATIENCE_SECONDS,
    **more: str,
) -> Any:  # noqa: ANN401
    """Run `python -m MODULE` to its end and return the JSON on its last line."""
    done = subprocess.run(
        [*prefix, sys.executable, "-m", module, *arguments],
        env=environment(data, **more),
        stdout=subprocess.PIPE,
        timeout=seconds,
        check=True,
    )
    return msgspec.json.decode(done.stdout.splitlines()[-1])


class Server:
    """A server that says where it answers, or else `ready`; ends with the block. What it says goes to `log`."""

    def __init__(
        self, *command: str, data: Path, log: Path | None = None, ready: str = ADDRESS, **more: str
    ) -> None:
        self._log = log.open("a") if log else sys.stderr
        self.process = subprocess.Popen(
            command,
            env=environment(data, **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.port = self._announced_port(ready)
        # Read on, or a server with much to say would wait for us.
        threading.Thread(target=self._pass_on, daemon=True).start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(5)

    @property
    def cpu(self) -> float:
        """Return the seconds of processor time that the server and its children took so far."""
        ticks = 0
        for file in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = file.read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12]) if int(fields[3]) == self.process.pid else 0
        return ticks / os.sysconf("SC_CLK_TCK")

    @property
    def resident(self) -> int:
        """Return the memory of the process now, in bytes."""
        return resident(self.process.pid)

    def _pass_on(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._log.write(line)
            self._log.flush()

    def _announced_port(self, ready: str) -> int:
        assert self.process.stdout is not None
        said = ""
        for line in self.process.stdout:
            said += line
            if found := re.search(ready, line):
                return int(found.group(1)) if found.groups() else 0
        raise SystemExit(f"{' '.join(self.process.args)} ended:\n{said}")  # type: ignore[arg-type]


def resident(pid: int | str = "self", field: str = "VmRSS") -> int:
    """Return the memory of a process in bytes: now, (VmHWM) at its highest, or (RssAnon) without mapped files."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE)
    assert found is not None
    return int(found.group(1)) * 1024
