"""The question what becomes of idle time."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout

from stint_desktop.idle import Absence, Choice
from stint_desktop.model import Running
from stint_desktop.parts import label
from stint_desktop.texts import gettext_ as _
from stint_desktop.times import clock, spoken

_WIDTH = 380


class IdleDialog(QDialog):
    """Asks once about one absence. Closing it keeps the time: nothing is lost by not answering."""

    decided = Signal(object)
    """The Choice; for ELSEWHERE the task is asked for next."""

    def __init__(self, absence: Absence, running: Running) -> None:
        super().__init__(None, Qt.WindowType.WindowStaysOnTopHint)
        self.absence, self.running = absence, running
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle(_("Idle time"))
        self.setFixedWidth(_WIDTH)
        self._choice = Choice.KEEP
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 18, 20, 20)
        whole.setSpacing(8)
        heading = _("You were away for %(length)s") % {"length": spoken(absence.seconds)}
        whole.addWidget(label(self, "heading", heading))
        whole.addWidget(label(self, text=self._story(), wrap=True))
        whole.addSpacing(6)
        self.buttons = {choice: self._button(choice, text) for choice, text in _choices()}
        for button in self.buttons.values():
            whole.addWidget(button)
        self.buttons[Choice.KEEP].setDefault(True)
        self.finished.connect(lambda _result: self.decided.emit(self._choice))

    def _story(self) -> str:
        what = self.running.task.name if self.running.task else self.running.note or _("No task")
        return _("Nothing was touched from %(start)s to %(end)s while “%(what)s” was running.") % {
            "start": clock(self.absence.start),
            "end": clock(self.absence.end),
            "what": what,
        }

    def _button(self, choice: Choice, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName("choice")
        button.clicked.connect(lambda _checked=False: self._choose(choice))
        return button

    def _choose(self, choice: Choice) -> None:
        self._choice = choice
        self.accept()


def _choices() -> list[tuple[Choice, str]]:
    return [
        (Choice.KEEP, _("Keep it: I was working")),
        (Choice.DISCARD, _("Discard it and go on from my return")),
        (Choice.DISCARD_AND_STOP, _("Discard it and stop the timer")),
        (Choice.ELSEWHERE, _("Book it on another task…")),
    ]
