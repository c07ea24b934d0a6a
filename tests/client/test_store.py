"""Where the queue is kept: what damage, a full disk and two processes do to it."""

from __future__ import annotations

import json
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from stint.client.queue import Queue
from stint.client.server import Reply, Request
from stint.client.state import Act, State
from stint.client.store import NotKept, Store


class Away:
    """A server that cannot be reached."""

    whose = "https://stint.example.com 1"

    def send(self, request: Request) -> Reply:
        return Reply(0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "queue.sqlite3"


def queued(state: State) -> list[str]:
    return [act.id for act in state.acts]


def test_what_was_done_is_there_in_the_next_process_and_nobody_elses_to_read(path: Path) -> None:
    first = Queue(path, Away())
    first.start({"note": "Draft", "tags": ["web"]})
    first.edit("E", {"note": "New"})
    first.flush()
    second = Queue(path, Away())
    assert second.state == first.state
    assert second.state.queued == 2
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_each_person_has_their_own(path: Path) -> None:
    Queue(path, Away()).start()
    other = Away()
    other.whose = "https://stint.example.com 2"
    assert Queue(path, other).state.queued == 0


@pytest.mark.parametrize("damage", ["no database", "torn", "no json", "another shape"])
def test_a_damaged_file_is_set_aside_and_told(path: Path, damage: str) -> None:
    Queue(path, Away()).start()
    match damage:
        case "no database":
            path.write_bytes(b"x" * 5000)
        case "torn":
            path.write_bytes(path.read_bytes()[:4100])
        case "no json" | "another shape":
            with sqlite3.connect(path) as database:
                database.execute(
                    "UPDATE queue SET state = ?", ["{" if damage == "no json" else '{"shape": 9}']
                )
            database.close()
    was = path.read_bytes()
    queue = Queue(path, Away())
    queue.start()
    (notice,) = queue.state.notices
    assert notice.kind == "damaged"
    aside = Path(notice.detail or "")
    assert aside.name.startswith("queue.damaged-")
    assert aside.read_bytes() == was
    assert Queue(path, Away()).state.queued == 1


def test_what_cannot_be_kept_is_told_and_sent_all_the_same(path: Path) -> None:
    sent: list[str] = []

    class There(Away):
        def send(self, request: Request) -> Reply:
            sent.append(request.path)
            body = request.body or {}
            entry = {**body, "end": None, "version": 1}
            now = "2026-11-23T09:00:00Z"
            return Reply(200, {"entry": None, "now": now} if request.method == "GET" else entry)

    path.parent.write_text("a file where the folder should be")
    queue = Queue(path, There())
    queue.start()
    assert queue.state.unkept
    assert queue.state.queued == 1
    assert queue.flush() is None
    assert sent == ["/timer", "/timer/start"]
    assert queue.state.queued == 0


def test_a_full_disk_is_no_damage(path: Path) -> None:
    store = Store(path, "me")
    store.change(lambda state: replace(state, acts=(Act("remove", "A", {}),)))
    with sqlite3.connect(path) as database:
        pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.close()
    opened = store._open

    def full() -> sqlite3.Connection:
        database = opened()
        database.execute(f"PRAGMA max_page_count = {pages}")
        return database

    store._open = full  # type: ignore[method-assign]
    with pytest.raises(NotKept, match="full"):
        store.change(lambda state: replace(state, acts=(Act("add", "B", {"note": "x" * 100_000}),)))
    assert queued(Store(path, "me").read()) == ["A"]
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_two_processes_lose_nothing_of_each_other(path: Path) -> None:
    def many(prefix: str) -> None:
        queue = Queue(path, Away())
        for number in range(20):
            queue.remove(f"{prefix}{number}")

    threads = [threading.Thread(target=many, args=(prefix,)) for prefix in "ABC"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(queued(Store(path, Away.whose).read()))) == 60


def test_one_sends_at_a_time(path: Path) -> None:
    store = Store(path, "me")
    with store.turn(0) as first, store.turn(0) as second:
        assert (first, second) == (True, False)
    with store.turn(0) as third:
        assert third


def test_what_is_kept_is_plain_json(path: Path) -> None:
    Queue(path, Away(), new_id=lambda: "A").remove("B")
    with sqlite3.connect(path) as database:
        (state,) = database.execute("SELECT state FROM queue").fetchone()
    database.close()
    assert json.loads(state)["acts"][0]["kind"] == "remove"
