"""Which task is meant, without asking the server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stint.client.server import Refused, Server
from stint.client.tasks import Task, Tasks, matching, meant, typed

from .conftest import Stand, answer

TASKS: list[Task] = [
    {"id": 1, "path": ["Acme"]},
    {"id": 2, "path": ["Acme", "Website"]},
    {"id": 3, "path": ["Acme", "Website", "Draft"]},
    {"id": 4, "path": ["Bolt", "Old website"]},
    {"id": 5, "path": ["Bolt", "R&D: phase 1"]},
]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("acme", [1, 2, 3]),
        ("website", [2, 4, 3]),
        ("WEBSITE bolt", [4]),
        ("acme/draft", [3]),
        ("draft acme", [3]),
        ("nothing", []),
        ("", [1, 2, 3, 4, 5]),
    ],
)
def test_every_word_stands_somewhere_in_the_path_the_best_first(query: str, ids: list[int]) -> None:
    assert [task["id"] for task in matching(TASKS, query)] == ids


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("website", [2]),
        ("Acme", [1]),
        ("acme / website", [2]),
        ("acme/website", [2]),
        ("web", [2, 4, 3]),
        ("draft", [3]),
    ],
)
def test_a_whole_name_or_path_means_just_that_one(query: str, ids: list[int]) -> None:
    assert [task["id"] for task in meant(matching(TASKS, query), query)] == ids


@pytest.mark.parametrize("task", TASKS, ids=lambda task: str(task["id"]))
def test_what_is_completed_means_its_task(task: Task) -> None:
    words = typed(task["path"])
    assert meant(matching(TASKS, words), words) == [task]
    assert not set(words) & set(" &'\"$()")


def test_the_list_is_kept_for_when_the_server_is_away(stand: Stand, tmp_path: Path) -> None:
    server = Server(stand.address, "secret", "cli", 1)
    first = {"items": TASKS[:3], "next": "more"}
    stand.answers = [
        answer(200, json.dumps(first).encode()),
        answer(200, json.dumps({"items": TASKS[3:]}).encode()),
    ]
    Tasks(tmp_path, server).refresh()
    assert [path for _method, path, _headers in stand.heard] == [
        "/api/v1/tasks?trackable=true&limit=1000",
        "/api/v1/tasks?trackable=true&limit=1000&cursor=more",
    ]
    again = Tasks(tmp_path, server)
    again.refresh()  # an hour has not gone by
    assert len(stand.heard) == 2
    assert [task["id"] for task in again.kept("old")] == [4]
    assert again.path_of(4) == ["Bolt", "Old website"]
    assert Tasks(tmp_path, Server(stand.address, "other", "cli", 2)).kept() == []


def test_a_list_that_cannot_be_read_or_had_is_no_list(stand: Stand, tmp_path: Path) -> None:
    (tmp_path / "tasks.json").write_text("{")
    tasks = Tasks(tmp_path, Server(stand.address, "secret", "cli", 1))
    stand.answers = [answer(401, b'{"detail": "Sign in."}', "application/problem+json")]
    with pytest.raises(Refused):
        tasks.find("acme")
    assert tasks.kept("acme") == []
