"""Two devices of one person, each with its queue, against the real API: whatever is done and lost, no time is."""

from __future__ import annotations

import itertools
import json
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stint.accounts.services import create_account, issue_token
from stint.client.queue import Queue
from stint.client.server import Reply, Request
from stint.client.state import Fields, instant, moment

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
counter = itertools.count()


@dataclass
class Device:
    """A device with its network: `there`, `away` (nothing arrives) or `lossy` (what arrives is not answered)."""

    token: str
    path: Path
    whose: str = "server"
    network: str = "there"
    made: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    queue: Queue = field(init=False)

    def __post_init__(self) -> None:
        self.queue = Queue(self.path, self)

    def send(self, request: Request) -> Reply:
        if self.network == "away" or (self.network == "lossy" and request.method == "GET" and self.asked):
            return Reply(0)
        headers = {"Authorization": f"Bearer {self.token}", "X-Stint-Client": "mobile"}
        if request.version is not None:
            headers["If-Match"] = str(request.version)
        body = b"" if request.body is None else json.dumps(request.body).encode()
        answer = Client().generic(
            request.method,
            f"/api/v1{request.path}",
            body,
            content_type="application/json",
            headers=headers,
        )
        if self.network == "lossy" and request.method != "GET":
            return Reply(0)
        date = datetime.now(UTC).timestamp() // 1 * 1000
        return Reply(answer.status_code, json.loads(answer.content) if answer.content else None, date=date)

    @property
    def asked(self) -> bool:
        return self.queue.state.offline

    def start(self) -> None:
        self._end()
        id_ = self.queue.start({"note": f"{self.path.stem} {len(self.made)}"})
        self.made[id_] = (instant(datetime.now(UTC).timestamp() * 1000), None)
        self.queue.flush()

    def stop(self) -> None:
        self._end()
        self.queue.stop()
        self.queue.flush()

    def sync(self) -> None:
        self.queue.refresh()

    def add(self) -> None:
        end = datetime.now(UTC)
        start = end - MINUTE / 2
        entry: Fields = {"start": _text(start), "end": _text(end)}
        self.made[self.queue.add(entry)] = (_text(start), _text(end))
        self.queue.flush()

    def _end(self) -> None:
        """The timer of this device that runs, as it believes, ends now."""
        runs = self.queue.state.entry
        if runs is not None and runs["id"] in self.made:
            start, _end = self.made[runs["id"]]
            self.made[runs["id"]] = (start, instant(datetime.now(UTC).timestamp() * 1000))


def _text(moment_: datetime) -> str:
    return instant(moment_.timestamp() * 1000)


class World:
    """A new person with two devices, and the time that goes by a minute and a bit for each act."""

    def __init__(self, folder: Path) -> None:
        self.number = next(counter)
        email = f"p{self.number}@example.com"
        self.token = issue_token(create_account(f"Account {self.number}", email=email, name="P"), "tests")
        self.devices = [Device(self.token, folder / f"{name}{self.number}.sqlite3") for name in "ab"]
        self.acts: list[str] = []

    def settle(self, order: tuple[int, int] = (0, 1)) -> None:
        """Have the network back, and each device send until nothing waits."""
        for _round in range(3):
            for number in order:
                self.devices[number].network = "there"
                assert self.devices[number].queue.refresh() is None

    def entries(self) -> dict[str, dict[str, Any]]:
        answer = Client().get("/api/v1/entries?limit=1000", headers={"Authorization": f"Bearer {self.token}"})
        return {entry["id"]: entry for entry in json.loads(answer.content)["items"]}


steps = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["start", "start", "stop", "add", "sync"]),
        st.sampled_from(["there", "away", "away", "lossy"]),
    ),
    max_size=10,
)
several = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


def play(world: World, script: list[tuple[int, str, str]], clock: Any) -> None:
    for number, act, network in script:
        clock.shift(timedelta(seconds=61))
        device = world.devices[number]
        device.network = network
        world.acts.append(_text(datetime.now(UTC)))
        getattr(device, act)()


@several
@given(script=steps)
def test_no_time_is_lost(script: list[tuple[int, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder, time_machine.travel(NINE, tick=False) as clock:
        world = World(Path(folder))
        play(world, script, clock)
        clock.shift(timedelta(seconds=61))
        world.settle()
        entries = world.entries()
        for device in world.devices:
            assert (device.queue.state.queued, device.queue.state.problems) == (0, ())
            for id_, (start, end) in device.made.items():
                entry = entries[id_]
                assert entry["start"] == start
                _check_end(entry, start, end, world.acts)
        running = [entry for entry in entries.values() if entry["end"] is None]
        assert len(running) <= 1
        for device in world.devices:
            shown = device.queue.state.entry
            assert [shown["id"]] == [running[0]["id"]] if running and shown else not running and not shown


def _check_end(entry: dict[str, Any], start: str, end: str | None, acts: list[str]) -> None:
    """The end is when its own device ended it, or an earlier moment at which the other one did something."""
    if entry["end"] == end:
        return
    assert entry["end"] in acts
    assert moment(start) <= moment(entry["end"])
    assert end is None or moment(entry["end"]) < moment(end)


offline = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["start", "stop", "add"]), st.just("away")), max_size=8
)


@several
@given(script=offline, runs_before=st.booleans())
def test_whoever_comes_back_first_the_result_is_the_same(
    script: list[tuple[int, str, str]], runs_before: bool
) -> None:
    results = []
    for order in ((0, 1), (1, 0)):
        with tempfile.TemporaryDirectory() as folder, time_machine.travel(NINE, tick=False) as clock:
            world = World(Path(folder))
            if runs_before:
                world.devices[0].start()
                world.devices[1].sync()
            play(world, script, clock)
            clock.shift(timedelta(seconds=61))
            world.settle(order)
            found = world.entries().values()
            results.append(sorted((entry["start"], entry["end"] or "", entry["note"][:1]) for entry in found))
    assert results[0] == results[1]
