"""What the server refused for good: to try again, or to discard."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from stint_desktop.model import Refused
from stint_desktop.parts import label
from stint_desktop.texts import gettext_ as _

_WIDTH = 420


class ProblemsDialog(QDialog):
    """Lists what was refused; closes when nothing is left."""

    retry_asked = Signal(int)
    discard_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__(None)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle(_("Changes that were refused"))
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 18, 20, 20)
        whole.setSpacing(10)
        whole.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        whole.addWidget(label(self, "heading", _("Changes that were refused")))
        whole.addLayout(self._list)

    def show_problems(self, refused: tuple[Refused, ...]) -> None:
        """Show these now."""
        while (item := self._list.takeAt(0)) is not None:
            if card := item.widget():
                card.deleteLater()
        for each in refused:
            self._list.addWidget(self._card(each))
        if not refused:
            self.accept()

    def _card(self, refused: Refused) -> QFrame:
        card = QFrame(self)
        card.setObjectName("card")
        card.setFixedWidth(_WIDTH)
        inside = QVBoxLayout(card)
        inside.addWidget(label(card, text=refused.text, wrap=True))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for text, signal in ((_("Discard"), self.discard_asked), (_("Try again"), self.retry_asked)):
            button = QPushButton(text, card)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, signal=signal: signal.emit(refused.number))
            buttons.addWidget(button)
        inside.addLayout(buttons)
        return card
