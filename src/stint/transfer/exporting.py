"""The whole of an account as one zip, streamed: see docs/export-format.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import msgspec
from django.utils.translation import gettext as _

import stint
from stint.accounts import audit
from stint.accounts.queries import Caller
from stint.database import Snapshot, snapshot
from stint.errors import NotAllowed
from stint.spreadsheets import csv_pieces
from stint.transfer import queries
from stint.transfer.records import FORMAT, VERSION, EntryRecord, Manifest, TagRecord
from stint.transfer.sheets import SHEETS
from stint.transfer.zips import Member, zipped

LINES_AT_ONCE = 250
READS: dict[str, Callable[[Snapshot, int], Iterator[msgspec.Struct]]] = {
    "people": queries.people,
    "tasks": queries.tasks,
    "assignments": queries.assignments,
    "favourites": queries.favourites,
    "reports": queries.reports,
    "currency": queries.currency,
    "rates": queries.rates,
    "budgets": queries.budgets,
    "entries": queries.entries,
    "history": queries.history,
    "invitations": queries.invitations,
    "integrations": queries.integrations,
}
READ_ME = """Everything of one account of Stint, without secrets.

manifest.json     what this is: format, version, account, number of lines in each file
*.jsonl           one JSON object a line: the data, which Stint can read back
csv/*.csv         people, tasks and time entries for spreadsheets

Read it back into an empty installation:  stint restore FILE
The format is described in docs/export-format.md of Stint.
"""


def export_account(caller: Caller) -> Iterator[bytes]:
    """Return the zip of the caller's account, in pieces; its content is that of one instant.

    Raises:
        NotAllowed: the caller is no Administrator.

    """
    if not caller.administers:
        raise NotAllowed(_("Only Administrators may export the account."))
    audit.note(caller, audit.Act.EXPORT)
    return _pieces(caller.account_id)


def export_name(account_name: str, day: str) -> str:
    """Return what the file is called, in plain letters whatever the account's name is made of."""
    plain = "".join(
        letter if letter.isascii() and letter.isalnum() else "-" for letter in account_name.lower()
    )
    words = "-".join(word for word in plain.split("-") if word)
    return "-".join(part for part in ("stint", words[:60], day) if part) + ".zip"


def _pieces(account_id: int) -> Iterator[bytes]:
    made_at = datetime.now(UTC)
    with snapshot() as of:
        yield from zipped(_members(of, account_id, made_at), made_at)


def _members(of: Snapshot, account_id: int, made_at: datetime) -> Iterator[Member]:
    manifest = Manifest(
        format=FORMAT,
        version=VERSION,
        stint=stint.__version__,
        made_at=made_at.replace(microsecond=0),
        account=queries.account(of, account_id),
        counts=queries.counts(of, account_id),
    )
    yield Member("manifest.json", [msgspec.json.format(msgspec.json.encode(manifest), indent=2)])
    yield Member("README.txt", [READ_ME.encode()])
    used: Counter[str] = Counter()
    for kind, read in READS.items():
        records: Iterator[Any] = read(of, account_id)
        if kind == "entries":
            records = _noting_tags(records, used)
        yield Member(f"{kind}.jsonl", lines(records))
    tags = (TagRecord(name, entries) for name, entries in sorted(used.items()))
    yield Member("tags.jsonl", lines(tags))
    for name, rows in SHEETS.items():
        yield Member(f"csv/{name}.csv", csv_pieces(rows(of, account_id)))


def _noting_tags(entries: Iterator[EntryRecord], used: Counter[str]) -> Iterator[EntryRecord]:
    for entry in entries:
        used.update(entry.tags)
        yield entry


def lines(records: Iterable[msgspec.Struct]) -> Iterator[bytes]:
    """Yield records as JSON, one a line, LINES_AT_ONCE in a piece."""
    encoder = msgspec.json.Encoder()
    remaining = iter(records)
    while some := list(islice(remaining, LINES_AT_ONCE)):
        yield encoder.encode_lines(some)
