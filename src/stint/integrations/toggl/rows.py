"""The rows of one list answer, whatever form the list came in."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import msgspec

from .bodies import TaskPage, identifier
from .errors import TogglBadAnswer
from .words import gettext as _

T = TypeVar("T")

PER_PAGE = 200


class Rows(msgspec.Struct, Generic[T]):
    """The rows of one answer; `broken` counts those that are no objects; total and size as an envelope tells."""

    rows: list[T]
    broken: int = 0
    total: int | None = None
    size: int = PER_PAGE


def rows_of(body: bytes, kind: type[T], endpoint: str) -> Rows[T]:
    """Return the rows of a plain array, of an envelope with `data`, or of null.

    Raises:
        TogglBadAnswer: the body is none of these.

    """
    try:
        if body.lstrip()[:1] != b"{":
            return _array(body, kind)
        page = msgspec.json.decode(body, type=TaskPage)
        found = _array(page.data, kind)
    except (msgspec.DecodeError, RecursionError) as error:
        raise TogglBadAnswer(endpoint, _("it has an unexpected shape"), status=200) from error
    found.total = identifier(page.total_count)
    found.size = min(identifier(page.per_page) or PER_PAGE, PER_PAGE)
    return found


def _array(body: bytes | msgspec.Raw, kind: type[T]) -> Rows[T]:
    try:
        return Rows(msgspec.json.decode(body, type=list[kind] | None) or [])  # type: ignore[valid-type]
    except msgspec.ValidationError:
        found: list[Any] = msgspec.json.decode(body, type=list[Any])
    objects = [msgspec.convert(row, kind) for row in found if isinstance(row, dict)]
    return Rows(objects, broken=len(found) - len(objects))
