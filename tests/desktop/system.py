"""A system that does what a test says, in place of Linux, Windows or macOS."""

from __future__ import annotations

from collections.abc import Callable

from stint_desktop.platform import Unsupported
from stint_desktop.platform.keys import Combination


class Keys:
    """Held keys."""

    def __init__(self, system: System) -> None:
        self._system = system

    def release(self) -> None:
        self._system.held = None


class System:
    """Tells what was set: `idle` seconds, `autostart`, which keys are `held` and by whom."""

    def __init__(self) -> None:
        self.idle: float | None = 0
        self.autostart = False
        self.held: tuple[Combination, Callable[[], None]] | None = None
        self.refuses: Exception | None = None

    def idle_seconds(self) -> float | None:
        return self.idle

    def why_not_idle(self) -> str:
        return "" if self.idle is not None else "This system does not tell."

    def starts_with_computer(self) -> bool:
        return self.autostart

    def start_with_computer(self, wanted: bool) -> None:
        if self.refuses:
            raise self.refuses
        self.autostart = wanted

    def shortcut(self, keys: Combination, pressed: Callable[[], None]) -> Keys:
        if keys.key == "X":
            raise Unsupported("Another program has this shortcut.")
        self.held = (keys, pressed)
        return Keys(self)
