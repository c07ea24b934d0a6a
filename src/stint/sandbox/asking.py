"""What the routes share: reading a request, checking rights, and answering as Toggl does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from .faults import PLAN_TEXT
from .model import Person, Refused, Workspace
from .workplace import Acting, Workplace, acting

Fields = dict[str, Any]


def answer(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return `value` as JSON. Toggl's own refusals are a JSON string."""
    return Response(msgspec.json.encode(value), status, headers, "application/json; charset=utf-8")


def rows(found: Sequence[object]) -> Response:
    """Return a list as Toggl sends lists: `null` when nothing is in it."""
    return answer(found or None)


class Ask:
    """A request with its user; each getter refuses bad input as Toggl does."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.place: Workplace = request.app.state.place
        self.query = request.query_params

    @property
    def person(self) -> Person:
        """Whose token it is."""
        person: Person = self.request.scope["sandbox.person"]
        return person

    def id(self, name: str) -> int:
        """Return a number of the path."""
        return int(self.request.path_params[name])

    def number(self, name: str, default: int) -> int:
        """Return a number of the query."""
        given = self.query.get(name)
        if not given:
            return default
        if not given.lstrip("-").isascii() or not given.lstrip("-").isdigit() or len(given) > 18:
            raise Refused(400, f"Invalid value of '{name}'")
        return int(given)

    def page(self, default: int, most: int = 200) -> tuple[int, int]:
        """Return the page (from 1) and the rows of a page.

        Raises:
            Refused: 400, as soon as more rows are asked for than Toggl gives.

        """
        per_page, page = self.number("per_page", default), self.number("page", 1)
        if per_page > most:
            raise Refused(400, f"per_page cannot exceed {most}")
        if per_page < 1 or page < 1:
            raise Refused(400, "page and per_page must be positive")
        return page, per_page

    def active(self, default: bool | None) -> bool | None:
        """Return the filter `active`: True, False, or None for both."""
        given = self.query.get("active")
        if not given:
            return default
        known: dict[str, bool | None] = {"true": True, "false": False, "both": None}
        if given not in known:
            raise Refused(400, "Invalid value of 'active'")
        return known[given]

    def workspace(self, *, admin: bool = False) -> Workspace:
        """Return the workspace of the path, which the user must be in, or administer."""
        row = self.place.row(self.place.workspaces, self.id("wid"), "Workspace")
        member = self.place.membership(self.person.id, row.id)
        if member is None or (admin and not member.admin):
            raise Refused(403, "You do not have access to this resource.")
        return row

    def paid(self, workspace: Workspace) -> None:
        """Refuse with 402 what the organisation's plan has not."""
        if not self.place.organization_of(workspace.id).pays:
            raise Refused(402, PLAN_TEXT)

    async def fields(self) -> Fields:
        """Return the JSON object of the body; an empty body is an empty object."""
        body = await self.request.body()
        try:
            found = msgspec.json.decode(body or b"{}")
        except msgspec.DecodeError as error:
            raise Refused(400, "JSON is not valid") from error
        if not isinstance(found, dict):
            raise Refused(400, "JSON is not valid")
        path = self.request.url.path.removeprefix("/api/v9")
        acting.set(Acting(self.person.id, self.request.method, path, body.decode(errors="replace")))
        return found
