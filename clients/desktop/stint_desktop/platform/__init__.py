"""What differs from system to system, behind one small interface.

Each says honestly what it cannot do: a reason instead of a pretence.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol

from stint_desktop.platform.keys import Combination


class Unsupported(Exception):
    """This system cannot do it; str() is a sentence for people that says why and what to do instead."""


class Shortcut(Protocol):
    """A key combination that is held for this program while other programs have the keyboard."""

    def release(self) -> None:
        """Give the keys back."""


class Platform(Protocol):
    """What the desktop app asks of the system it runs on."""

    def idle_seconds(self) -> float | None:
        """Return for how long no key and no mouse was touched; None where that cannot be told.

        It may ask another process and wait for up to a second: not for the thread that draws.
        """

    def why_not_idle(self) -> str:
        """Return a sentence that says why idleness cannot be told here; empty where it can."""

    def starts_with_computer(self) -> bool:
        """Return whether the app is started when its user signs in to this computer."""

    def start_with_computer(self, wanted: bool) -> None:
        """Have it started then, or not.

        Raises:
            OSError: the place where the system keeps this cannot be written.

        """

    def shortcut(self, keys: Combination, pressed: Callable[[], None]) -> Shortcut:
        """Hold a key combination for this program; `pressed` is called in a thread of its own.

        Raises:
            Unsupported: this system, or another program that has the keys, does not let it.

        """


def current() -> Platform:
    """Return that of the system this runs on."""
    if sys.platform == "win32":
        from stint_desktop.platform.windows import Windows

        return Windows()
    if sys.platform == "darwin":
        from stint_desktop.platform.macos import MacOS

        return MacOS()
    from stint_desktop.platform.linux import Linux

    return Linux()
