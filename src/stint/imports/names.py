"""Under which other ids entries of an account are known: those that two sources tell, or one told otherwise before."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from stint.imports.models import KnownAs


class Names:
    """What is known of them, and what an import adds."""

    def __init__(self, account_id: int) -> None:
        self._account_id = account_id
        self._any = KnownAs.objects.filter(account_id=account_id).exists()
        self._found: dict[str, str] = {}
        self._added: dict[str, str] = {}

    def of(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the ids of the entries that are known under some of the given ones."""
        if not self._any:
            return {}
        found = KnownAs.objects.filter(pk__in=[UUID(id_) for id_ in ids])
        read = {str(id_): str(entry_id) for id_, entry_id in found.values_list("pk", "entry_id")}
        self._found |= read
        return read

    def add(self, id_: str, entry_id: str) -> None:
        """Note that what has the one id is the entry with the other one."""
        if self._found.get(id_, id_) != entry_id:
            self._added[id_] = entry_id

    def store(self) -> None:
        """Write what was noted."""
        added, self._added = self._added, {}
        KnownAs.objects.bulk_create(
            [
                KnownAs(id=UUID(id_), account_id=self._account_id, entry_id=UUID(entry_id))
                for id_, entry_id in added.items()
            ],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["entry_id"],
        )
        self._any = self._any or bool(added)
