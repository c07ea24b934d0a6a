"""The command `stint-desktop`."""

from __future__ import annotations

import argparse
import logging
import signal
import sys

from stint import __version__

MISSING = "stint-desktop: the desktop app is not installed; run: pip install 'stint[desktop]'"


def main() -> None:
    """Run the app, or tell the one that runs already."""
    wanted = _arguments(sys.argv[1:])
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as missing:
        if missing.name is None or not missing.name.startswith(("PySide6", "shiboken6")):
            sys.exit(f"stint-desktop: {missing}")
        sys.exit(MISSING)
    # Ctrl+C in a terminal ends it as any other program: the queue is on the disk before anything is sent.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from stint_desktop.running import run

    sys.exit(run(wanted.command, quiet=wanted.quiet))


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="stint-desktop", description="Stint in the tray. A second start tells the first what is wanted."
    )
    parser.add_argument("--version", action="version", version=f"stint-desktop {__version__}")
    parser.add_argument("--quiet", action="store_true", help="start in the tray, without the widget")
    commands = parser.add_mutually_exclusive_group()
    commands.add_argument(
        "--pick", dest="command", action="store_const", const="pick", help="choose a task and start it"
    )
    commands.add_argument("--stop", dest="command", action="store_const", const="stop", help="stop the timer")
    parser.set_defaults(command="show")
    return parser.parse_args(given)
