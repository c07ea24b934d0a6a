"""Small parts that windows are made of."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from stint_desktop import icons


def label(parent: QWidget, name: str = "", text: str = "", *, wrap: bool = False) -> QLabel:
    """Return a text; `name` is what the style sheet knows it by."""
    made = QLabel(text, parent)
    made.setObjectName(name)
    made.setWordWrap(wrap)
    # What people wrote is shown as they wrote it.
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def sign_button(parent: QWidget, name: str) -> QToolButton:
    """Return a button that shows a sign; `name` is what the style sheet knows it by."""
    made = QToolButton(parent)
    made.setObjectName(name)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def show_sign(button: QToolButton, sign: str, said: str, color: str, size: int) -> None:
    """Show a sign on a button, and say what it does to those who point at it or hear it."""
    button.setIcon(QIcon(icons.sign(sign, color, size, button.devicePixelRatioF())))
    button.setIconSize(QSize(size, size))
    button.setToolTip(said)
    button.setAccessibleName(said)
