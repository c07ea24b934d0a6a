"""Minds what people forget: that they went away with the timer running, and that nothing runs."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from stint_desktop.idle import CHECK_EVERY, Absence, Watch
from stint_desktop.model import Link, State
from stint_desktop.platform import Platform
from stint_desktop.preferences import Preferences
from stint_desktop.reminding import Reminder
from stint_desktop.work import Work


class Minder(QObject):
    """Looks every 15 seconds, and only while there is something to mind."""

    away = Signal(object, object)
    """An Absence by the server's clock, and the Running entry that ran through it."""
    nothing_runs = Signal()

    def __init__(self, parent: QObject, platform: Platform, work: Work) -> None:
        super().__init__(parent)
        self._platform, self._work, self._state = platform, work, State()
        self._timer = QTimer(self)
        self._timer.setInterval(int(CHECK_EVERY.total_seconds() * 1000))
        self._timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._timer.timeout.connect(self.look)
        self.prefer(Preferences())

    def prefer(self, preferences: Preferences) -> None:
        """Follow other preferences from now on."""
        self._preferences = preferences
        self._watch = Watch(preferences.idle_after)
        self._reminder = Reminder(preferences.hours, preferences.remind_every)
        self._arrange()

    def show_state(self, state: State) -> None:
        """Follow how things are."""
        before, self._state = self._state, state
        if bool(before.running) != bool(state.running):
            self._watch.forget()
        self._arrange()

    def _arrange(self) -> None:
        connected = self._state.link is not Link.NONE
        mind = self._preferences.idle_on if self._state.running else self._preferences.remind
        if (connected and mind) == self._timer.isActive():
            return
        if self._timer.isActive():
            self._timer.stop()
        else:
            self._timer.start()
            self.look()

    def look(self) -> None:
        """Ask the system how long nothing was touched, and take it in."""
        self._work.do(self._platform.idle_seconds, self.take_in)

    def take_in(self, idle_seconds: float | None) -> None:
        """Tell an absence that ended, or that nothing runs."""
        now = datetime.now(UTC)
        running = self._state.running
        due = self._reminder.due(now.astimezone(), running=running is not None, idle_seconds=idle_seconds)
        if due and self._preferences.remind:
            self.nothing_runs.emit()
        if running is None or not self._preferences.idle_on:
            return
        absence = self._watch.look(now, idle_seconds)
        ahead = self._state.ahead
        inside = absence and Absence(absence.start + ahead, absence.end + ahead).within(running.start)
        if inside and inside.seconds >= self._preferences.idle_after.total_seconds():
            self.away.emit(inside, running)
