"""A server over HTTP: addresses, and what comes of everything that may answer there."""

from __future__ import annotations

import socket
import threading

import pytest

from stint.client import server as module
from stint.client.credentials import who_is
from stint.client.server import BadAddress, Refused, Reply, Request, Server, address_of, travels_open

from .conftest import Answer, Stand, answer, hang_up


@pytest.fixture
def server(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setattr(module.time, "sleep", lambda _seconds: None)
    return Server(stand.address, "secret", "cli", 7)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("stint.example.com", "https://stint.example.com"),
        (" https://stint.example.com/ ", "https://stint.example.com"),
        ("stint.example.com:8443", "https://stint.example.com:8443"),
        ("localhost:8000", "http://localhost:8000"),
        ("127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("zeit.bücher.example", "https://zeit.bücher.example"),
    ],
)
def test_an_address_is_read_as_people_type_it(typed: str, address: str) -> None:
    assert address_of(typed) == address


@pytest.mark.parametrize(
    "typed",
    [
        *("", "ftp://x", "https://", "https://a/b", "https://me:pw@a", "http://a:port", "http://a?b"),
        *("stint example.com", "https://stint .example.com", "my server", "https://a\\b", "https://a<b"),
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress, match=r"https://stint\.example\.com"):
        address_of(typed)


def test_a_token_on_http_can_be_read_on_the_way_but_not_on_this_machine() -> None:
    assert travels_open("http://stint.example.com")
    assert not travels_open("https://stint.example.com")
    assert not travels_open("http://127.0.0.1:8000")


def test_a_request_says_who_asks(server: Server, stand: Stand) -> None:
    stand.answers = [answer(200, b'{"a": 1}', Date="Mon, 23 Nov 2026 09:00:00 GMT", Retry_After="3")]
    reply = server.send(Request("PATCH", "/entries/A", {"note": "ü"}, 4))
    assert reply == Reply(200, {"a": 1}, 3.0, 1795424400000.0)
    ((method, path, headers),) = stand.heard
    assert (method, path) == ("PATCH", "/api/v1/entries/A")
    assert headers["Authorization"] == "Bearer secret"
    assert (headers["X-Stint-Client"], headers["X-Stint-User"], headers["If-Match"]) == ("cli", "7", "4")


def test_a_connection_that_was_closed_meanwhile_is_opened_anew(server: Server, stand: Stand) -> None:
    stand.answers = [answer(200), hang_up, answer(200, b'{"late": true}')]
    assert server.send(Request("GET", "/timer")).status == 200
    assert server.send(Request("GET", "/timer")).body == {"late": True}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (answer(200, b"<html>", "text/html"), "does not answer as a Stint server"),
        (answer(404, b"<html>", "text/html"), "does not answer as a Stint server"),
        (answer(200, b"{"), "does not answer as a Stint server"),
        (hang_up, "does not answer as a Stint server|cannot be reached"),
        (
            answer(301, b"", "text/html", Location="https://stint.example.com/"),
            "use https://stint.example.com",
        ),
    ],
    ids=["page", "missing page", "half", "nothing", "redirect"],
)
def test_what_is_no_answer_of_stint_settles_nothing(
    server: Server, stand: Stand, wrong: Answer, said: str
) -> None:
    stand.answers = [wrong]
    reply = server.send(Request("POST", "/timer/start", {}))
    assert reply.status == 0
    with pytest.raises(Refused, match=said):
        server.call("GET", "/timer")


def test_an_answer_that_does_not_come_is_given_up(
    server: Server, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(module, "EXCHANGE_SECONDS", 0.05)
    stand.answers = [lambda _handler: over.wait(30) and None]
    reply = server.send(Request("GET", "/timer"))
    over.set()
    assert (reply.status, "in time" in reply.fault) == (0, True)


def test_nobody_there_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
        reply = Server(address, "secret", "cli").send(Request("GET", "/timer"))
    assert reply == Reply(0, fault=f"nothing answers at {address}")


def test_a_read_is_tried_again_where_the_server_is_busy(server: Server, stand: Stand) -> None:
    stand.answers = [answer(503), answer(429, Retry_After="1"), answer(200, b'{"items": []}')]
    assert server.call("GET", "/tasks", q="a b", cursor=None) == {"items": []}
    assert [path for _method, path, _headers in stand.heard] == ["/api/v1/tasks?q=a+b"] * 3


def test_it_is_not_tried_for_ever(server: Server, stand: Stand) -> None:
    stand.answers = [answer(503)]
    with pytest.raises(Refused) as refused:
        server.call("GET", "/tasks")
    assert (refused.value.status, len(stand.heard)) == (503, 3)
    stand.answers, stand.heard = [answer(429, Retry_After="3600")], []
    with pytest.raises(Refused):
        server.call("GET", "/tasks")
    assert len(stand.heard) == 1


def test_a_refusal_names_the_fields(server: Server, stand: Stand) -> None:
    body = b'{"detail": "x", "errors": [{"field": "note", "message": "is too long"}]}'
    stand.answers = [answer(422, body, "application/problem+json")]
    with pytest.raises(Refused, match="note is too long"):
        server.call("POST", "/entries", {})


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"id": 1}'])
def test_another_program_that_speaks_json_is_no_stint(server: Server, stand: Stand, body: bytes) -> None:
    stand.answers = [answer(200, body)]
    with pytest.raises(Refused, match="is no Stint server"):
        who_is(server)


def test_the_token_is_in_no_fault(server: Server, stand: Stand) -> None:
    stand.answers = [answer(500, b"secret went wrong", "text/plain")]
    with pytest.raises(Refused) as refused:
        server.call("GET", "/me")
    assert "secret" not in str(refused.value)
