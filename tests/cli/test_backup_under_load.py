"""A backup made while people work is one instant of the database, and restored on a bare machine it is the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from processes import Running, stint
from stored import Database, Rows, empty, loaded
from upgrades.storing import TOKEN

import stint as package

pytestmark = pytest.mark.database
WRITERS = 3


class Writer(threading.Thread):
    """Adds entries and edits each of them once, until told to stop; `edited` are the ids whose edit was answered."""

    def __init__(self, url: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._url, self._stop_asked = url, stop
        self.edited: list[str] = []
        self.fault: Exception | None = None

    def run(self) -> None:
        try:
            with httpx2.Client(
                base_url=f"{self._url}/api/v1", headers={"Authorization": f"Bearer {TOKEN}"}
            ) as client:
                while not self._stop_asked.is_set():
                    self._write(client)
        except Exception as fault:
            self.fault = fault

    def _write(self, client: httpx2.Client) -> None:
        body = {"day": "2026-04-01", "seconds": 60, "note": "added"}
        made = client.post("/entries", json=body).raise_for_status().json()
        client.patch(f"/entries/{made['id']}", json={"note": "edited"}).raise_for_status()
        self.edited.append(made["id"])


@contextmanager
def load(url: str) -> Iterator[Callable[[], set[str]]]:
    """Have people write meanwhile; yields what tells which edits were answered so far."""
    stop = threading.Event()
    writers = [Writer(url, stop) for _each in range(WRITERS)]

    def edited() -> set[str]:
        return {id_ for writer in writers for id_ in writer.edited}

    for writer in writers:
        writer.start()
    try:
        yield edited
    finally:
        stop.set()
        for writer in writers:
            writer.join(30)
            assert writer.fault is None


def restored(backup: Path, folder: Path) -> Rows:
    with empty(folder) as bare:
        done = stint("restore", str(backup), data=folder, **bare.variables)
        assert done.returncode == 0, done.stderr
        return bare.rows()


def test_a_backup_under_load_is_one_instant_and_one_at_rest_is_equal_row_by_row(tmp_path: Path) -> None:
    busy, rest = tmp_path / "busy.backup", tmp_path / "rest.backup"
    with loaded(package.__version__, tmp_path / "data") as database:
        with Running("up", "--port", "0", data=database.folder, **database.variables) as running:
            with load(running.url) as edited:
                while len(edited()) < WRITERS:
                    threading.Event().wait(0.02)
                before = edited()
                _back_up(database, busy)
                during = edited()
            running.stop()
        _back_up(database, rest)
        live = database.rows()

    assert len(during) > len(before), "nothing was written while the backup was made"
    instant = restored(busy, tmp_path / "one")
    entries = {str(row["id"]): row for row in _named(instant, "entries_entry")}
    histories = {str(row["entry_id"]) for row in _named(instant, "entries_entrychange")}
    assert {_plain(id_) for id_ in before} <= {_plain(id_) for id_ in histories}
    for id_, entry in entries.items():
        if entry["note"] in ("added", "edited"):
            assert (entry["note"] == "edited") == (id_ in histories), (
                "an edit without its history, or the reverse"
            )
    assert set(map(str, instant["tasks_task"][1])) == set(map(str, live["tasks_task"][1]))
    assert restored(rest, tmp_path / "two") == live


def _back_up(database: Database, target: Path) -> None:
    made = stint("backup", str(target), data=database.folder, **database.variables)
    assert made.returncode == 0, made.stderr


def _named(rows: Rows, table: str) -> list[dict[str, Any]]:
    columns, found = rows[table]
    return [dict(zip(columns, row, strict=True)) for row in found]


def _plain(id_: str) -> str:
    return id_.replace("-", "")
