"""The client commands against a real server, which goes away and comes back."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from processes import Running, environment, prepared, stint
from typer.testing import CliRunner, Result

from stint.cli.app import app

ADA = ("--email", "ada@example.com", "--name", "Ada")


@dataclass
class Site:
    """A server that can be killed and started again on its port, and a person who is signed in from a terminal."""

    data: Path
    config: Path
    token: str
    running: Running
    url: str

    def run(self, *arguments: str) -> Result:
        """Run a command in this process: as one of its own it takes ten times as long."""
        return CliRunner().invoke(app, arguments, env={"STINT_CONFIG": str(self.config), "STINT_TOKEN": ""})

    def process(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return stint(*arguments, data=self.data, STINT_CONFIG=str(self.config))

    def json(self, *arguments: str) -> dict[str, Any]:
        done = self.run(*arguments, "--json")
        assert done.exit_code == 0, done.stderr
        return dict(json.loads(done.stdout))

    def api(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        answer = httpx2.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def kill(self) -> None:
        self.running.stop(signal.SIGKILL)

    def restart(self) -> None:
        self.running = Running("up", "--port", self.url.rpartition(":")[2], data=self.data)
        assert self.running.url == self.url


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = prepared(tmp_path_factory.mktemp("data"))
    zone = ("--timezone", "Europe/Berlin")
    made = stint("admin", "create", *ADA, "--account", "Analytical Engines", *zone, "--json", data=data)
    token = json.loads(made.stdout)["api_token"]
    running = Running("up", "--port", "0", data=data)
    site = Site(data, data, token, running, running.url)
    acme = site.api("POST", "/tasks", {"name": "Acme"})["id"]
    for name in ("Website", "Web design"):
        site.api("POST", "/tasks", {"name": name, "parent_id": acme})
    site.api("PUT", f"/tasks/{acme}/people/{site.api('GET', '/me')['id']}")
    yield site
    with site.running:
        pass


@pytest.fixture
def site(shared: Site, tmp_path: Path) -> Site:
    """A terminal of its own, signed in; nothing runs."""
    if shared.api("GET", "/timer")["entry"]:
        shared.api("POST", "/timer/stop")
    shared.config = tmp_path / "config"
    assert shared.run("login", shared.url, "--token", shared.token).exit_code == 0
    return shared


def test_a_timer_is_started_seen_and_stopped(site: Site) -> None:
    started = site.json("start", "acme website", "--note", "Draft", "--tag", "web", "--billable")
    entry = started["entry"]
    assert (entry["note"], entry["tags"], entry["billable"], entry["made_by"]) == (
        "Draft",
        ["web"],
        True,
        "cli",
    )
    assert (entry["end"], started["queued"]) == (None, 0)
    assert site.api("GET", "/timer")["entry"]["id"] == entry["id"]
    quick = json.loads(site.process("status", "--json").stdout)
    assert quick == {"entry": {**entry, "seconds": quick["entry"]["seconds"]}, "queued": 0}
    assert site.run("status").stdout.startswith("Acme / Website (Draft), 0:00:")
    stopped = site.json("stop")["entry"]
    assert stopped == {**stopped, "id": entry["id"], "end": stopped["end"]}
    assert site.api("GET", f"/entries/{entry['id']}") == stopped
    assert site.json("status") == {"entry": None, "queued": 0}


def test_stopping_nothing_fails(site: Site) -> None:
    done = site.run("stop", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (1, {"entry": None, "queued": 0})
    assert done.stderr == "stint: no timer is running\n"


def test_a_name_that_several_tasks_have_lists_them(site: Site) -> None:
    done = site.run("start", "web")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Acme / Website" in done.stderr
    assert "Acme / Web design" in done.stderr
    assert site.run("start", "no such task").exit_code == 2
    assert site.json("status")["entry"] is None


def test_time_is_added_as_people_type_it(site: Site) -> None:
    added = site.json("add", "website", "9", "10.30am", "--day", "2026-11-20", "--note", "Call")
    entry = added["entry"]
    assert (entry["start"], entry["end"]) == ("2026-11-20T08:00:00Z", "2026-11-20T09:30:00Z")  # in Berlin
    assert site.json("add", "", "10pm", "+4h30", "--day", "2026-11-20")["entry"]["seconds"] == 16_200
    exact = site.json("add", "web design", "2026-11-21T09:00", "2026-11-21T11:00:00Z")["entry"]
    assert (exact["start"], exact["seconds"]) == ("2026-11-21T08:00:00Z", 10_800)
    listed = site.json("log", "--from", "2026-11-20", "--to", "2026-11-21")
    assert [found["id"] for found in listed["items"]] == [exact["id"], listed["items"][1]["id"], entry["id"]]
    shown = site.run("log", "--from", "2026-11-20", "--to", "2026-11-20").stdout
    assert shown.splitlines() == [
        "2026-11-20 Fri  6:00",
        "  09:00-10:30   1:30  Acme / Website  Call",
        "  22:00-02:30   4:30  No task",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "website", "25", "9"),
        ("add", "website", "9", "8"),
        ("add", "website", "9", "10", "--day", "soon"),
        ("log", "--from", "soon"),
        ("start", "--note", "x" * 3001),
        ("login", "https://stint.example.com/path", "--token", "x"),
        ("queue", "--retry", "4"),
    ],
    ids=lambda arguments: " ".join(arguments)[:30],
)
def test_bad_input_is_one_line_and_exit_2(site: Site, arguments: tuple[str, ...]) -> None:
    done = site.run(*arguments)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert site.json("queue") == {"queued": 0, "refused": []}


def test_tasks_are_listed_and_completed_without_a_server(site: Site) -> None:
    assert site.run("tasks").stdout.splitlines() == ["Acme", "Acme / Web design", "Acme / Website"]
    assert [task["name"] for task in site.json("tasks", "design")["items"]] == ["Web design"]
    completed = subprocess.run(
        [Path(sys.executable).with_name("stint")],
        env=environment(
            site.data,
            STINT_CONFIG=str(site.config),
            _STINT_COMPLETE="complete_bash",
            COMP_WORDS="stint start We",
            COMP_CWORD="2",
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.stdout.split() == ["Web/design", "Website"]


def test_nobody_signed_in_is_told_how(tmp_path: Path) -> None:
    done = stint("status", data=tmp_path, STINT_CONFIG=str(tmp_path / "empty"))
    assert done.returncode == 1
    assert "stint login URL" in done.stderr


def test_a_wrong_token_or_server_is_told_and_keeps_the_sign_in_that_was(site: Site) -> None:
    assert "does not know this token" in site.run("login", site.url, "--token", "wrong").stderr
    away = site.run("login", "http://127.0.0.1:1", "--token", "x")
    assert (away.exit_code, "nothing answers" in away.stderr) == (1, True)
    assert site.run("status").exit_code == 0
    assert (site.config / "tokens.json").stat().st_mode & 0o077 == 0


def test_a_revoked_token_keeps_what_was_done_until_the_next_sign_in(site: Site) -> None:
    made = site.api("POST", "/me/tokens", {"name": "Terminal"})
    site.run("login", site.url, "--token", made["token"])
    site.api("DELETE", f"/me/tokens/{made['id']}")
    kept = site.run("start", "website")
    assert (kept.exit_code, "1 kept here until then; run stint login" in kept.stderr) == (1, True)
    assert site.api("GET", "/timer")["entry"] is None
    assert site.run("login", site.url, "--token", site.token).exit_code == 0
    assert site.api("GET", "/timer")["entry"]["task_id"] is not None


def test_what_is_done_while_the_server_is_away_arrives_once_when_it_is_back(site: Site) -> None:
    before = site.json("start", "web design")["entry"]
    site.kill()
    try:
        started = site.run("start", "website", "--note", "Train", "--json")
        assert started.exit_code == 0
        assert "2 kept here" in started.stderr
        entry = json.loads(started.stdout)["entry"]
        assert site.json("status")["entry"]["id"] == entry["id"]
        stopped = site.json("stop")
        assert (stopped["entry"]["id"], stopped["queued"]) == (entry["id"], 2)
        site.json("add", "web design", "9", "10", "--day", "2026-11-19")
        assert site.run("log").exit_code == 1
    finally:
        site.restart()
    assert site.json("status") == {"entry": None, "queued": 0}
    arrived = site.api("GET", f"/entries/{entry['id']}")
    assert (arrived["note"], arrived["start"], arrived["end"]) == (
        "Train",
        entry["start"],
        stopped["entry"]["end"],
    )
    assert site.api("GET", f"/entries/{before['id']}")["end"] == entry["start"]
    assert len(site.json("log", "--from", "2026-11-19", "--to", "2026-11-19")["items"]) == 1
    assert site.json("status")["queued"] == 0
