"""How a system starts this program again."""

from __future__ import annotations

import sys
from pathlib import Path

NAME = "stint-desktop"


def command() -> list[str]:
    """Return program and arguments that start the app without its widget in the way."""
    installed = Path(sys.executable).with_name(NAME)
    program = [str(installed)] if installed.exists() else [sys.executable, "-m", "stint_desktop"]
    return [*program, "--quiet"]
