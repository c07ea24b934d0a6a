"""Toggl's webhooks API v1: subscriptions, their validation by a ping, and events of every change."""

from __future__ import annotations

import itertools
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import anyio.to_thread
import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from . import shapes
from .asking import Ask, Fields, answer
from .delivery import Call, Postman, send
from .model import Client, Member, Plan, Project, Refused, Task, TimeEntry
from .workplace import Change, Workplace, now
from .writes import flag, text

ACTIONS = ("created", "updated", "deleted")
ENTITIES = ("client", "project", "project_user", "tag", "task", "time_entry", "workspace", "workspace_user")
# Subscriptions of a workspace, and filters of each.
LIMITS: dict[Plan, tuple[int, int]] = {
    "free": (1, 3),
    "starter": (2, 6),
    "premium": (3, 12),
    "enterprise": (10, 50),
}


@dataclass
class Subscription:
    """A webhook. It is called once it is enabled and validated."""

    id: int
    workspace_id: int
    user_id: int
    description: str
    url: str
    secret: str
    filters: list[dict[str, str]]
    enabled: bool = True
    validated_at: int | None = None
    code: str = field(default_factory=lambda: secrets.token_hex(16))
    pending: int = 0
    failures: int = 0
    created_at: int = field(default_factory=now)
    updated_at: int = field(default_factory=now)

    def shown(self) -> shapes.Json:
        """Return the subscription as Toggl sends it."""
        return {
            "subscription_id": self.id,
            "workspace_id": self.workspace_id,
            "user_id": self.user_id,
            "description": self.description,
            "enabled": self.enabled,
            "event_filters": self.filters,
            "url_callback": self.url,
            "secret": self.secret,
            "validated_at": None if self.validated_at is None else shapes.precise(self.validated_at),
            "has_pending_events": self.pending > 0,
            "created_at": shapes.precise(self.created_at),
            "updated_at": shapes.precise(self.updated_at),
            "deleted_at": None,
        }

    def wants(self, change: Change) -> bool:
        """Whether one of its filters takes the change."""
        return any(
            f["entity"] in ("*", change.model) and f["action"] in ("*", change.action) for f in self.filters
        )


class Hooks:
    """The subscriptions of a workplace, and the calls that its changes make."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self.rows: dict[int, Subscription] = {}
        self.postman = Postman()
        self._ids = itertools.count(1_204)
        self._events = itertools.count(8_023_169_274_704_072)
        place.listeners.append(self._changed)

    def new_id(self) -> int:
        """Return the id of another subscription."""
        return next(self._ids)

    def close(self) -> None:
        """End the delivery."""
        self.postman.close()

    def ping(self, row: Subscription, base_url: str) -> int:
        """Call the address with a ping and note its validation; returns the status, 0 for no answer."""
        person = self.place.people[row.user_id]
        body: shapes.Json = {
            **self._envelope(row),
            "metadata": {"request_type": "POST", "event_user_id": person.id},
            "payload": "ping",
        }
        if row.validated_at is None:
            body["validation_code"] = row.code
            url = f"{base_url}/webhooks/api/v1/validate/{row.workspace_id}/{row.id}/{row.code}"
            body["validation_code_url"] = url
        status, answered = send(row.url, row.secret, msgspec.json.encode(body))
        if row.validated_at is None and status == 200 and _code_of(answered) == row.code:
            row.validated_at = now()
        return status

    def _changed(self, change: Change) -> None:
        row = change.row
        wid = getattr(row, "workspace_id", None) or getattr(row, "wid", None) or row.id
        for subscription in list(self.rows.values()):
            ready = subscription.enabled and subscription.validated_at is not None
            if ready and subscription.workspace_id == wid and subscription.wants(change):
                self._post(subscription, change, wid)

    def _post(self, row: Subscription, change: Change, wid: int) -> None:
        if not self._sees(row, change, wid):
            return
        by = change.acting
        body = {
            **self._envelope(row),
            "metadata": {
                "action": change.action,
                "model": change.model,
                "event_user_id": str(by.user_id if by else row.user_id),
                "path": by.path if by else "",
                "request_body": by.body if by else "",
                "request_type": by.method if by else "",
                f"{change.model}_id": str(change.row.id),
                "workspace_id": str(wid),
            },
            "payload": self._payload(change, row),
        }
        row.pending += 1

        def done(arrived: bool) -> None:
            row.pending -= 1
            row.failures = 0 if arrived else row.failures + 1

        self.postman.post(Call(row.url, row.secret, msgspec.json.encode(body), done))

    def _envelope(self, row: Subscription) -> shapes.Json:
        at = time.time()
        return {
            "event_id": next(self._events),
            "created_at": shapes.precise(int(at)),
            "creator_id": row.user_id,
            "subscription_id": row.id,
            "timestamp": shapes.precise(int(at)),
            "url_callback": row.url,
        }

    def _sees(self, row: Subscription, change: Change, wid: int) -> bool:
        """Whether who subscribed may see what changed; events follow that person's rights."""
        if self.place.administers(row.user_id, wid):
            return True
        thing = change.row
        if isinstance(thing, (Project, Task)):
            project_id = thing.id if isinstance(thing, Project) else thing.project_id
            return any(p.id == project_id for p in self.place.visible_projects(row.user_id, wid))
        if isinstance(thing, Client):
            return self.place.sees_clients(row.user_id, wid)
        return not isinstance(thing, TimeEntry) or thing.user_id == row.user_id

    def _payload(self, change: Change, row: Subscription) -> shapes.Json:
        thing = change.row
        if isinstance(thing, Client):
            return shapes.client(thing)
        if isinstance(thing, Project):
            return shapes.project(thing)
        if isinstance(thing, Task):
            return shapes.task(thing)
        if isinstance(thing, Member):
            return shapes.member(self.place, thing)
        if isinstance(thing, TimeEntry):
            return shapes.entry(thing)
        return shapes.workspace(self.place, thing, self.place.people[row.user_id]) | {"api_token": None}


