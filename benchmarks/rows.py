"""PostgreSQL with so many time entries: what the busiest questions take, by which index and how many pages.

Accounts of 200 people share one table, a million entries of a year in each, stored in the order of time: the rows of
one account lie as far apart as they do in use.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec

from benchmarks.figures import Figure, figure
from benchmarks.processes import measured
from tools import with_postgres

ROWS = 200_000
SECONDS_A_MILLION = 120


class Statement(msgspec.Struct):
    """One statement as PostgreSQL carried it out: pages are of 8 kB, read from its memory or not."""

    indexes: list[str]
    pages: int
    ms: float


class Act(msgspec.Struct):
    """What somebody does: the milliseconds of the whole call, and its statements over entries."""

    what: str
    ms: float
    statements: list[Statement]


class Found(msgspec.Struct):
    """The acts, and bytes of an entry in its row and in the indexes."""

    acts: list[Act]
    row_bytes: float
    index_bytes: dict[str, float]


def run(count: int = ROWS) -> list[Figure]:
    """Fill a fresh PostgreSQL with `count` entries and measure; none where it is not installed."""
    binaries = with_postgres.programs()
    if binaries is None:
        return []
    seconds = 120 + SECONDS_A_MILLION * count // 1_000_000
    with with_postgres.cluster(binaries) as url, tempfile.TemporaryDirectory() as data:
        told = measured(
            "benchmarks.rows_round", str(count), data=Path(data), seconds=seconds, DATABASE_URL=url
        )
    found = msgspec.convert(told, Found)
    entries = f"{count:,} entries"
    figures = [figure("rows", f"{act.what}, {entries}", act.ms, "ms", note=_note(act)) for act in found.acts]
    whole = sum(found.index_bytes.values())
    sizes = ", ".join(f"{name} {size:.0f}" for name, size in sorted(found.index_bytes.items()))
    return [
        *figures,
        figure("rows", f"row of an entry, {entries}", found.row_bytes, "bytes"),
        figure("rows", f"indexes of an entry, {entries}", whole, "bytes", note=sizes),
    ]


def _note(act: Act) -> str:
    return "; ".join(
        f"{' + '.join(one.indexes) or 'no index'}, {one.pages:,} pages, {one.ms:.3g} ms"
        for one in act.statements
    )
