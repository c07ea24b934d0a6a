"""The event stream: what it tells, and that it comes back."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from stint.client import stream as module
from stint.client.server import Server
from stint.client.stream import EventStream, Happened

from .conftest import Answer, Stand, answer

TIMER = b'id: x-2\r\nevent: timer\r\ndata: {"kind":"timer","id":"A","at":"2026-11-23T09:00:00Z"}\r\n\r\n'
BEGUN = b"retry: 2000\r\nid: x-1\r\n\r\n"
BEAT = b": still here\r\nevent: beat\r\ndata: {}\r\n\r\n"


def says(*parts: bytes, until: threading.Event | None = None) -> Answer:
    """Stream `parts`, then wait for `until`, then hang up."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Connection", "close")
        handler.end_headers()
        for part in parts:
            handler.wfile.write(part)
        if until is not None:
            until.wait(30)
        handler.close_connection = True

    return send


Listen = Callable[[], "queue.Queue[Happened]"]


@pytest.fixture
def listen(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listen]:
    """Listen in a thread; what is heard comes by the queue."""
    monkeypatch.setattr(module.random, "uniform", lambda *_: 0.0)
    streams: list[tuple[EventStream, threading.Thread]] = []

    def begin() -> queue.Queue[Happened]:
        heard: queue.Queue[Happened] = queue.Queue()
        stream = EventStream(Server(stand.address, "secret", "desktop"))
        thread = threading.Thread(target=stream.listen, args=(heard.put,))
        thread.start()
        streams.append((stream, thread))
        return heard

    yield begin
    for stream, thread in streams:
        stream.close()
        thread.join(20)
        assert not thread.is_alive()


def test_it_tells_what_happens_and_resumes_where_it_was(stand: Stand, listen: Listen) -> None:
    over = threading.Event()
    stand.answers = [says(BEGUN, TIMER, BEAT), says(b"event: refetch\r\ndata: {}\r\n\r\n", until=over)]
    heard = listen()
    told = [heard.get(timeout=30) for _ in range(4)]
    over.set()
    assert told == [Happened("refetch"), Happened("timer", "A"), Happened("lost"), Happened("refetch")]
    (_, path, first), (_, _, second) = stand.heard[:2]
    assert (path, first["Accept"]) == ("/api/v1/events", "text/event-stream")
    assert "Last-Event-ID" not in first
    assert second["Last-Event-ID"] == "x-2"


def test_it_ends_when_nobody_is_signed_in(stand: Stand, listen: Listen) -> None:
    stand.answers = [answer(401)]
    assert listen().get(timeout=30) == Happened("signed_out")


def test_a_server_that_is_away_is_tried_again(stand: Stand, listen: Listen) -> None:
    over = threading.Event()
    stand.answers = [answer(503), answer(502), says(BEGUN, until=over)]
    heard = listen()
    told = [heard.get(timeout=30) for _ in range(3)]
    over.set()
    assert told == [Happened("lost"), Happened("lost"), Happened("refetch")]


def test_silence_is_the_end_of_a_stream(
    stand: Stand, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(module, "SILENCE_SECONDS", 0.05)
    stand.answers = [says(BEGUN, until=over)]
    heard = listen()
    told = [heard.get(timeout=30) for _ in range(2)]
    over.set()
    assert told == [Happened("refetch"), Happened("lost")]


def test_closing_ends_it_while_nothing_is_said(stand: Stand, listen: Listen) -> None:
    stand.answers = [says(BEGUN, until=threading.Event())]
    assert listen().get(timeout=30) == Happened("refetch")
