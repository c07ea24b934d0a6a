"""The tray icon and its menu, which is also that of the widget."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from stint_desktop import icons
from stint_desktop.model import Link, State, Task
from stint_desktop.palette import colors
from stint_desktop.texts import gettext_ as _
from stint_desktop.texts import ngettext
from stint_desktop.times import clock
from stint_desktop.widget import status_line

MOST_RECENT = 7
_LONGEST = 48


class Tray(QObject):
    """Shows a `State` in the tray, and says what was chosen in its menu; it decides nothing."""

    pick_asked = Signal()
    task_chosen = Signal(object)
    stop_asked = Signal()
    widget_asked = Signal()
    timesheet_asked = Signal()
    connect_asked = Signal()
    problems_asked = Signal()
    preferences_asked = Signal()
    quit_asked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._state = State()
        self._look: tuple[icons.Face, object] | None = None
        self.menu = QMenu()
        self.menu.setToolTipsVisible(True)
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self._build()
        self.show_state(self._state)

    def _build(self) -> None:
        self.headline = self.menu.addAction("")
        self.headline.setEnabled(False)
        self.menu.addSeparator()
        self.start = self._action(_("Start a task…"), self.pick_asked.emit)
        self.stop = self._action(_("Stop"), self.stop_asked.emit)
        self._before_recent = self.menu.addSeparator()
        self._recent: list[QAction] = []
        self._after_recent = self.menu.addSeparator()
        self._action(_("Show widget"), self.widget_asked.emit)
        self.timesheet = self._action(_("Open timesheet"), self.timesheet_asked.emit)
        self.menu.addSeparator()
        self.problems = self._action("", self.problems_asked.emit)
        self.connect_ = self._action("", self.connect_asked.emit)
        self._action(_("Preferences…"), self.preferences_asked.emit)
        self._action(_("Quit Stint"), self.quit_asked.emit)

    def _action(self, text: str, act: Callable[[], None]) -> QAction:
        action = self.menu.addAction(text)
        action.triggered.connect(lambda _checked=False: act())
        return action

    def show_state(self, state: State) -> None:
        """Show how things are now."""
        tasks_before, self._state = self._state.recent, state
        connected = state.link is not Link.NONE
        self.headline.setText(headline(state))
        self.start.setEnabled(connected)
        self.stop.setVisible(state.running is not None)
        self.timesheet.setEnabled(connected)
        signed_in = state.link in (Link.ONLINE, Link.OFFLINE)
        self.connect_.setText(_("Connection…") if signed_in else _("Sign in…"))
        count = len(state.refused)
        self.problems.setVisible(bool(count))
        self.problems.setText(ngettext("%d change was refused…", "%d changes were refused…", count) % count)
        if state.recent != tasks_before:
            self._list_recent(state.recent[:MOST_RECENT])
        self.icon.setToolTip(
            " · ".join(part for part in ("Stint", headline(state), status_line(state)) if part)
        )
        self._dress()

    def _dress(self) -> None:
        look = (icons.face(self._state), colors())
        if look != self._look:
            self._look = look
            self.icon.setIcon(icons.tray_icon(icons.face(self._state), colors()))

    def dress(self) -> None:
        """Draw everything again in the colours worn now."""
        self._list_recent(self._state.recent[:MOST_RECENT])
        self._dress()

    def _list_recent(self, tasks: tuple[Task, ...]) -> None:
        for action in self._recent:
            self.menu.removeAction(action)
            action.deleteLater()
        self._recent = [self._recent_action(task) for task in tasks]
        self.menu.insertActions(self._after_recent, self._recent)

    def _recent_action(self, task: Task) -> QAction:
        # An ampersand would underline the letter after it.
        action = QAction(_cut(task.name).replace("&", "&&"), self.menu)
        action.setIcon(_dot(task))
        action.setToolTip(" / ".join(task.path))
        action.triggered.connect(lambda _checked=False: self.task_chosen.emit(task))
        return action

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.widget_asked.emit()


def headline(state: State) -> str:
    """Return what runs since when, in one line."""
    if state.link is Link.NONE:
        return _("Not connected")
    if state.running is None:
        return _("Nothing runs")
    about = state.running.task.name if state.running.task else state.running.note or _("No task")
    return _("%(what)s, since %(time)s") % {"what": _cut(about), "time": clock(state.running.start)}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _dot(task: Task) -> QIcon:
    pixmap = QPixmap(32, 32)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(0, 0, 0, 0))
    painter.setBrush(QColor(task.color or colors().muted))
    painter.drawEllipse(7, 7, 18, 18)
    painter.end()
    return QIcon(pixmap)
