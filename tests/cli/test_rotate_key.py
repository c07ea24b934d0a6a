"""`stint rotate-key`: what was stored stays readable, and who was let in stays in until the old key is forgotten."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from processes import Running, prepared, stint

from stint.sandbox.server import BackgroundSandbox

PASSWORD = "correct horse 42"


@pytest.fixture
def token(tmp_path: Path) -> str:
    made = stint(
        *("admin", "create", "--email", "ada@example.com", "--name", "Ada", "--account", "A"),
        *("--password-stdin", "--json"),
        data=prepared(tmp_path),
        stdin=PASSWORD,
    )
    return str(json.loads(made.stdout)["api_token"])


def stored(data: Path) -> str:
    with closing(sqlite3.connect(data / "stint.sqlite3")) as database:
        return str(database.execute("SELECT token_encrypted FROM integrations_integration").fetchone()[0])


def test_a_new_key_reads_what_the_old_one_stored_and_signs_nobody_out(tmp_path: Path, token: str) -> None:
    bearer = {"Authorization": f"Bearer {token}"}
    with BackgroundSandbox(seed="small") as sandbox:
        toggl = {"STINT_TOGGL_API_URL": sandbox.url}
        with (
            Running("up", "--port", "0", data=tmp_path, **toggl) as running,
            httpx2.Client(base_url=running.url, headers=bearer, timeout=60) as client,
        ):
            url = str(client.base_url)
            assert (
                client.post("/api/v1/integrations/toggl", json={"api_token": sandbox.token}).status_code
                == 201
            )
            client.post("/api/v1/invitations", json={"emails": ["new@example.com"]})
            (invited,) = client.get("/api/v1/invitations").json()["items"]
            session = _signed_in(url)
            in_use = stint("rotate-key", data=tmp_path)
            assert in_use.returncode == 1
            assert "already runs on" in in_use.stderr
        key, before = (tmp_path / "secret_key").read_text(), stored(tmp_path)

        rotated = stint("rotate-key", data=tmp_path)

        assert rotated.returncode == 0, rotated.stderr
        assert "1 stored secrets" in rotated.stdout
        new, old = (tmp_path / "secret_key").read_text().split()
        assert (old, new != key) == (key, True)
        assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
        assert stored(tmp_path) != before
        with (
            Running("up", "--port", "0", data=tmp_path, **toggl) as running,
            httpx2.Client(base_url=running.url, headers=bearer, timeout=60) as client,
        ):
            url = str(client.base_url)
            assert client.get("/api/v1/integrations/toggl").json()["status"] == "on"
            seen = client.get("/api/v1/invitations").json()["items"]
            assert seen[0]["link"].split("/")[-1] == invited["link"].split("/")[-1]
            assert (
                client.post("/api/v1/integrations/toggl/preview", json={"workspace_ids": []}).status_code
                == 200
            )
            assert _is_signed_in(url, session)

        assert stint("rotate-key", "--forget", data=tmp_path).returncode == 0

        assert (tmp_path / "secret_key").read_text() == new
        with (
            Running("up", "--port", "0", data=tmp_path, **toggl) as running,
            httpx2.Client(base_url=running.url, headers=bearer, timeout=60) as client,
        ):
            url = str(client.base_url)
            assert (
                client.post("/api/v1/integrations/toggl/preview", json={"workspace_ids": []}).status_code
                == 200
            )
            (link,) = [each["link"] for each in client.get("/api/v1/invitations").json()["items"]]
            assert httpx2.get(f"{url}/invitations/{link.split('/')[-1]}").status_code == 200
            assert not _is_signed_in(url, session)


def _signed_in(url: str) -> str:
    with httpx2.Client(base_url=url) as browser:
        browser.get("/login")
        form = {
            "login": "ada@example.com",
            "password": PASSWORD,
            "csrfmiddlewaretoken": browser.cookies["stint_csrf"],
        }
        assert browser.post("/login", data=form).status_code == 302
        return str(browser.cookies["stint_session"])


def _is_signed_in(url: str, session: str) -> bool:
    return httpx2.get(f"{url}/projects", cookies={"stint_session": session}).status_code == 200
