"""Hosts of their own on one machine: network namespaces on a bridge, whose cables can be pulled."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
NETWORK = "10.99.0"
OWN_ADDRESS = f"{NETWORK}.254"
"""Where this process stands on the network: it plays the clients."""
PATIENCE_SECONDS = 60
_OURS = ("STINT_", "DATABASE_URL", "EMAIL_URL", "DJANGO_")


def missing() -> str:
    """Return what stands against making hosts here; empty where nothing does."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if shutil.which("ip") is None or shutil.which("setpriv") is None:
        return "the programs ip (iproute2) and setpriv (util-linux) are not installed"
    tried = subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "this machine does not allow network namespaces"


class Stuck(Exception):
    """Something that has to happen did not; `str()` says what."""


class Host:
    """One host: an address, a folder of its own, and the processes that run on it."""

    def __init__(self, name: str, address: str, cable: str, data: Path) -> None:
        self.name, self.address, self.data = name, address, data
        self._cable = cable
        self._processes: list[subprocess.Popen[bytes]] = []

    def command(self, *command: str | Path) -> list[str]:
        """Return the command as one that runs on this host."""
        return ["ip", "netns", "exec", self.name, *map(str, command)]

    def start(self, *command: str | Path, **variables: str) -> subprocess.Popen[bytes]:
        """Start a program that goes on; what it says is in the file `log` of the host's folder."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                self.command(*command),
                env=self.environment(variables),
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.data,
            )
        self._processes.append(process)
        return process

    def run(self, *command: str | Path, **variables: str) -> str:
        """Run a program to its end and return what it said."""
        done = subprocess.run(
            self.command(*command),
            env=self.environment(variables),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise Stuck(f"{' '.join(map(str, command))} on {self.name} failed: {done.stderr}")
        return done.stdout

    @property
    def log(self) -> Path:
        """What its programs said."""
        return self.data / "log"

    def cut(self) -> None:
        """Pull its cable: packets are lost without a word in both directions."""
        _ip("link", "set", self._cable, "down")

    def mend(self) -> None:
        """Plug its cable in again."""
        _ip("link", "set", self._cable, "up")

    def pause(self, paused: bool) -> None:
        """Have everything on it hang while its network still answers, or go on."""
        for process in self._processes:
            os.killpg(process.pid, signal.SIGSTOP if paused else signal.SIGCONT)

    def kill(self) -> None:
        """End everything on it at once; with the cable pulled nobody hears of it."""
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE_SECONDS)
        self._processes.clear()

    def environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        """Return the variables of a program on this host."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        return {**kept, "STINT_DATA": str(self.data), "PYTHONUNBUFFERED": "1", **variables}


@contextmanager
def hosts(*names: str) -> Iterator[dict[str, Host]]:
    """Yield hosts by name, each reached from this process; nothing is left of them afterwards."""
    mark = f"st{os.getpid() % 100_000}"
    bridge = f"{mark}b"
    made: dict[str, Host] = {}
    with tempfile.TemporaryDirectory(prefix="stint-hosts-") as folder:
        Path(folder).chmod(0o755)
        # A run that is asked to end leaves nothing behind either.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        try:
            _ip("link", "add", bridge, "type", "bridge")
            _ip("address", "add", f"{OWN_ADDRESS}/24", "dev", bridge)
            _ip("link", "set", bridge, "up")
            for number, name in enumerate(names, 1):
                data = Path(folder) / name
                data.mkdir(mode=0o755)
                made[name] = host = Host(f"{mark}-{name}", f"{NETWORK}.{number}", f"{mark}v{number}", data)
                _plug_in(host.name, host.address, f"{mark}v{number}", bridge)
            yield made
        finally:
            for host in made.values():
                host.kill()
                _ip("netns", "delete", host.name, check=False)
            _ip("link", "delete", bridge, check=False)


def await_line(host: Host, text: str) -> None:
    """Return once a program of the host said `text`."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if host.log.exists() and text in host.log.read_text(errors="replace"):
            return
        time.sleep(0.05)
    raise Stuck(f"{host.name} did not say {text!r}: {host.log.read_text(errors='replace')[-2000:]}")


def _plug_in(name: str, address: str, cable: str, bridge: str) -> None:
    _ip("netns", "add", name)
    _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name)
    _ip("link", "set", cable, "master", bridge, "up")
    _ip("-n", name, "link", "set", "lo", "up")
    _ip("-n", name, "address", "add", f"{address}/24", "dev", "eth0")
    _ip("-n", name, "link", "set", "eth0", "up")


def _ip(*arguments: str, check: bool = True) -> None:
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
    if check and done.returncode != 0:
        raise Stuck(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
