"""The table of offline cases, docs/offline.md, as Python plays it.

The kit's player is clients/kit/tests/offline-cases.test.ts.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from stint.client.queue import Queue
from stint.client.server import Reply, Request
from stint.client.state import State
from stint.client.store import Store

CASES = json.loads(Path(__file__).with_name("cases.json").read_text())
BLANK = {"task_id": None, "note": "", "tags": [], "billable": False, "end": None, "version": 1}


def whole(entry: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if entry is None else {**BLANK, **entry}


class Player:
    """A server that follows a script, and the clock of the case."""

    whose = "case"

    def __init__(self, case: dict[str, Any], path: Path) -> None:
        self.script: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.at = 0.0
        self.ahead = case.get("ahead", 0) * 1000
        begin: Any = State(known=whole(case.get("known")), ahead=case.get("learned", self.ahead))  # type: ignore[arg-type]
        Store(path, self.whose).change(lambda _: begin)
        self.queue = Queue(path, self, now=lambda: self.at - self.ahead, new_id=lambda: self.ids.pop(0))

    def play(self, step: dict[str, Any]) -> None:
        self.at = datetime.fromisoformat(step["at"]).timestamp() * 1000
        self.script = list(step.get("exchanges", []))
        self.ids = [step["id"]] if "id" in step else []
        waits = self.act(step)
        assert self.script == [], "not asked for"
        if "then" in step:
            self.check(dict(step["then"]), waits)

    def act(self, step: dict[str, Any]) -> float | None:
        queue = self.queue
        match step["do"]:
            case "start":
                queue.start(step.get("draft"))
            case "stop":
                queue.stop(step.get("end"))
            case "add":
                queue.add(step["entry"])
            case "edit":
                queue.edit(step["of"], step["change"], whole(step.get("seen")))  # type: ignore[arg-type]
            case "remove":
                queue.remove(step["of"])
            case "retry":
                queue.retry(step["problem"])
            case "discard":
                queue.discard(step["problem"])
                return None
            case "refresh":
                return queue.refresh()
        return queue.flush()

    def send(self, request: Request) -> Reply:
        sent = f"{request.method} {request.path}"
        assert self.script, f"unexpected {sent} {request.body}"
        expected = self.script.pop(0)
        date = self.at // 1000 * 1000
        if "look" in expected:
            assert sent == "GET /timer"
            if expected["look"] == "signed out":
                return Reply(401, date=date)
            if isinstance(expected["look"], str):
                return Reply(0)
            now = datetime.fromtimestamp(self.at / 1000).astimezone().isoformat()
            return Reply(200, {"entry": whole(expected["look"]), "now": now}, date=date)
        assert sent == expected["send"]
        assert request.body == expected.get("body")
        assert request.version == expected.get("version")
        if expected["answer"] == 0:
            return Reply(0)
        return Reply(expected["answer"], body_of(expected), expected.get("retry_after"), date)

    def check(self, then: dict[str, Any], waits: float | None) -> None:
        state = asdict(self.queue.state)
        state["running"], state["signedOut"] = state["entry"], state["signed_out"]
        state["ahead"] = state["ahead"] / 1000
        between = then.pop("wait", ...)
        if between is None:
            assert waits is None
        elif between is not ...:
            assert waits is not None
            assert between[0] <= waits <= between[1]
        assert within(then, state), f"{then}\nis not in\n{state}"


def body_of(expected: dict[str, Any]) -> Any:
    entry = whole(expected.get("entry"))
    if expected["answer"] < 300:
        return entry
    detail = expected.get("detail", "No.")
    body: dict[str, Any] = {"detail": detail}
    if entry:
        body["entry"] = entry
    if "field" in expected:
        body["errors"] = [{"field": expected["field"], "message": detail}]
    return body


def within(part: Any, present: Any) -> bool:
    """Tell whether `present` has everything that `part` has; lists have as many items."""
    if isinstance(part, dict):
        return isinstance(present, dict) and all(
            name in present and within(value, present[name]) for name, value in part.items()
        )
    if isinstance(part, list):
        return len(part) == len(present) and all(map(within, part, present))
    return bool(part == present)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_offline(case: dict[str, Any], tmp_path: Path) -> None:
    player = Player(case, tmp_path / "queue.sqlite3")
    for step in case["steps"]:
        player.play(step)