def _code_of(answered: bytes) -> object:
    try:
        found = msgspec.json.decode(answered)
    except msgspec.DecodeError:
        return None
    return found.get("validation_code") if isinstance(found, dict) else None


async def status(request: Request) -> Response:
    """Answer that the API is there."""
    return answer({"status": "OK"})


async def event_filters(request: Request) -> Response:
    """Return what can be subscribed to."""
    return answer({entity: list(ACTIONS) for entity in ENTITIES})


async def limits(request: Request) -> Response:
    """Return how many webhooks, and filters of each, the plan allows."""
    ask = Ask(request)
    most, filters = LIMITS[ask.place.organization_of(ask.workspace().id).plan]
    return answer({"max_webhooks": most, "max_events_per_webhook": filters})


async def listed(request: Request) -> Response:
    """Return the user's subscriptions of the workspace."""
    ask = Ask(request)
    return answer([row.shown() for row in _mine(ask)] or None)


async def create(request: Request) -> Response:
    """Subscribe. The address is called at once with a ping and must answer 200."""
    ask = Ask(request)
    hooks = _hooks(request)
    workspace, fields = ask.workspace(), await ask.fields()
    most, _ = LIMITS[ask.place.organization_of(workspace.id).plan]
    taken = [row for row in hooks.rows.values() if row.workspace_id == workspace.id]
    if len(taken) >= most:
        raise Refused(400, f"already reached the limit of {most} webhooks for this workspace")
    row = Subscription(
        hooks.new_id(),
        workspace.id,
        ask.person.id,
        _description(fields, taken),
        _address(fields),
        text(fields, "secret") or secrets.token_hex(16),
        _filters(ask, fields),
        flag(fields, "enabled") is not False,
    )
    # Already known while it is pinged: the receiver may ask for validation before it answers.
    hooks.rows[row.id] = row
    try:
        await _ping(request, row)
    except Refused:
        del hooks.rows[row.id]
        raise
    return answer(row.shown())


