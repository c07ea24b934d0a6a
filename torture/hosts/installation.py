"""Stint spread over hosts: PostgreSQL, a stand-in for Toggl, web hosts and workers, each on a host of its own."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import psycopg

from tools import with_postgres
from torture.hosts.network import NETWORK, Host, Stuck, await_line, hosts

STINT = Path(sys.executable).with_name("stint")
NAMES = ("database", "toggl", "web1", "web2", "worker1", "worker2")
WEB_PORT, LIVE_PORT, SANDBOX_PORT, POSTGRES_PORT = 8000, 8002, 8001, 5432
SEED = "team"


class Installation:
    """Stint on six hosts that share nothing but PostgreSQL and the secret key."""

    def __init__(self, all_hosts: dict[str, Host]) -> None:
        self.hosts = all_hosts
        self.database, self.toggl = all_hosts["database"], all_hosts["toggl"]
        self.web1, self.web2 = all_hosts["web1"], all_hosts["web2"]
        self.worker1, self.worker2 = all_hosts["worker1"], all_hosts["worker2"]
        self._password = secrets.token_hex(16)
        self._variables = {
            "DATABASE_URL": f"postgres://stint:{self._password}@{self.database.address}:{POSTGRES_PORT}/postgres",
            "STINT_SECRET_KEY": secrets.token_hex(32),
            "STINT_TOGGL_API_URL": self.sandbox_url,
            "STINT_TOGGL_REQUESTS_PER_SECOND": "100",
        }

    @property
    def sandbox_url(self) -> str:
        """Where the stand-in for Toggl answers."""
        return f"http://{self.toggl.address}:{SANDBOX_PORT}"

    def start(self) -> None:
        """Start everything but the workers; returns once all of it answers."""
        self._start_postgres()
        serve = f"from stint.sandbox.server import run; run('{self.toggl.address}', {SANDBOX_PORT}, '{SEED}')"
        self.toggl.start(sys.executable, "-c", serve)
        await_line(self.toggl, "API token")
        self.stint(self.web1, "migrate")
        for host in (self.web1, self.web2):
            self.start_web(host)

    def start_web(self, host: Host) -> None:
        """Start pages, API and event streams on a host."""
        self._start(host, "web", "--host", "0.0.0.0", "--port", str(WEB_PORT), "--workers", "1")
        self._start(host, "live", "--host", "0.0.0.0", "--port", str(LIVE_PORT))
        await_line(host, "event streams are at")
        until_ready(web_url(host))

    def start_worker(self, host: Host) -> None:
        """Start background work on a host."""
        self._start(host, "worker")
        await_line(host, "worker is running")

    def stint(self, host: Host, *arguments: str) -> str:
        """Run a command of Stint on a host to its end and return what it said."""
        return host.run(STINT, *arguments, **self._variables)

    def ask(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the database from beside it, whatever cable is pulled."""
        with self.connection() as connection:
            cursor = connection.execute(sql, parameters)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def connection(self) -> psycopg.Connection[tuple[Any, ...]]:
        """Return a connection to the database over its socket, whatever cable is pulled."""
        return psycopg.connect(
            host=str(self.database.data), port=POSTGRES_PORT, user="stint",
            password=self._password, dbname="postgres", autocommit=True,
        )  # fmt: skip

    def waits_for_a_lock(self, host: Host) -> bool:
        """Tell whether a statement of the host waits for a lock of the database."""
        waiting = "SELECT 1 FROM pg_stat_activity WHERE client_addr = %s AND wait_event_type = 'Lock'"
        return bool(self.ask(waiting, host.address))

    def sandbox(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        """Make one of the sandbox's own calls (see stint.sandbox.control)."""
        answer = httpx2.request(method, f"{self.sandbox_url}/sandbox/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def administrator(self, number: int) -> Client:
        """Make an account with its Administrator."""
        name = f"Account {number}"
        said = self.stint(
            self.web1, "admin", "create", "--email", f"admin{number}@example.com", "--name", "Ada",
            "--account", name, "--json",
        )  # fmt: skip
        made = msgspec.json.decode(said)
        return Client(made["account_id"], made["user_id"], made["api_token"])

    def _start(self, host: Host, *arguments: str) -> None:
        host.start(STINT, *arguments, **self._variables)

    def _start_postgres(self) -> None:
        binaries, folder = with_postgres.programs(), self.database.data
        assert binaries is not None
        rights = with_postgres.unprivileged()
        with_postgres.initialise(binaries, folder, self._password, rights)
        with (folder / "cluster" / "pg_hba.conf").open("a") as admitted:
            admitted.write(f"host all all {NETWORK}.0/24 scram-sha-256\n")
        settings = with_postgres.SERVER_OPTIONS | {
            "listen_addresses": self.database.address,
            "port": str(POSTGRES_PORT),
            "unix_socket_directories": str(folder),
            "log_lock_waits": "on",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        ids = [f"--reuid={rights['user']}", f"--regid={rights['group']}", "--clear-groups"]
        self.database.start("setpriv", *ids, binaries / "postgres", "-D", folder / "cluster", *options)
        await_line(self.database, "ready to accept connections")


class Client:
    """Somebody with an API token, who may ask any web host."""

    def __init__(self, account_id: int, user_id: int, token: str) -> None:
        self.account_id, self.user_id = account_id, user_id
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(
        self, host: Host, method: str, path: str, body: object = None, seconds: float = 60
    ) -> httpx2.Response:
        """Ask one web host."""
        return httpx2.request(
            method, f"{web_url(host)}/api/v1{path}", headers=self.headers, json=body, timeout=seconds
        )

    def told(self, host: Host, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401
        """Ask one web host and return what it answered; a refusal ends the run."""
        answer = self.ask(host, method, path, body)
        if not answer.is_success:
            raise Stuck(f"{method} {path} at {host.name}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None


def web_url(host: Host) -> str:
    """Where a web host's pages and API answer."""
    return f"http://{host.address}:{WEB_PORT}"


def live_url(host: Host) -> str:
    """Where a web host's event streams answer."""
    return f"http://{host.address}:{LIVE_PORT}"


def until_ready(url: str) -> None:
    """Return once a web host says that it is ready."""
    with httpx2.Client(transport=httpx2.HTTPTransport(retries=8), timeout=30) as client:
        answer = client.get(f"{url}/readyz")
    if answer.status_code != 200:
        raise Stuck(f"{url} is not ready: {answer.text}")


@contextmanager
def installation() -> Iterator[Installation]:
    """Yield Stint on its hosts, started but for the workers."""
    with hosts(*NAMES) as made:
        installed = Installation(made)
        installed.start()
        yield installed
