"""Events between processes on one database."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
import pytest
from processes import Running, prepared, stint


@pytest.mark.parametrize("name", ["data", "a-long-name" * 12])
def test_a_change_made_by_one_process_is_told_by_another(tmp_path: Path, name: str) -> None:
    data = prepared(tmp_path / name)
    made = stint(
        *("admin", "create", "--email", "ada@example.com", "--name", "Ada", "--account", "Acme", "--json"),
        data=data,
    )
    headers = {"Authorization": f"Bearer {json.loads(made.stdout)['api_token']}"}
    with Running("live", "--port", "0", data=data) as live, Running("up", "--port", "0", data=data) as up:
        with httpx2.stream("GET", f"{live.url}/api/v1/events", headers=headers) as answer:
            lines = answer.iter_lines()
            assert next(lines).startswith("retry:")
            started = httpx2.post(f"{up.url}/api/v1/timer/start", headers=headers, json={"note": "x"})
            assert started.status_code == 201
            assert next(line for line in lines if line.startswith("event:")) == "event: timer"
        assert [process.stop() for process in (live, up)] == [0, 0]
    assert list((data / "stint.sqlite3.live").iterdir()) == []
