"""Tracked time of everybody in a workspace, by Toggl's Reports API v3: at most a year a question, page by page.

Requests are the cost that counts, so pages are as large as clients are known to ask for. Every answer goes to a
`PageStore` with the place where the next one begins: what waits for quota for hours asks nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from .bodies import flag, identifier
from .client import TogglClient
from .errors import TogglBadAnswer
from .paging import MOST_PAGES, PageStore
from .words import gettext as _
from .words import gettext_noop

REPORTS = "/reports/api/v3"
PAGE_SIZE = 200
PHASE = gettext_noop("time entries")
# Each as it is called in the answer's headers and in the next question.
_NEXT = {
    "x-next-id": "first_id",
    "x-next-row-number": "first_row_number",
    "x-next-timestamp": "first_timestamp",
}


class Tracked(msgspec.Struct, frozen=True, gc=False):
    """A time entry as reports tell it; `stop` is None while it runs. Names are those it has there now.

    `tags` is None where only `tag_ids` were told.
    """

    id: int
    user_id: int
    user_name: str
    email: str
    project_id: int | None
    task_id: int | None
    project_name: str
    task_name: str
    note: str
    tags: list[str] | None
    tag_ids: list[int]
    billable: bool
    start: datetime
    stop: datetime | None


class _Group(msgspec.Struct):
    """A row of the answer: entries that share everything but their times; mostly one."""

    user_id: Any = None
    username: Any = None
    email: Any = None
    project_id: Any = None
    project_name: Any = None
    task_id: Any = None
    task_name: Any = None
    billable: Any = None
    description: Any = None
    tag_ids: Any = None
    tag_names: Any = None
    time_entries: Any = None


class _Page(msgspec.Struct, array_like=True):
    """An answer as it is kept, with the place where the next one begins."""

    body: bytes
    following: dict[str, int]


class _TagRow(msgspec.Struct):
    id: Any = None
    name: Any = None


def spans(first: date, last: date) -> list[tuple[date, date]]:
    """Return the days from `first` to `last` in ranges that Toggl answers in one question."""
    found = []
    while first <= last:
        year_later = date(first.year + 1, first.month, min(first.day, 28 if first.month == 2 else 31))
        end = min(year_later - timedelta(days=1), last)
        found.append((first, end))
        first = end + timedelta(days=1)
    return found


def read_history(
    client: TogglClient,
    workspace_id: int,
    first: date,
    last: date,
    store: PageStore,
    progress: Callable[[date, int], None],
) -> Iterator[bytes]:
    """Yield the answers about the days from `first` to `last`. `progress` counts the rows since a range began.

    Raises:
        TogglError: one of its family.

    """
    for begin, end in spans(first, last):
        following: dict[str, int] = {}
        rows = 0
        for _number in range(MOST_PAGES):
            page = _page(client, workspace_id, begin, end, following, store)
            yield page.body
            rows += PAGE_SIZE if page.following else 0
            progress(begin, rows)
            if not page.following:
                break
            if page.following == following:
                raise TogglBadAnswer(_endpoint(workspace_id), _("it repeats itself"))
            following = page.following
        else:
            raise TogglBadAnswer(
                _endpoint(workspace_id), _("it goes on after %(pages)d pages") % {"pages": MOST_PAGES}
            )


def entries_of(body: bytes, workspace_id: int) -> Iterator[Tracked | None]:
    """Yield the time entries of an answer; None for one that cannot be used.

    Raises:
        TogglBadAnswer: it is no answer of this kind.

    """
    try:
        groups = msgspec.json.decode(body, type=list[_Group] | None) or []
    except (msgspec.DecodeError, RecursionError) as error:
        raise TogglBadAnswer(_endpoint(workspace_id), _("it has an unexpected shape"), status=200) from error
    for group in groups:
        rows = group.time_entries if isinstance(group.time_entries, list) else [None]
        for row in rows:
            yield _tracked(group, row) if isinstance(row, dict) else None


def read_tags(client: TogglClient, workspace_id: int) -> dict[int, str]:
    """Return the names of a workspace's tags, for reports that tell only ids. One request."""
    path = f"/api/v9/workspaces/{workspace_id}/tags"
    body = client.fetch("GET", path, workspace_id=workspace_id, resource="tags").body
    rows = msgspec.json.decode(body, type=list[_TagRow] | None) or []
    return {key: str(row.name) for row in rows if (key := identifier(row.id)) is not None and row.name}


def _page(
    client: TogglClient,
    workspace_id: int,
    begin: date,
    end: date,
    following: dict[str, int],
    store: PageStore,
) -> _Page:
    key = f"{workspace_id} {begin}..{end} {following.get('first_row_number', following.get('first_id', 0))}"
    kept = store.get(key)
    if kept is not None:
        return msgspec.msgpack.decode(kept, type=_Page)
    asked = {
        "start_date": str(begin),
        "end_date": str(end),
        "page_size": PAGE_SIZE,
        "order_by": "date",
        "order_dir": "ASC",
        "enrich_response": True,
        "hide_amounts": True,
        **following,
    }
    answer = client.fetch(
        "POST", _endpoint(workspace_id), json=asked, workspace_id=workspace_id, resource=PHASE, reads=True
    )
    for _entry in entries_of(answer.body, workspace_id):
        break  # judged before it is kept
    numbers = {name: answer.number(header) for header, name in _NEXT.items()}
    page = _Page(answer.body, {name: number for name, number in numbers.items() if number is not None})
    store.put(key, msgspec.msgpack.encode(page))
    return page


def _endpoint(workspace_id: int) -> str:
    return f"{REPORTS}/workspace/{workspace_id}/search/time_entries"


def _tracked(group: _Group, row: dict[str, Any]) -> Tracked | None:
    key, user_id, start = identifier(row.get("id")), identifier(group.user_id), _instant(row.get("start"))
    stop = _instant(row.get("stop"))
    if key is None or user_id is None or start is None or (stop is None and row.get("stop")):
        return None
    names = group.tag_names
    ids = group.tag_ids if isinstance(group.tag_ids, list) else []
    return Tracked(
        id=key,
        user_id=user_id,
        user_name=_text(group.username),
        email=_text(group.email).lower(),
        project_id=identifier(group.project_id),
        task_id=identifier(group.task_id),
        project_name=_text(group.project_name),
        task_name=_text(group.task_name),
        note=_text(group.description),
        tags=[str(name) for name in names] if isinstance(names, list) else None if ids else [],
        tag_ids=[id_ for each in ids if (id_ := identifier(each)) is not None],
        billable=bool(flag(group.billable, False)),
        start=start,
        stop=stop,
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _instant(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
