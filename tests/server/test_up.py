"""`stint up` as a person starts it."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from processes import Running, prepared, stint


def test_it_answers_and_prints_the_first_run_link(tmp_path: Path) -> None:
    with Running("up", "--port", "0", data=tmp_path / "data") as running:
        url = running.url
        assert re.search(rf"{url}/setup/[\w-]{{20,}}", running.line("/setup/"))
        assert httpx2.get(f"{url}/healthz").json()["status"] == "ok"
        assert httpx2.get(f"{url}/readyz").status_code == 200
        assert running.stop() == 0
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o077 == 0


def test_it_prints_no_first_run_link_once_there_is_a_user(tmp_path: Path) -> None:
    prepared(tmp_path)
    _administrator(tmp_path)
    with Running("up", "--port", "0", data=tmp_path) as running:
        assert running.url
        assert running.stop() == 0
    assert not any("/setup/" in line for line in running.said)


def test_a_second_one_on_the_same_data_folder_is_refused(tmp_path: Path) -> None:
    prepared(tmp_path)
    with Running("up", "--port", "0", data=tmp_path) as running:
        assert running.url
        second = stint("up", "--port", "0", data=tmp_path)
        assert second.returncode == 1
        assert "already runs on" in second.stderr
        assert str(running.process.pid) in second.stderr
        assert len(second.stderr.strip().splitlines()) == 1
    with Running("up", "--port", "0", data=tmp_path) as after_a_kill:
        assert after_a_kill.url


@pytest.mark.parametrize("command", [("up", "--port", "0"), ("migrate",)])
def test_a_database_of_a_newer_stint_is_left_alone(tmp_path: Path, command: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(prepared(tmp_path) / "stint.sqlite3")) as database, database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('tasks', '9999_better', '2030-01-01')"
        )
    refused = stint(*command, data=tmp_path)
    assert refused.returncode == 1
    assert refused.stderr.startswith("stint: a newer Stint has migrated the database (tasks.9999_better)")
    assert refused.stderr.count("\n") == 1


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with Running("up", "--port", "0", data=prepared(tmp_path / "one")) as running:
        port = running.url.rpartition(":")[2]
        second = stint("up", "--port", port, data=prepared(tmp_path / "two"))
    assert second.returncode == 1
    assert second.stderr == (
        f"stint: port {port} on 127.0.0.1 is taken by another program; choose one with --port\n"
    )


@pytest.mark.parametrize("with_signal", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_seconds_with_an_event_stream_open(tmp_path: Path, with_signal: int) -> None:
    prepared(tmp_path)
    token = _administrator(tmp_path)
    with (
        Running("up", "--port", "0", data=tmp_path) as running,
        httpx2.stream(
            "GET", f"{running.url}/api/v1/events", headers={"Authorization": f"Bearer {token}"}
        ) as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        began = time.monotonic()
        assert running.stop(with_signal) == 0
        assert time.monotonic() - began < 10
        assert [line for line in lines if line.startswith("event:")] == []


def test_the_parts_serve_the_same_data_apart(tmp_path: Path) -> None:
    assert "Applied" in stint("migrate", data=tmp_path).stdout
    assert "up to date" in stint("migrate", data=tmp_path).stdout
    token = _administrator(tmp_path)
    headers = {"Authorization": f"Bearer {token}"}
    with (
        Running("web", "--port", "0", "--workers", "2", data=tmp_path) as web,
        Running("live", "--port", "0", data=tmp_path) as live,
        Running("worker", data=tmp_path) as worker,
    ):
        worker.line("worker is running")
        transport = httpx2.HTTPTransport(retries=8)
        with httpx2.Client(transport=transport) as client:
            url = web.url
            assert client.get(f"{url}/readyz").status_code == 200
            assert client.get(f"{url}/api/v1/me", headers=headers).json()["email"] == "ada@example.com"
            assert 'route="/readyz",status="200"} 1.0' in client.get(f"{url}/metrics").text
            with client.stream("GET", f"{live.url}/api/v1/events", headers=headers) as stream:
                assert stream.headers["content-type"].startswith("text/event-stream")
        assert [part.stop() for part in (worker, live, web)] == [0, 0, 0]


def _administrator(data: Path) -> str:
    made = stint(
        *("admin", "create", "--email", "ada@example.com", "--name", "Ada", "--account", "Acme", "--json"),
        data=data,
    )
    return str(json.loads(made.stdout)["api_token"])


def test_the_demo_prints_a_token_that_opens_its_sandbox(tmp_path: Path) -> None:
    prepared(tmp_path / "demo")
    with Running("up", "--port", "0", "--demo", data=tmp_path / "demo") as running:
        url = running.url
        sandbox = running.line(r"Toggl sandbox.*(http://127\.0\.0\.1:\d+)")
        token = running.line(r"Toggl API token\W+(\w+)")
        running.line("press Sync now")
        assert httpx2.get(f"{url}/readyz").status_code == 200
        assert httpx2.get(f"{sandbox}/api/v9/me", auth=(token, "api_token")).status_code == 200
        assert running.stop() == 0
