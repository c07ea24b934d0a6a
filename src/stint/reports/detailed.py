"""The entries behind a report, one by one."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from stint.accounts.queries import Caller
from stint.entries.queries import EntryOut
from stint.paging import Page, cursor_of, key_of
from stint.reports import queries
from stint.reports.questions import ReportQuery
from stint.reports.rules import permitted


def detailed(
    caller: Caller, query: ReportQuery, limit: int = 100, cursor: str | None = None
) -> Page[EntryOut]:
    """Return the finished entries that a report is made of, the latest first, with their times unrounded.

    Raises:
        NotAllowed, NotFound: as `rules.permitted`.

    """
    after = key_of(cursor, tuple[date, datetime, UUID]) if cursor else None
    found = queries.entries(caller, permitted(caller, query), limit + 1, after)
    shown = found[:limit]
    if len(found) <= limit:
        return Page(shown)
    last = shown[-1]
    day = queries.days_of([last])[last.id]
    return Page(shown, cursor_of(day.isoformat(), last.start.isoformat(), last.id))
