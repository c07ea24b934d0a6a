"""What is said of values that are none: in words, with what would be one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import pytest

from stint.api.faults import invalid


class Asked(msgspec.Struct, forbid_unknown_fields=True, rename={"first": "from"}):
    first: date | None = None
    at: datetime | None = None
    id: UUID | None = None
    view: Literal["list", "week"] | None = None
    views: list[Literal["list", "week"]] = []
    count: Annotated[int, msgspec.Meta(ge=1, le=5)] = 1
    rate: float = 0
    on: bool = False
    code: Annotated[str, msgspec.Meta(min_length=2, max_length=3)] = "ab"


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"from": "2026-02-30"}, "from", "must be a day, as in 2026-11-23"),
        ({"at": "noon"}, "at", "must be a time with its zone, as in 2026-11-23T09:00:00Z"),
        ({"at": 5}, "at", "must be a time with its zone, as in 2026-11-23T09:00:00Z"),
        ({"id": "1"}, "id", "must be a UUID"),
        ({"view": "month"}, "view", "must be one of list, week"),
        ({"views": ["month"]}, "views", "must be one of list, week"),
        ({"views": "list"}, "views", "must be a list"),
        ({"count": "x"}, "count", "must be a whole number"),
        ({"count": 0}, "count", "must be at least 1"),
        ({"count": 6}, "count", "must be at most 5"),
        ({"rate": "x"}, "rate", "must be a number"),
        ({"on": "x"}, "on", "must be true or false"),
        ({"code": 1}, "code", "must be a text"),
        ({"code": "a"}, "code", "must have at least 2 characters"),
        ({"code": "abcd"}, "code", "must have at most 3 characters"),
        ({"more": 1}, "more", "is no field of this call"),
        ([], "body", "must be an object with fields"),
    ],
)
def test_a_fault_names_its_field_and_what_it_may_hold(given: Any, field: str, message: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(msgspec.json.encode(given), type=Asked)
    (told,) = invalid(caught.value, Asked).errors
    assert (told.field, told.message) == (field, message)
