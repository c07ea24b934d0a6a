"""Requests in the pool of threads: pieces, disconnects, connections."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from serving import served

from stint.server import handler as handler_module
from stint.server.handler import PooledHandler
from stint.server.pool import RequestPool

released = threading.Event()
closed = threading.Event()
threads: list[str] = []
connections: set[int] = set()


def _body(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body)


def _fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("no")


def _stream(request: HttpRequest) -> StreamingHttpResponse:
    threads.append(threading.current_thread().name)

    def pieces() -> Iterator[bytes]:
        try:
            threads.append(threading.current_thread().name)
            yield b"first"
            released.wait(20)
            threads.append(threading.current_thread().name)
            yield b"second"
        finally:
            threads.append(threading.current_thread().name)
            closed.set()

    return StreamingHttpResponse(pieces())


def _endless(request: HttpRequest) -> StreamingHttpResponse:
    def pieces() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 65_536
        finally:
            closed.set()

    return StreamingHttpResponse(pieces())


def _query(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connections.add(id(connection.connection))
    return HttpResponse(b"ok")


def _wait(request: HttpRequest) -> HttpResponse:
    released.wait(20)
    return HttpResponse(b"waited")


urlpatterns = [
    path("integrations/wait", _wait),
    path("body", _body),
    path("fail", _fail),
    path("stream", _stream),
    path("endless", _endless),
    path("query", _query),
]


@pytest.fixture
def url(settings: Any) -> Iterator[str]:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = []
    for event in (released, closed):
        event.clear()
    threads.clear()
    connections.clear()
    pool = RequestPool(2)
    waiting_pool = RequestPool(2)
    pages = PooledHandler(pool, waiting_pool)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await pages(scope, receive, send)

    with served(app) as address:
        yield address
    pool.close()
    waiting_pool.close()


def test_a_body_arrives_whole(url: str) -> None:
    body = bytes(range(256)) * 20_000
    assert httpx2.post(f"{url}/body", content=body).content == body


def test_a_body_beyond_the_bound_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handler_module, "LARGEST_BODY", 1000)
    assert httpx2.post(f"{url}/body", content=b"x" * 1001).status_code == 413
    assert httpx2.post(f"{url}/body", content=b"x" * 1000).status_code == 200


def test_a_fault_is_a_500_and_the_next_request_is_answered(url: str) -> None:
    assert httpx2.get(f"{url}/fail").status_code == 500
    assert httpx2.post(f"{url}/body", content=b"y").content == b"y"


def test_requests_that_wait_for_toggl_hold_up_no_other(url: str) -> None:
    with ThreadPoolExecutor(8) as clients:
        waiting = [clients.submit(httpx2.get, f"{url}/integrations/wait", timeout=30) for _ in range(8)]
        assert httpx2.post(f"{url}/body", content=b"quick").content == b"quick"
        assert not any(answer.done() for answer in waiting)
        released.set()
        assert [answer.result().content for answer in waiting] == [b"waited"] * 8


def test_a_streamed_answer_arrives_piece_by_piece_from_one_thread(url: str) -> None:
    with httpx2.stream("GET", f"{url}/stream") as answer:
        pieces = answer.iter_raw()
        assert next(pieces) == b"first"
        released.set()
        assert next(pieces) == b"second"
        assert list(pieces) == []
    assert closed.wait(5)
    assert len(threads) == 4
    assert len(set(threads)) == 1


def test_a_client_that_leaves_ends_a_streamed_answer(url: str) -> None:
    with httpx2.stream("GET", f"{url}/endless") as answer:
        next(answer.iter_raw())
    assert closed.wait(5)


def test_other_requests_are_answered_between_the_pieces_of_many_streams(url: str) -> None:
    client = httpx2.Client()
    streams = [client.send(client.build_request("GET", f"{url}/endless"), stream=True) for _ in range(4)]
    assert httpx2.post(f"{url}/body", content=b"z").content == b"z"
    for stream in streams:
        stream.close()


@pytest.mark.django_db(transaction=True)
def test_fifty_requests_at_once_use_two_database_connections(url: str) -> None:
    with ThreadPoolExecutor(50) as clients, httpx2.Client(limits=httpx2.Limits(max_connections=50)) as client:
        answers = list(clients.map(lambda _: client.get(f"{url}/query").status_code, range(200)))
    assert set(answers) == {200}
    assert 1 <= len(connections) <= 2


def test_jobs_given_before_the_end_are_still_done() -> None:
    pool = RequestPool(1)

    async def use() -> int:
        return await pool.run(lambda: 1) + await pool.run(lambda: 2, on=0)

    assert asyncio.run(use()) == 3
    pool.close()
