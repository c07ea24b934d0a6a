"""What every API request passes: the log, faults, sign-in, the burst limit and the quota."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
import time
import uuid
from collections import Counter, deque
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .faults import QUOTA_TEXT, WRONG_CREDENTIALS, Fault, Faults, answer_of
from .limits import Limits, Use
from .model import Person
from .workplace import Workplace

API = ("/api/v9/", "/reports/api/v3/", "/webhooks/api/v1/")
_OPEN = re.compile(r"/api/v9/status$|/webhooks/api/v1/(status$|event_filters$|validate/)")
_WORKSPACE = re.compile(r"/(?:api/v9/workspaces|reports/api/v3/workspace)/(\d+)")
_ORGANIZATION = re.compile(r"/api/v9/organizations/(\d+)")


@dataclass
class Asked:
    """A request and what came of it; `fault` names a switched-on fault that hit it."""

    at: float
    method: str
    path: str
    query: str
    user: str = ""
    status: int = 0
    fault: str = ""


class RequestLog:
    """The last requests to the API, and how often each path was asked since the log was cleared."""

    def __init__(self, most: int = 5_000) -> None:
        self.rows: deque[Asked] = deque(maxlen=most)
        self.counts: Counter[str] = Counter()

    def add(self, row: Asked) -> None:
        """Take a request into the log."""
        self.rows.append(row)
        self.counts[f"{row.method} {row.path}"] += 1

    def clear(self) -> None:
        """Empty the log and the counts."""
        self.rows.clear()
        self.counts.clear()

    def __len__(self) -> int:
        return self.counts.total()


class Gate:
    """Middleware over the whole sandbox; pages and control calls go straight through."""

    def __init__(
        self, app: ASGIApp, place: Workplace, limits: Limits, faults: Faults, log: RequestLog
    ) -> None:
        self.app, self.place, self.limits, self.faults, self.log = app, place, limits, faults, log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let an API request in, or answer it here."""
        if scope["type"] != "http" or not scope["path"].startswith(API):
            await self.app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        asked = Asked(time.time(), scope["method"], scope["path"], query)
        self.log.add(asked)
        fault = self.faults.hit(f"{asked.path}?{query}" if query else asked.path)
        answer: Response | None = None
        use: Use | None = None
        if fault is not None:
            asked.fault = fault.kind
            answer = answer_of(fault)
            if fault.kind == "slow":
                await asyncio.sleep(5.0 if fault.seconds is None else fault.seconds)
        if answer is None:
            answer, use = self._admit(scope, asked)
        sending = _Sending(send, asked, use, fault)
        await (answer or self.app)(scope, receive, sending)

    def _admit(self, scope: Scope, asked: Asked) -> tuple[Response | None, Use | None]:
        """Return a refusal, if any, and what is left of the quota that the request is of."""
        if _OPEN.match(asked.path):
            return None, None
        given = Headers(scope=scope).get("authorization")
        if given is None:
            return Response(status_code=401, headers={"X-Authorization-Missing": "true"}), None
        person = self._person(given, webhooks=asked.path.startswith("/webhooks/"))
        if person is None:
            return Response(WRONG_CREDENTIALS, 403, media_type="text/plain"), None
        asked.user = person.email
        scope["sandbox.person"] = person
        if self.limits.too_fast(person.id):
            return Response("Too Many Requests", 429, media_type="text/plain"), None
        # Toggl's pages on quotas speak of the Track and Reports APIs only, so webhook calls are not counted;
        # and whoever asks for the quota should not spend it.
        counted = not asked.path.startswith("/webhooks/") and asked.path != "/api/v9/me/quota"
        use = self.limits.use(person.id, self._organization(asked.path, person), cost=int(counted))
        if not use.allowed:
            return Response(QUOTA_TEXT.format(use.resets_in), 402, media_type="text/plain"), use
        return None, use

    def _person(self, given: str, *, webhooks: bool) -> Person | None:
        scheme, _, encoded = given.partition(" ")
        try:
            name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        if scheme.lower() != "basic":
            return None
        if password == "api_token":  # noqa: S105
            return self.place.person_by_token(name)
        # The webhooks API takes API tokens only.
        person = None if webhooks else self.place.person_by_email(name)
        return person if person is not None and person.password == password else None

    def _organization(self, path: str, person: Person) -> int | None:
        """Return the organisation whose quota a request counts to; None for the user's own."""
        if found := _WORKSPACE.match(path):
            workspace = self.place.workspaces.get(int(found[1]))
            mine = workspace is not None and self.place.membership(person.id, workspace.id) is not None
            return workspace.organization_id if workspace is not None and mine else None
        if found := _ORGANIZATION.match(path):
            return int(found[1]) if int(found[1]) in self.place.organizations else None
        return None


class _Sending:
    """Notes the status, adds Toggl's headers, and cuts the body where a fault says so."""

    def __init__(self, send: Send, asked: Asked, use: Use | None, fault: Fault | None) -> None:
        self.send, self.asked, self.use = send, asked, use
        self.cut = fault is not None and fault.kind == "cut"

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.asked.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Toggl-Request-Id"] = uuid.uuid4().hex
            headers["X-Service-Level"] = "GREEN"
            headers["Cache-Control"] = "no-cache, no-store, must-revalidate"
            if self.use is not None:
                headers["X-Toggl-Quota-Remaining"] = str(self.use.remaining)
                headers["X-Toggl-Quota-Resets-In"] = str(self.use.resets_in)
        elif self.cut:
            # The promised length never comes: the server then closes the connection in the middle of the body.
            body = message.get("body", b"")
            message = {**message, "body": body[: len(body) // 2], "more_body": True}
        await self.send(message)