async def update(request: Request) -> Response:
    """Change a subscription: with PATCH only `enabled`, with PUT what is given. Another address is pinged again."""
    ask = Ask(request)
    row, fields = _row(ask), await ask.fields()
    row.enabled = row.enabled if flag(fields, "enabled") is None else bool(fields["enabled"])
    if request.method == "PUT":
        others = [
            s for s in _hooks(request).rows.values() if s.workspace_id == row.workspace_id and s is not row
        ]
        row.description = _description(fields, others) if "description" in fields else row.description
        row.filters = _filters(ask, fields) if "event_filters" in fields else row.filters
        row.secret = text(fields, "secret") or row.secret
        if "url_callback" in fields and fields["url_callback"] != row.url:
            row.url, row.validated_at, row.code = _address(fields), None, secrets.token_hex(16)
            await _ping(request, row)
    row.updated_at = now()
    return answer(row.shown())


async def delete(request: Request) -> Response:
    """Unsubscribe; answers what was deleted."""
    ask = Ask(request)
    row = _row(ask)
    del _hooks(request).rows[row.id]
    return answer(row.shown() | {"deleted_at": shapes.precise(now())})


async def ping(request: Request) -> Response:
    """Call the address with a ping."""
    row = _row(Ask(request))
    await _ping(request, row)
    return PlainTextResponse("OK")


async def validate(request: Request) -> Response:
    """Take the validation code, as the receiver's later way; no sign-in is needed."""
    row = _hooks(request).rows.get(request.path_params["sid"])
    if row is None or not secrets.compare_digest(request.path_params["code"].encode(), row.code.encode()):
        raise Refused(404, "Subscription not found")
    row.validated_at = row.validated_at or now()
    return PlainTextResponse("OK")


async def _ping(request: Request, row: Subscription) -> None:
    base_url = str(request.base_url).rstrip("/")
    status = await anyio.to_thread.run_sync(_hooks(request).ping, row, base_url)
    if status != 200:
        told = f"responded with status {status}" if status else "did not respond"
        raise Refused(400, f"URL endpoint {row.url} {told} instead of 200")


def _hooks(request: Request) -> Hooks:
    hooks: Hooks = request.app.state.hooks
    return hooks


def _mine(ask: Ask) -> list[Subscription]:
    wid = ask.workspace().id
    return [
        s for s in _hooks(ask.request).rows.values() if s.workspace_id == wid and s.user_id == ask.person.id
    ]


def _row(ask: Ask) -> Subscription:
    found = next((row for row in _mine(ask) if row.id == ask.id("sid")), None)
    if found is None:
        raise Refused(404, "Subscription not found")
    return found


def _description(fields: Fields, others: list[Subscription]) -> str:
    found = (text(fields, "description") or "").strip()
    if not found or any(row.description == found for row in others):
        raise Refused(400, "description is required and must be unique in the workspace")
    return found


def _address(fields: Fields) -> str:
    found = text(fields, "url_callback") or ""
    if urlsplit(found).scheme not in ("http", "https") or not urlsplit(found).hostname:
        raise Refused(400, "url_callback must be a valid URL")
    return found


def _filters(ask: Ask, fields: Fields) -> list[dict[str, str]]:
    given = fields.get("event_filters")
    _, most = LIMITS[ask.place.organization_of(ask.workspace().id).plan]
    pairs = [(f.get("entity"), f.get("action")) for f in given or [] if isinstance(f, dict)]
    known = all(e in ("*", *ENTITIES) and a in ("*", *ACTIONS) for e, a in pairs)
    if not pairs or not known or len(set(pairs)) != len(pairs):
        raise Refused(400, "event_filters must name known events, each once")
    if len(pairs) > most:
        raise Refused(400, f"already reached the limit of {most} events for this webhook")
    return [{"entity": str(entity), "action": str(action)} for entity, action in pairs]


_BASE = "/webhooks/api/v1"
_ONE = _BASE + "/subscriptions/{wid:int}/{sid:int}"
routes = [
    Route(_BASE + "/status", status),
    Route(_BASE + "/event_filters", event_filters),
    Route(_BASE + "/limits/{wid:int}", limits),
    Route(_BASE + "/subscriptions/{wid:int}", listed),
    Route(_BASE + "/subscriptions/{wid:int}", create, methods=["POST"]),
    Route(_ONE, update, methods=["PUT", "PATCH"]),
    Route(_ONE, delete, methods=["DELETE"]),
    Route(_BASE + "/ping/{wid:int}/{sid:int}", ping, methods=["POST"]),
    Route(_BASE + "/validate/{wid:int}/{sid:int}/{code}", validate),
]
