"""The outcomes as a table, as JSON, and as docs/reliability.md."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.processes import ROOT
from benchmarks.report import machine
from torture.outcome import Options, Outcome, shown

LATEST = ROOT / "torture" / "results" / "latest.json"
DOCUMENT = ROOT / "docs" / "reliability.md"
HEADINGS = ("what", "done", "looked at", "result")
INTRODUCTION = """# Reliability

Made by `make torture`; do not edit by hand. Stint is killed, starved and cut off in every way below while people
track time and Toggl is mirrored. What must hold: nothing lost, nothing doubled, nothing half applied, and everything
goes on without hands. A part that did not hold names its faults; one that this machine could not run says so.
"""


class Part(msgspec.Struct):
    """What a part found, when, on what machine, and the command that does it again."""

    at: str
    machine: dict[str, str]
    command: str
    outcomes: list[Outcome]


def show(outcomes: list[Outcome]) -> None:
    """Print the table, and every fault below it."""
    table = Table("part", *HEADINGS, title_justify="left")
    for outcome in outcomes:
        table.add_row(outcome.part, *_cells(outcome))
    console = Console(width=160)
    console.print(table)
    for outcome in outcomes:
        for fault in shown(outcome.faults):
            console.print(f"{outcome.part}: {outcome.what}: {fault}", markup=False)


def keep(outcomes: list[Outcome], options: Options, order: Iterable[str]) -> None:
    """Store what a part found; the others keep what they had. The document has them in `order`."""
    part = outcomes[0].part
    parts = msgspec.json.decode(LATEST.read_bytes(), type=dict[str, Part]) if LATEST.exists() else {}
    parts[part] = Part(datetime.now(UTC).strftime("%Y-%m-%d"), machine(), _command(part, options), outcomes)
    parts = {name: parts[name] for name in [*order, *parts] if name in parts}
    LATEST.parent.mkdir(exist_ok=True)
    LATEST.write_bytes(msgspec.json.format(msgspec.json.encode(parts)) + b"\n")
    DOCUMENT.write_text(_document(parts))


def _command(part: str, options: Options) -> str:
    more = {"kills": f" --kills {options.kills}", "soak": f" --minutes {options.minutes:g}"}.get(part, "")
    return f".venv/bin/python -m torture {part} --seed {options.seed}{more}"


def _document(parts: dict[str, Part]) -> str:
    lines = [INTRODUCTION]
    for name, part in parts.items():
        about = ", ".join(f"{what} {value}" for what, value in part.machine.items())
        lines += [f"## {name}\n", f"On {part.at}: {about}.", f"Repeat: `{part.command}`\n"]
        lines += [f"| {' | '.join(HEADINGS)} |", "|---|---|---|---|"]
        lines += [f"| {' | '.join(_cells(outcome))} |" for outcome in part.outcomes]
        lines.append("")
        lines += [f"- {outcome.what}: {outcome.note}" for outcome in part.outcomes if outcome.note]
        lines += [f"- {o.what}: fault: {fault}" for o in part.outcomes for fault in shown(o.faults)]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _cells(outcome: Outcome) -> tuple[str, ...]:
    return (outcome.what, outcome.done, outcome.checked, outcome.result)
