"""The results as a table, as JSON, and as docs/performance.md."""

from __future__ import annotations

import os
import platform
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, verdict

ROOT = Path(__file__).parent.parent
LATEST = ROOT / "benchmarks" / "results" / "latest.json"
DOCUMENT = ROOT / "docs" / "performance.md"
HEADINGS = ("figure", "measured", "floor", "ratio", "budget", "")
INTRODUCTION = """# Performance

Made by `make bench`; do not edit by hand. One part is repeated by `.venv/bin/python -m benchmarks PART`.
Each figure is the median of interleaved runs, measured beside its floor: a bare program that does only the
work that cannot be left out. Ratios carry over to other machines; milliseconds and rates do not.
"""


class Results(msgspec.Struct):
    """What one run of `make bench` found, and on what machine."""

    at: str
    machine: dict[str, str]
    figures: list[Figure]


def machine() -> dict[str, str]:
    """Return what matters of this machine, without its name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory:.0f} GiB",
        "system": platform.system(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def show(figures: list[Figure]) -> None:
    """Print the table."""
    table = Table(*HEADINGS, title_justify="left")
    for at, figure in enumerate(figures):
        last = at + 1 == len(figures) or figures[at + 1].part != figure.part
        table.add_row(*_cells(figure), end_section=last)
    Console(width=150).print(table)


def keep(figures: list[Figure]) -> None:
    """Store the results; parts that were not run keep the figures they had."""
    if LATEST.exists():
        before = msgspec.json.decode(LATEST.read_bytes(), type=Results).figures
        parts = dict.fromkeys(figure.part for figure in [*before, *figures])
        fresh = {figure.part for figure in figures}
        known = [figure for figure in before if figure.part not in fresh] + figures
        figures = [figure for part in parts for figure in known if figure.part == part]
    results = Results(datetime.now(UTC).strftime("%Y-%m-%d"), machine(), figures)
    LATEST.parent.mkdir(exist_ok=True)
    LATEST.write_bytes(msgspec.json.format(msgspec.json.encode(results)) + b"\n")
    DOCUMENT.parent.mkdir(exist_ok=True)
    DOCUMENT.write_text(_document(results))


def _document(results: Results) -> str:
    about = ", ".join(f"{name} {value}" for name, value in results.machine.items())
    lines = [INTRODUCTION, f"Measured on {results.at}: {about}.\n"]
    for part in dict.fromkeys(figure.part for figure in results.figures):
        own = [figure for figure in results.figures if figure.part == part]
        lines += [f"## {part}\n", f"Repeat: `.venv/bin/python -m benchmarks {part}`\n"]
        if (DOCUMENT.parent / f"{part}.svg").exists():
            lines.append(f"![The figures of {part} as curves]({part}.svg)\n")
        lines.append("| figure | measured | floor | ratio | budget | |\n|---|---|---|---|---|---|")
        lines += [f"| {' | '.join(_cells(figure))} |" for figure in own]
        lines += [""] + [f"Floor: {name}.\n" for name in dict.fromkeys(f.floor_name for f in own) if name]
        lines += [f"- {figure.what}: {figure.note}" for figure in own if figure.note]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _cells(figure: Figure) -> tuple[str, ...]:
    return (
        f"{figure.part}: {figure.what}",
        f"{_number(figure.value)} {figure.unit}",
        "" if figure.floor is None else f"{_number(figure.floor)} {figure.unit}",
        "" if figure.ratio is None else f"{figure.ratio:.2f}x",
        figure.budget,
        verdict(figure),
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
