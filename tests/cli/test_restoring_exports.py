"""`stint restore` of an exported account."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
from processes import Running, prepared, stint

ADA = ("--email", "ada@example.com", "--name", "Ada")


def test_an_export_comes_back_on_a_bare_machine_and_its_administrator_gets_in(tmp_path: Path) -> None:
    there, here, file = tmp_path / "there", tmp_path / "here", tmp_path / "export.zip"
    made = stint("admin", "create", *ADA, "--account", "Acme", "--json", data=there)
    token = re.search(r'"api_token": "([\w-]+)"', made.stdout)
    assert token is not None
    headers = {"Authorization": f"Bearer {token[1]}"}
    with Running("up", "--port", "0", data=there) as running, httpx2.Client(headers=headers) as client:
        url = running.url
        assert client.post(f"{url}/api/v1/tasks", json={"name": "Website"}).status_code == 201
        file.write_bytes(client.get(f"{url}/api/v1/exports/account").content)

    restored = stint("restore", str(file), data=here)
    assert restored.returncode == 0, restored.stderr
    assert "2 people, tasks and time entries" in restored.stdout
    link = re.search(r"ada@example\.com\s+http://[^/]+(/\S+)", restored.stdout)
    assert link is not None
    with Running("up", "--port", "0", data=here) as running:
        url = running.url
        answer = httpx2.get(f"{url}{link[1]}", follow_redirects=True)
        assert 'name="password1"' in answer.text
        refused = httpx2.get(f"{url}/api/v1/me", headers=headers)
        assert refused.status_code == 401

    again = stint("restore", str(file), data=here)
    assert again.returncode == 1
    assert "an account already" in again.stderr
    assert "Traceback" not in again.stderr


def test_a_zip_that_is_no_export_is_refused_in_one_line(tmp_path: Path) -> None:
    data = prepared(tmp_path / "data")
    file = tmp_path / "other.zip"
    file.write_bytes(b"PK\x05\x06" + b"\0" * 18)
    refused = stint("restore", str(file), data=data)
    assert refused.returncode == 1
    assert refused.stderr.startswith("stint: This is no export")
    assert refused.stderr.count("\n") == 1
