"""Log lines: as text and as JSON, with the request they belong to, and without secrets, even planted ones."""

from __future__ import annotations

import errno
import json
import logging
import re
import sys
from pathlib import Path

import httpx2
import pytest
from django.test import Client
from processes import Running, prepared, stint

from stint.sandbox.server import BackgroundSandbox
from stint.server.logs import FullDisk, JsonLines, Lines, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer stint_abc123", "Authorization: Bearer ***"),
        ("{'authorization': 'Basic YWJjOmFwaV90b2tlbg=='}", "{'authorization': 'Basic ***'}"),
        ("smtp://post:hunter22@mail.example.com:25", "smtp://post:***@mail.example.com:25"),
        ("postgres://u:p%40ss@db/stint is away", "postgres://u:***@db/stint is away"),
        ('{"api_token": "0123", "name": "x"}', '{"api_token": "***", "name": "x"}'),
        ("password=hunter22&next=/", "password=***&next=/"),
        ("GET /setup/kn7iGih6NW41tZ0qb0erkuF6BHOh8CNz", "GET /setup/***"),
        ("0123456789abcdef0123456789abcdef:api_token", "***:api_token"),
        ("The task 12 was archived", "The task 12 was archived"),
        (
            "https://api.track.toggl.com/api/v9/me answered 500",
            "https://api.track.toggl.com/api/v9/me answered 500",
        ),
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


def record(message: str, *, fault: bool = False) -> logging.LogRecord:
    info = None
    if fault:
        try:
            raise OSError("no way to smtp://post:hunter22@mail.example.com")
        except OSError:
            info = sys.exc_info()
    return logging.LogRecord("stint.test", logging.ERROR, "here.py", 1, message, (), info)


def test_a_fault_is_told_without_the_secret_in_it() -> None:
    line = Lines().format(record("It failed", fault=True))
    assert "ERROR stint.test: It failed" in line
    assert "OSError: no way to smtp://post:***@mail.example.com" in line


def test_a_full_disk_is_told_in_one_line() -> None:
    try:
        raise OSError(errno.ENOSPC, "No space left on device")
    except OSError:
        full = logging.LogRecord(
            "stint.test", logging.ERROR, "a.py", 1, "%s failed", ("A sync",), sys.exc_info()
        )
    other = record("It failed", fault=True)

    assert all(FullDisk().filter(each) for each in (full, other))
    assert Lines().format(full).endswith("A sync failed: [Errno 28] No space left on device")
    assert "Traceback" in Lines().format(other)


def test_a_json_line_is_one_object() -> None:
    told = json.loads(JsonLines().format(record("Über alles\nand more", fault=True)))
    assert told["level"] == "ERROR"
    assert told["logger"] == "stint.test"
    assert told["message"] == "Über alles\nand more"
    assert "hunter22" not in told["fault"]
    assert "request" not in told


def test_the_answer_tells_the_request_and_so_do_its_lines(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    handler = logging.StreamHandler()
    lines: list[str] = []
    handler.emit = lambda each: lines.append(JsonLines().format(each))  # type: ignore[method-assign]
    requests = logging.getLogger("stint.requests")
    with caplog.at_level(logging.INFO, "stint.requests"):
        requests.addHandler(handler)
        answer = client.get("/healthz", headers={"X-Request-Id": "proxy-7f3a9b2c"})
        requests.removeHandler(handler)
    assert answer.headers["X-Request-Id"] == "proxy-7f3a9b2c"
    (told,) = map(json.loads, lines)
    assert told["request"] == "proxy-7f3a9b2c"
    assert told["status"] == 200
    assert told["route"] == "/healthz"


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "a b c d e f g", "<script>1234"])
def test_an_id_that_is_none_is_replaced(client: Client, given: str) -> None:
    answer = client.get("/healthz", headers={"X-Request-Id": given})
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["X-Request-Id"])


def test_no_planted_secret_reaches_the_log_at_its_most_talkative(tmp_path: Path) -> None:
    password = "planted-password-1"
    made = stint(
        *("admin", "create", "--email", "ada@example.com", "--name", "Ada", "--account", "A"),
        *("--password-stdin", "--json"),
        data=prepared(tmp_path),
        stdin=password,
    )
    token = json.loads(made.stdout)["api_token"]
    with (
        BackgroundSandbox(seed="small") as sandbox,
        Running(
            *("up", "--port", "0"),
            data=tmp_path,
            STINT_TOGGL_API_URL=sandbox.url,
            STINT_LOG_LEVEL="DEBUG",
            STINT_LOG_REQUESTS="on",
            EMAIL_URL="smtp://post:planted-password-2@127.0.0.1:1",
        ) as running,
        httpx2.Client(base_url=running.url, timeout=60) as client,
    ):
        bearer = {"Authorization": f"Bearer {token}"}
        wrong = "f" * 32
        for toggl in (wrong, sandbox.token):
            client.post("/api/v1/integrations/toggl", json={"api_token": toggl}, headers=bearer)
        client.post("/api/v1/invitations", json={"emails": ["new@example.com"]}, headers=bearer)
        client.get("/api/v1/me", headers={"Authorization": "Bearer planted-password-3"})
        client.get("/login")
        form = {"login": "ada@example.com", "csrfmiddlewaretoken": client.cookies["stint_csrf"]}
        client.post("/login", data=form | {"password": "planted-password-4"})
        assert client.post("/login", data=form | {"password": password}).status_code == 302
        session = client.cookies["stint_session"]
        running.stop()
        running.line("stint.requests.*POST /login 302")
    said = "\n".join(running.said)
    for secret in (token, sandbox.token, wrong, session, "planted-password"):
        assert secret not in said
