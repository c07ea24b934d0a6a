"""The `stint` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command of this process's arguments."""
    # Shell prompts ask it at every line: it does without the parser of all commands, which takes longer to load.
    if sys.argv[1:] in (["status"], ["status", "--json"]):
        from stint.cli.status import show

        show(as_json=sys.argv[-1] == "--json")
        return
    from stint.cli.app import app

    app()
