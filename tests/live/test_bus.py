"""Who hears of an event, and what a slow or returning client gets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from stint.accounts.queries import Caller
from stint.events import Event, present
from stint.live import bus
from stint.live.bus import Hub, Subscriber, Told, concerns, told_now


def caller(user_id: int = 1, account_id: int = 1, role: str = "member") -> Caller:
    return Caller(user_id, "Ada", "ada@example.com", "UTC", "", account_id, "Acme", 1, role)


def test_a_timer_is_told_to_its_person_and_to_who_may_see_their_time() -> None:
    timer = Event("timer", "e", account_id=1, user_id=1)
    assert concerns(timer, caller(user_id=1))
    assert not concerns(timer, caller(user_id=2))
    assert concerns(timer, caller(user_id=2, role="manager"))
    assert concerns(timer, caller(user_id=2, role="administrator"))


def test_the_task_tree_is_told_to_the_whole_account_and_syncs_to_administrators() -> None:
    assert concerns(Event("tasks", "1", account_id=1), caller())
    assert not concerns(Event("sync", "1", account_id=1), caller(role="manager"))
    assert concerns(Event("sync", "1", account_id=1), caller(role="administrator"))


@pytest.mark.parametrize("kind", ["timer", "entry", "tasks", "sync"])
def test_another_account_hears_nothing(kind: str) -> None:
    event = Event(kind, "1", account_id=1, user_id=1)  # type: ignore[arg-type]
    assert not concerns(event, caller(user_id=1, account_id=2, role="administrator"))


def in_loop(act: Callable[[Hub], None]) -> None:
    async def run() -> None:
        hub = Hub()
        hub.open()
        act(hub)

    asyncio.run(run())


def tell(hub: Hub, *ids: str) -> None:
    for entry_id in ids:
        hub._deliver(told_now(Event("entry", entry_id, account_id=1, user_id=1)))


def test_a_returning_client_gets_what_it_missed_and_nothing_else() -> None:
    def act(hub: Hub) -> None:
        tell(hub, "a")
        known = hub.present_id
        tell(hub, "b")
        hub._deliver(told_now(Event("entry", "secret", account_id=1, user_id=2)))
        tell(hub, "c")
        wire = hub.join(caller(), known).take().decode()
        assert [word in wire for word in ('"a"', '"b"', '"c"', "secret")] == [False, True, True, False]
        assert hub.join(caller(), hub.present_id).take() == b""

    in_loop(act)


@pytest.mark.parametrize(
    "last", ["other-1", "0-0", "x", "-", "{epoch}-99", "{epoch}--1", "{epoch}-", "{epoch}-²"]
)
def test_a_client_with_an_id_of_elsewhere_is_told_to_refetch(last: str) -> None:
    def act(hub: Hub) -> None:
        tell(hub, "a")
        assert hub.join(caller(), last.format(epoch=hub.epoch)).lost

    in_loop(act)


def test_a_client_away_for_too_long_is_told_to_refetch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bus, "REMEMBERED", 3)

    def act(hub: Hub) -> None:
        known = hub.present_id
        tell(hub, "a", "b", "c")
        assert not hub.join(caller(), known).lost
        tell(hub, "d")
        assert hub.join(caller(), known).lost

    in_loop(act)


def test_a_new_client_gets_what_happened_since_it_read() -> None:
    def act(hub: Hub) -> None:
        for second, name in enumerate("abc"):
            event = Event("entry", name, account_id=1, user_id=1)
            hub._deliver(Told(event, f"9999-01-01T00:00:0{second}.000Z"))
        wire = hub.join(caller(), since="9999-01-01T00:00:01.000Z").take().decode()
        assert [word in wire for word in ('"a"', '"b"', '"c"')] == [False, True, True]
        assert hub.join(caller(), since="9999-01-01T00:00:02.001Z").take() == b""

    in_loop(act)


def test_a_new_client_that_read_before_all_that_is_remembered_is_told_to_refetch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bus, "REMEMBERED", 1)

    def act(hub: Hub) -> None:
        assert hub.join(caller(), since="2026-11-23T09:00:00.000Z").lost
        began = present()
        assert not hub.join(caller(), since=began).lost
        hub._deliver(Told(Event("entry", "a", account_id=1, user_id=1), "9999-01-01T00:00:00.000Z"))
        tell(hub, "b")
        assert hub.join(caller(), since=began).lost

    in_loop(act)


def test_a_gap_voids_what_was_remembered() -> None:
    def act(hub: Hub) -> None:
        tell(hub, "a")
        known, present = hub.present_id, hub.join(caller())
        hub.refetch()
        assert present.lost
        assert hub.join(caller(), known).lost
        assert not hub.join(caller(), hub.present_id).lost

    in_loop(act)


def test_a_slow_client_holds_a_bounded_queue() -> None:
    subscriber = Subscriber(caller())
    for _ in range(bus.QUEUED):
        subscriber.put(b"x")
    assert not subscriber.lost
    subscriber.put(b"x")
    assert subscriber.lost
    assert subscriber.take() == b""


def test_nothing_is_kept_without_a_server() -> None:
    hub = Hub()
    hub.publish(told_now(Event("tasks", "1", account_id=1)))
    assert hub.present_id.endswith("-0")


def test_a_stream_opened_while_the_server_stops_ends_at_once() -> None:
    def act(hub: Hub) -> None:
        present = hub.join(caller())
        assert not present.closed
        hub.close()
        assert present.closed
        assert hub.join(caller()).closed

    in_loop(act)
