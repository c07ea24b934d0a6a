"""macOS: idleness by Core Graphics, the start with the computer by a launch agent; shortcuts belong to Shortcuts."""

from __future__ import annotations

import ctypes
import plistlib
from collections.abc import Callable
from pathlib import Path

from stint_desktop.platform import Shortcut, Unsupported
from stint_desktop.platform.command import NAME, command
from stint_desktop.platform.keys import Combination
from stint_desktop.texts import gettext_ as _

_CORE_GRAPHICS = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"
_COMBINED_SESSION, _ANY_INPUT = 0, 0xFFFFFFFF
_LABEL = f"org.stint.{NAME}"


class MacOS:
    """macOS 11 and later."""

    def idle_seconds(self) -> float | None:
        """Ask for the seconds since the last event of any kind."""
        try:
            since = ctypes.CDLL(_CORE_GRAPHICS).CGEventSourceSecondsSinceLastEventType
        except (OSError, AttributeError):
            return None
        since.restype, since.argtypes = ctypes.c_double, [ctypes.c_int32, ctypes.c_uint32]
        return float(since(_COMBINED_SESSION, _ANY_INPUT))

    def why_not_idle(self) -> str:
        """Say so where Core Graphics is not to be had."""
        if self.idle_seconds() is not None:
            return ""
        return _("This Mac does not tell programs how long nothing was touched.")

    def starts_with_computer(self) -> bool:
        """Look for the launch agent."""
        return _agent().is_file()

    def start_with_computer(self, wanted: bool) -> None:
        """Write or remove it; launchd reads the folder when the user signs in."""
        agent = _agent()
        if not wanted:
            agent.unlink(missing_ok=True)
            return
        agent.parent.mkdir(parents=True, exist_ok=True)
        agent.write_bytes(plistlib.dumps({"Label": _LABEL, "ProgramArguments": command(), "RunAtLoad": True}))

    def shortcut(self, keys: Combination, pressed: Callable[[], None]) -> Shortcut:
        """Leave it to the Shortcuts app: holding keys wants a permission to read the whole keyboard."""
        raise Unsupported(
            _(
                "macOS asks for the right to read every key for this. Let the Shortcuts app run %(command)s instead."
            )
            % {"command": f"{NAME} --pick"}
        )


def _agent() -> Path:
    return Path.home() / "Library" / "LaunchAgents" / f"{_LABEL}.plist"
