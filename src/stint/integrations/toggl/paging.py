"""Lists of Toggl, page by page, each answer kept so that a resumed run does not ask for it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from .bodies import identifier
from .client import API, TogglClient
from .errors import TogglBadAnswer
from .rows import PER_PAGE, Rows, rows_of
from .words import gettext as _

T = TypeVar("T")

MOST_PAGES = 2000


class PageStore(Protocol):
    """Raw answers of one run by key; outlives a crash or a wait for quota."""

    def get(self, key: str) -> bytes | None:
        """Return what was put under the key."""

    def put(self, key: str, body: bytes) -> None:
        """Keep an answer."""


class Pages:
    """The lists of one workspace."""

    def __init__(
        self,
        client: TogglClient,
        workspace_id: int,
        store: PageStore,
        progress: Callable[[str, int, int | None], None],
    ) -> None:
        self._client, self._workspace_id, self._store = client, workspace_id, store
        self._progress = progress
        self.count = 0
        self.on_answer: Callable[[], object] = lambda: None

    def single(self, phase: str, resource: str, kind: type[T], params: Mapping[str, str | int]) -> Rows[T]:
        """Return a list that Toggl sends in one answer."""
        found = self._page(phase, resource, kind, params)
        self._progress(phase, len(found.rows), len(found.rows))
        return found

    def all(self, phase: str, resource: str, kind: type[T], params: Mapping[str, str | int]) -> Rows[T]:
        """Return every page of a list, stopping also where a server repeats itself."""
        everything: Rows[T] = Rows([])
        seen: set[object] = set()
        for number in range(1, MOST_PAGES + 1):
            found = self._page(phase, resource, kind, {**params, "per_page": PER_PAGE, "page": number})
            fresh = {identifier(getattr(row, "id", None)) for row in found.rows} - seen - {None}
            everything.broken += found.broken
            if number == 1 or fresh:
                everything.rows += found.rows
            seen |= fresh
            done = len(everything.rows) + everything.broken
            self._progress(phase, done, found.total)
            last = done >= found.total if found.total else len(found.rows) + found.broken < found.size
            if last or not fresh:
                return everything
        raise TogglBadAnswer(f"/{resource}", _("it goes on after %(pages)d pages") % {"pages": MOST_PAGES})

    def _page(self, phase: str, resource: str, kind: type[T], params: Mapping[str, str | int]) -> Rows[T]:
        endpoint = f"/workspaces/{self._workspace_id}/{resource}"
        key = endpoint + "?" + "&".join(f"{name}={value}" for name, value in sorted(params.items()))
        body = self._store.get(key)
        if body is None:
            body = self._client.fetch(
                "GET", API + endpoint, params=params, workspace_id=self._workspace_id, resource=phase
            ).body
            found = rows_of(body, kind, endpoint)
            self.on_answer()
            self._store.put(key, body)
        else:
            found = rows_of(body, kind, endpoint)
        self.count += 1
        return found
