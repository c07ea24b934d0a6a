"""Whose time it is: people of a source by their verified e-mail, or as an Administrator said."""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

from stint.accounts.queries import verified_addresses, zones
from stint.imports.jobs import UnmatchedPerson
from stint.imports.models import MappedPerson


def key_of(name: str, email: str) -> str:
    """Return by what somebody of a source is known: the e-mail in lower case, or the name where there is none."""
    return (email or name).strip().casefold()[:320]


class People:
    """The people of one import. Who is not found is counted, unless their time is to be left out."""

    def __init__(self, account_id: int) -> None:
        self._addresses = verified_addresses(account_id, disabled_too=True)
        mapped = MappedPerson.objects.filter(account_id=account_id)
        self._mapped: dict[str, int | None] = dict(mapped.values_list("key", "user_id"))
        self._unmatched: Counter[tuple[str, str]] = Counter()
        self.zones: dict[int, ZoneInfo] = zones(account_id)
        self.left_out = 0

    def find(self, name: str, email: str) -> int | None:
        """Return the user, or None."""
        key = key_of(name, email)
        if key in self._mapped:
            return self._mapped[key]
        return self._addresses.get(email.strip().lower()) if email else None

    def miss(self, name: str, email: str) -> None:
        """Count an entry of somebody who was not found."""
        if key_of(name, email) in self._mapped:
            self.left_out += 1
        else:
            self._unmatched[name, email] += 1

    @property
    def unmatched(self) -> list[UnmatchedPerson]:
        """Who was not found, those with most entries first."""
        return [
            UnmatchedPerson(name, email, entries) for (name, email), entries in self._unmatched.most_common()
        ]
