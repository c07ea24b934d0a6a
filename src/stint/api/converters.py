"""Ids in addresses. One that no row can have matches no route, so it is answered as not there."""

from __future__ import annotations

from uuid import UUID

from django.urls import register_converter

from stint.api.reading import LARGEST_ID


class IdConverter:
    """A positive 64-bit integer."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """Return the id; ValueError, which means no match, when it is too large."""
        number = int(value)
        if number > LARGEST_ID:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        """Return the id as it stands in an address."""
        return str(value)


class EntryIdConverter:
    """A UUID in any of its usual spellings."""

    regex = "[0-9a-fA-F-]{32,36}"

    def to_python(self, value: str) -> UUID:
        """Return the id; ValueError, which means no match, when it is none."""
        return UUID(value)

    def to_url(self, value: UUID) -> str:
        """Return the id as it stands in an address."""
        return str(value)


register_converter(IdConverter, "id")
register_converter(EntryIdConverter, "entry_id")
