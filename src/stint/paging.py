"""Pages of long lists: a cursor is the sort key of the last item, opaque to whoever carries it."""

from __future__ import annotations

import base64
import binascii
from typing import Generic, TypeVar

import msgspec
from django.utils.translation import gettext as _

from stint.errors import Invalid

T = TypeVar("T")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some items of a list, and the cursor of what follows (None at the end)."""

    items: list[T]
    next: str | None = None


def cursor_of(*key: str | int) -> str:
    """Return the cursor that continues after the item with this sort key."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def key_of(cursor: str, kind: type[T]) -> T:
    """Return the sort key in `cursor`, as `kind` (a tuple type).

    Raises:
        Invalid: the cursor was not made by `cursor_of` for this list.

    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=kind)
    except (binascii.Error, msgspec.DecodeError, ValueError):
        raise Invalid("cursor", _("is not a cursor of this list; start again without one")) from None
