"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

PANEL = "Your time, on any Stint server"
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]
Note = Annotated[str, typer.Option("--note", "-n", help="What is done.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", "-t", help="A tag; may be said several times.")]
Billable = Annotated[
    bool | None, typer.Option("--billable/--not-billable", help="Else what the task says counts.")
]
