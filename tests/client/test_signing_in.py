"""`stint login` without a token: somebody allows it in the browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from stint.cli import connecting
from stint.cli.app import app
from stint.client import server
from stint.client.credentials import Credentials

from .conftest import Stand, answer

ME = {
    "id": 7,
    "name": "Ada",
    "email": "ada@example.com",
    "timezone": "UTC",
    "account": {"id": 1, "name": "AE"},
}
PAGE = "http://stint/connect?code=AB-CD"


def said(body: Any, status: int = 200) -> Any:
    kind = "application/json" if status < 400 else "application/problem+json"
    return answer(status, json.dumps(body).encode(), kind)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that were opened in a browser."""
    pages: list[str] = []
    monkeypatch.setattr(connecting.webbrowser, "open", pages.append)
    monkeypatch.setattr(connecting.time, "sleep", lambda _seconds: None)
    return pages


def login(stand: Stand, config: Path, *answers: Any, page: str = PAGE) -> Result:
    begun = {"secret": "s", "code": "AB-CD", "page": page, "interval": 1}
    stand.answers = [said(begun, 201), *answers]
    environment = {"STINT_CONFIG": str(config), "STINT_TOKEN": ""}
    return CliRunner().invoke(app, ["login", stand.address, "--browser"], env=environment)


def test_the_page_is_opened_and_its_answer_waited_for(
    stand: Stand, opened: list[str], tmp_path: Path
) -> None:
    timer = {"entry": None, "now": "2026-11-23T09:00:00Z"}
    pending, allowed = said({"status": "pending"}), said({"status": "allowed", "token": "secret"})
    done = login(stand, tmp_path, pending, said({}, 503), allowed, said(ME), said({"items": []}), said(timer))
    assert (done.exit_code, opened) == (0, [PAGE])
    assert "if it shows the code AB-CD" in done.stderr
    signed_in = Credentials(tmp_path).login()
    assert signed_in is not None
    assert signed_in.user_id == 7
    assert stand.heard[-1][2]["Authorization"] == "Bearer secret"


@pytest.mark.parametrize(
    ("told", "why"),
    [(said({"status": "denied"}), "not allowed"), (said({"detail": "No."}, 404), "took too long")],
    ids=["denied", "late"],
)
def test_who_is_not_let_in_is_told(
    stand: Stand, opened: list[str], tmp_path: Path, told: Any, why: str
) -> None:
    done = login(stand, tmp_path, told)
    assert (done.exit_code, why in done.stderr) == (1, True)
    assert Credentials(tmp_path).login() is None


def test_only_pages_are_opened(stand: Stand, opened: list[str], tmp_path: Path) -> None:
    assert login(stand, tmp_path, said({}), page="file:///etc/passwd").exit_code == 1
    assert opened == []


def test_a_script_without_a_token_does_not_wait_for_a_browser(stand: Stand, tmp_path: Path) -> None:
    stand.answers = [said({})]
    done = CliRunner().invoke(
        app, ["login", stand.address], env={"STINT_CONFIG": str(tmp_path), "STINT_TOKEN": ""}
    )
    assert (done.exit_code, stand.heard) == (2, [])


OWN = {"id": 3, "name": connecting.own_name(), "hint": "cret"}


@pytest.mark.parametrize(
    ("answers", "asked", "told"),
    [
        ([said({"items": [OWN]}), said({})], ["GET /me/tokens", "DELETE /me/tokens/3"], ""),
        ([said({}, 401)], ["GET /me/tokens"], ""),
        ([said({}, 503)], ["GET /me/tokens"] * 3, "still works, because the server could not be told"),
        ([said({"items": [OWN]}), said({}, 500)], ["GET /me/tokens", "DELETE /me/tokens/3"], "still works"),
        ([said({"items": [OWN | {"name": "Nightly"}]})], ["GET /me/tokens"], "not made for this program"),
        ([said({"items": [OWN | {"hint": "else"}]})], ["GET /me/tokens"], "not made for this program"),
    ],
    ids=["own", "void already", "away", "refused", "made by hand", "of another machine of that name"],
)
def test_signing_out_voids_a_token_of_its_own_and_says_where_one_still_works(
    stand: Stand,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answers: list[Any],
    asked: list[str],
    told: str,
) -> None:
    monkeypatch.setattr(server.time, "sleep", lambda _seconds: None)
    stand.answers = [said(ME)]
    Credentials(tmp_path).sign_in(stand.address, "secret", "cli")
    stand.answers, stand.heard = answers, []
    done = CliRunner().invoke(app, ["logout"], env={"STINT_CONFIG": str(tmp_path)})
    assert done.exit_code == 0
    assert [f"{method} {path.removeprefix('/api/v1')}" for method, path, _headers in stand.heard] == asked
    assert told in done.stderr
    assert bool(told) == bool(done.stderr)
    assert Credentials(tmp_path).server("cli") is None
    assert "secret" not in (tmp_path / "tokens.json").read_text()
