"""Run a command with `DATABASE_URL` naming a PostgreSQL server of its own, which ends with the command.

    with_postgres.py COMMAND...    run it; the exit code is the command's
    with_postgres.py --check       exit 0 where the server's programs are installed

The cluster lives in a temporary folder, listens on a free loopback port only and keeps nothing safe
from a power cut, which a test does not need. PostgreSQL refuses to run as root: root's cluster is run
by `postgres` or `nobody`.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 30
SERVER_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "listen_addresses": "127.0.0.1",
}


def programs() -> Path | None:
    """Return the folder of the newest server's programs, or None."""

    def version(folder: Path) -> float:
        return float(folder.parent.name)

    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True)
    on_path = shutil.which("postgres")
    for folder in [*debian, *([Path(on_path).resolve().parent] if on_path else [])]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def unprivileged() -> dict[str, Any]:
    """Return the arguments of `subprocess` that make a child run without root's rights."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    sys.exit("with_postgres: neither postgres nor nobody is a user here")


def free_port() -> int:
    """Return a loopback port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def initialise(binaries: Path, folder: Path, password: str, rights: dict[str, Any]) -> None:
    """Make an empty cluster whose superuser `stint` signs in with `password`."""
    secret = folder / "password"
    secret.write_text(password)
    if rights:
        for path in (folder, secret):
            os.chown(path, rights["user"], rights["group"])
    command: list[str | Path] = [binaries / "initdb", "--pgdata", folder / "cluster", "--pwfile", secret]
    options = [
        "--username",
        "stint",
        "--auth",
        "scram-sha-256",
        "--encoding",
        "UTF8",
        "--locale",
        "C.UTF-8",
        "--no-sync",
    ]
    subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL, cwd=folder, **rights)


def await_answer(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return when the server accepts connections; exit with its log when it does not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0 and "ready to accept" in log.read_text():
                return
        time.sleep(0.05)
    sys.exit(f"with_postgres: the server did not start\n{log.read_text()}")


@contextmanager
def cluster(binaries: Path) -> Iterator[str]:
    """Yield the address of a fresh server; stop and erase it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="stint-postgres-"))
    rights, password, port = unprivileged(), secrets.token_hex(16), free_port()
    server: subprocess.Popen[bytes] | None = None
    try:
        initialise(binaries, folder, password, rights)
        settings = SERVER_OPTIONS | {"port": str(port), "unix_socket_directories": str(folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = folder / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                [binaries / "postgres", "-D", folder / "cluster", *options],
                stdout=output,
                stderr=output,
                cwd=folder,
                # Its own group: Ctrl-C is for the command, which may still want its database.
                start_new_session=True,
                **rights,
            )
        await_answer(server, port, log)
        yield f"postgres://stint:{password}@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)
            server.wait(PATIENCE_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Carry out the command line and return the exit code."""
    binaries = programs()
    if arguments == ["--check"]:
        return 0 if binaries else 1
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    if binaries is None:
        print("with_postgres: no PostgreSQL server is installed", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster(binaries) as address:
        command = subprocess.Popen(arguments, env=os.environ | {"DATABASE_URL": address})
        try:
            return command.wait()
        finally:
            if command.poll() is None:
                command.terminate()
                command.wait(PATIENCE_SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
