"""The Reports API v3, as far as history needs it: everybody's time entries of a workspace, paged by headers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import shapes
from .asking import Ask, Fields, answer
from .model import Refused, TimeEntry, Workspace
from .workplace import Workplace, alive

DEFAULT_PAGE = 50
# The most is not published; clients are known to ask for 50 to 200.
LARGEST_PAGE = 200
LONGEST_RANGE = timedelta(days=366)


async def search(request: Request) -> Response:
    """Return a page of groups, each of one entry; headers say where the next page begins.

    An administrator gets everybody's entries, others their own. Deleted ones never appear, running ones without
    a stop.
    """
    ask = Ask(request)
    workspace, fields = ask.workspace(), await ask.fields()
    if not fields:
        raise Refused(400, "At least one parameter must be set")
    zone = ZoneInfo(ask.person.timezone)
    found = _found(ask, workspace, fields, zone)
    size = _number(fields, "page_size") or DEFAULT_PAGE
    if not 1 <= size <= LARGEST_PAGE:
        raise Refused(400, f"page_size must be between 1 and {LARGEST_PAGE}")
    first = _place(found, fields)
    part = found[first : first + size]
    headers = {}
    if len(found) > first + size:
        following = found[first + size]
        headers = {
            "X-Next-ID": str(following.id),
            "X-Next-Row-Number": str(first + size + 1),
            "X-Next-Timestamp": str(following.start),
        }
    enriched = bool(fields.get("enrich_response"))
    rows = [
        shapes.report_group(ask.place, row, number, zone, enriched=enriched)
        for number, row in enumerate(part, first + 1)
    ]
    return answer(rows, headers=headers)


def _found(ask: Ask, workspace: Workspace, fields: Fields, zone: ZoneInfo) -> list[TimeEntry]:
    first, last = _days(fields)
    begin = datetime(first.year, first.month, first.day, tzinfo=zone).timestamp()
    after = last + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone).timestamp()
    backwards = fields.get("order_dir", "DESC") == "DESC"
    everybody = ask.place.administers(ask.person.id, workspace.id)

    def build() -> list[TimeEntry]:
        mine = _of_workspace(ask.place, workspace.id)
        chosen = [
            e for e in alive(mine) if begin <= e.start < end and (everybody or e.user_id == ask.person.id)
        ]
        return sorted(chosen, key=lambda e: (e.start, e.id), reverse=backwards)

    key = ("report", ask.person.id, workspace.id, first, last, backwards)
    return ask.place.listing(key, build)


def _of_workspace(place: Workplace, wid: int) -> list[TimeEntry]:
    return [e for e in place.entries.values() if e.workspace_id == wid]


def _days(fields: Fields) -> tuple[date, date]:
    try:
        first, last = (date.fromisoformat(str(fields.get(name))) for name in ("start_date", "end_date"))
    except ValueError as error:
        raise Refused(400, "start_date and end_date must be valid dates (YYYY-MM-DD)") from error
    if last < first:
        raise Refused(400, "end_date must not be before start_date")
    if last - first > LONGEST_RANGE:
        raise Refused(400, "The date range must not be longer than 366 days")
    return first, last


def _place(found: list[TimeEntry], fields: Fields) -> int:
    """Return the index at which the page begins; the row number leads, the id stands in for it."""
    row, id_ = _number(fields, "first_row_number"), _number(fields, "first_id")
    if row:
        return row - 1
    return next((index for index, each in enumerate(found) if each.id == id_), 0) if id_ else 0


def _number(fields: Fields, name: str) -> int:
    value: Any = fields.get(name)
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Refused(400, f"Invalid value of '{name}'")
    return value


routes = [
    Route("/reports/api/v3/workspace/{wid:int}/search/time_entries", search, methods=["POST"]),
]
