"""`GET /api/v1/events` over real connections."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from django.contrib.auth import login
from django.core.cache import caches
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest
from django.test import Client
from serving import served

from stint import events
from stint.accounts import limits
from stint.accounts.models import ApiToken, User
from stint.accounts.services import create_account, create_user, issue_token
from stint.events import Event
from stint.live import stream as stream_module
from stint.live.bus import hub, told_now
from stint.server import front

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 10


class Listener:
    """An open stream; `next()` is the next event as (kind, id, data)."""

    def __init__(self, url: str, **headers: str) -> None:
        self.client = httpx2.Client(timeout=SECONDS)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        request = self.client.build_request("GET", f"{url}/api/v1/events", headers=sent)
        self.answer = self.client.send(request, stream=True)
        self._blocks: queue.Queue[dict[str, str] | None] = queue.Queue()
        if self.answer.status_code == 200:
            threading.Thread(target=self._read, daemon=True).start()
            self.greeting = self._blocks.get(timeout=SECONDS) or {}

    def next(self) -> tuple[str, str, dict[str, Any]] | None:
        block = self._blocks.get(timeout=SECONDS)
        return (block["event"], block.get("id", ""), json.loads(block["data"])) if block else None

    def close(self) -> None:
        self.answer.close()
        self.client.close()

    def _read(self) -> None:
        block: dict[str, str] = {}
        try:
            for line in self.answer.iter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    block[name] = value
                elif block:
                    self._blocks.put(block)
                    block = {}
        except httpx2.HTTPError:
            pass
        self._blocks.put(None)


@pytest.fixture
def ada() -> User:
    return create_account("Acme", email="ada@example.com", name="Ada")


@pytest.fixture
def url() -> Iterator[str]:
    with served(front.application()) as address:
        yield address


def bearer(user: User) -> dict[str, str]:
    return {"authorization": f"Bearer {issue_token(user, 'test')}"}


def announce(user: User, kind: str = "entry", identity: str = "1") -> None:
    with transaction.atomic():
        whose = None if kind == "tasks" else user.pk
        events.announce(Event(kind, identity, user.membership.account_id, whose))  # type: ignore[arg-type]


def wait_for_listening() -> None:
    """On PostgreSQL the process hears of an event once its LISTEN stands."""
    if connection.vendor != "postgresql":
        return
    waited = threading.Event()
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN stint%%'")
            if cursor.fetchone():
                return
        waited.wait(0.05)


def test_a_committed_event_is_heard_and_a_rolled_back_one_never(url: str, ada: User) -> None:
    listener = Listener(url, **bearer(ada))
    wait_for_listening()
    with transaction.atomic():
        events.announce(Event("entry", "never", ada.membership.account_id, ada.pk))
        transaction.set_rollback(True)
    announce(ada, "timer", "kept")
    heard = listener.next()
    assert heard is not None
    kind, identity, data = heard
    assert (kind, data["kind"], data["id"]) == ("timer", "timer", "kept")
    assert data["at"].endswith("Z")
    assert identity.startswith(hub.epoch)
    listener.close()


def test_a_returning_client_resumes_and_a_stranger_refetches(url: str, ada: User) -> None:
    headers = bearer(ada)
    first = Listener(url, **headers)
    wait_for_listening()
    known = first.greeting["id"]
    announce(ada, identity="1")
    assert first.next()
    first.close()
    announce(ada, identity="2")
    second = Listener(url, **headers, last_event_id=known)
    assert [(second.next() or ("", "", {}))[2].get("id") for _ in range(2)] == ["1", "2"]
    third = Listener(url, **headers, last_event_id="elsewhere-7")
    heard = third.next()
    assert heard is not None
    assert heard[0] == "refetch"
    announce(ada, identity="3")
    assert (third.next() or ("", "", {}))[2]["id"] == "3"
    second.close()
    third.close()


def test_only_those_concerned_hear(url: str, ada: User) -> None:
    account = ada.membership.account
    linus = create_user(account, email="linus@example.com", name="Linus")
    other = create_account("Globex", email="hank@example.com", name="Hank")
    listeners = {user.name: Listener(url, **bearer(user)) for user in (ada, linus, other)}
    wait_for_listening()
    announce(ada, "entry", "ada's")
    announce(linus, "entry", "linus's")
    announce(other, "entry", "hank's")
    announce(ada, "sync", "run")
    announce(ada, "tasks", "tree")
    announce(other, "tasks", "end")
    heard = {
        "Ada": ["ada's", "linus's", "run", "tree"],
        "Linus": ["linus's", "tree"],
        "Hank": ["hank's", "end"],
    }
    for name, listener in listeners.items():
        assert [(listener.next() or ("", "", {}))[2]["id"] for _ in heard[name]] == heard[name]
        listener.close()


def test_a_lost_listening_connection_is_made_again_and_clients_refetch(url: str, ada: User) -> None:
    listener = Listener(url, **bearer(ada))
    if connection.vendor != "postgresql":
        # One process needs no LISTEN; a gap is told all the same.
        hub._loop.call_soon_threadsafe(hub.refetch)  # type: ignore[union-attr]
    else:
        wait_for_listening()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN stint%%'"
            )
    assert (listener.next() or ("",))[0] == "refetch"
    announce(ada, identity="after")
    assert (listener.next() or ("", "", {}))[2]["id"] == "after"
    listener.close()


def test_a_session_cookie_opens_a_stream(url: str, ada: User) -> None:
    listener = Listener(url, cookie=f"stint_session={_session(ada)}")
    assert listener.answer.status_code == 200
    listener.close()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": "Bearer"},
        {"authorization": "Basic YTpi"},
        {"cookie": "stint_session=wrong"},
    ],
)
def test_others_are_refused(url: str, headers: dict[str, str]) -> None:
    listener = Listener(url, **headers)
    assert listener.answer.status_code == 401
    assert listener.answer.headers["content-type"] == "application/problem+json"
    assert json.loads(listener.answer.read())["status"] == 401
    listener.close()


def test_a_token_in_the_address_is_not_taken(url: str, ada: User) -> None:
    token = issue_token(ada, "test")
    assert httpx2.get(f"{url}/api/v1/events?token={token}&access_token={token}").status_code == 401


def test_wrong_tokens_of_an_address_are_refused_as_on_the_api(
    url: str, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stint.accounts.attempts.MOST_WRONG_TOKENS", 2)
    caches[limits.PROCESS].clear()
    wrong = {"authorization": "Bearer wrong", "x-request-id": "proxy-7f3a9b2c"}
    answers = [httpx2.get(f"{url}/api/v1/events", headers=wrong) for _each in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[0].headers["x-request-id"] == "proxy-7f3a9b2c"
    assert 0 < int(answers[2].headers["retry-after"]) <= 600
    assert httpx2.get(f"{url}/api/v1/me", headers=wrong).status_code == 429
    listener = Listener(url, **bearer(ada))
    assert listener.answer.status_code == 200
    listener.close()


def test_streams_that_run_apart_tell_their_own_metrics(ada: User) -> None:
    with served(front.streams_application()) as address:
        listener = Listener(address, **bearer(ada))
        assert "stint_open_streams 1.0" in httpx2.get(f"{address}/metrics").text
        listener.close()


def test_other_methods_are_refused_as_a_problem(url: str, ada: User) -> None:
    answer = httpx2.post(f"{url}/api/v1/events", headers=bearer(ada))
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_look_at_the_headers_opens_no_stream(url: str, ada: User) -> None:
    answer = httpx2.head(f"{url}/api/v1/events", headers=bearer(ada))
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert len(hub) == 0


def test_a_silent_stream_says_that_it_lives(url: str, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "HEARTBEAT_SECONDS", 0.05)
    with httpx2.stream("GET", f"{url}/api/v1/events", headers=bearer(ada)) as answer:
        lines = answer.iter_lines()
        beats = [[next(line for line in lines if line.startswith(":")), next(lines)] for _ in range(2)]
    assert beats == [[": still here", "event: beat"]] * 2


def test_a_database_that_does_not_answer_puts_new_streams_off_and_keeps_open_ones(
    url: str, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "RECHECK_SECONDS", 0.2)
    checked = threading.Semaphore(0)

    def away(token: str) -> None:
        checked.release()
        raise OperationalError("the connection was closed")

    listener = Listener(url, **bearer(ada))
    monkeypatch.setattr(stream_module, "caller_by_token", away)
    assert checked.acquire(timeout=SECONDS)
    refused = httpx2.get(f"{url}/api/v1/events", headers=bearer(ada))
    assert (refused.status_code, refused.headers["Content-Type"]) == (503, "application/problem+json")
    hub.publish(told_now(Event("tasks", "7", ada.membership.account_id)))
    heard = listener.next()
    assert heard is not None
    assert heard[0] == "tasks"
    listener.close()


def test_a_revoked_token_ends_the_stream(url: str, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "RECHECK_SECONDS", 0.2)
    listener = Listener(url, **bearer(ada))
    ApiToken.objects.all().delete()
    assert listener.next() is None
    listener.close()


def test_a_disabled_user_ends_the_stream(url: str, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "RECHECK_SECONDS", 0.2)
    listener = Listener(url, cookie=f"stint_session={_session(ada)}")
    User.objects.update(is_active=False)
    assert listener.next() is None
    listener.close()


def test_a_closed_stream_is_forgotten(url: str, ada: User) -> None:
    with httpx2.stream("GET", f"{url}/api/v1/events", headers=bearer(ada)) as answer:
        lines = answer.iter_lines()
        assert next(lines).startswith("retry:")
        assert len(hub) == 1
    gone = threading.Event()
    for _ in range(100):
        if not len(hub):
            break
        gone.wait(0.05)
    assert len(hub) == 0


def test_streams_beyond_the_limit_are_refused(url: str, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "STREAMS_A_USER", 1)
    headers = bearer(ada)
    first, second = Listener(url, **headers), Listener(url, **headers)
    assert second.answer.status_code == 429
    assert second.answer.headers["retry-after"] == "30"
    first.close()
    second.close()


def _session(user: User) -> str:
    client = Client()
    request = HttpRequest()
    request.session = client.session
    login(request, user, backend="allauth.account.auth_backends.AuthenticationBackend")
    request.session.save()
    return str(request.session.session_key)
