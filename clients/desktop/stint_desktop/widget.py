"""The task widget: a small card that stays on top and shows the timer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QHideEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stint_desktop import icons
from stint_desktop.model import Link, State, Task
from stint_desktop.palette import colors
from stint_desktop.parts import label, show_sign, sign_button
from stint_desktop.texts import gettext_ as _
from stint_desktop.texts import ngettext
from stint_desktop.times import counted

WIDTH = 380
_SECOND = 1000
_SIGN, _SMALL_SIGN = 16, 12
_ROUND = 34
_LONGEST_NOTE = 3000


class TaskButton(QPushButton):
    """The name of the task with its colour; a click opens the picker."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._task: Task | None = None
        self.setFlat(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumHeight(30)
        self.show_task(None)

    def show_task(self, task: Task | None) -> None:
        """Show a task, or that there is none."""
        self._task = task
        name = task.name if task else _("No task")
        self.setText(name)
        self.setToolTip(" / ".join(task.path) if task else _("Choose a task"))
        self.setAccessibleName(_("Task: %(name)s. Choose another") % {"name": name})
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a dot, the name cut to what fits, and the sign of a drop-down."""
        palette, painter = colors(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QColor(palette.primary if self.hasFocus() else palette.line))
            painter.setBrush(QColor(palette.raised))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        middle = self.height() / 2
        dot = QRectF(8, middle - 5, 10, 10)
        color = QColor(self._task.color or palette.muted) if self._task else QColor(palette.muted)
        painter.setPen(QPen(color, 1.5))
        painter.setBrush(color if self._task else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(dot)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if self._task else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(palette.ink if self._task else palette.muted))
        room = self.rect().adjusted(26, 0, -26, 0)
        name = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        chevron = icons.sign("down", palette.muted, 12, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(self.width() - 20, int(middle) - 6), chevron)


class TaskWidget(QWidget):
    """The card. It shows a `State` and says what was asked of it; it decides nothing."""

    start_asked = Signal(str)
    """Start without a task; the note."""
    stop_asked = Signal()
    pick_asked = Signal()
    note_given = Signal(str)
    """The note of the running entry is to be this."""
    read = Signal()
    """The notices were read."""
    moved = Signal(QPoint)
    """It was dragged here."""

    def __init__(self, menu: QMenu) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint,
        )
        self._menu, self._state, self._grip = menu, State(), QPoint()
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        # A tool window that closes must not take the program with it.
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle("Stint")
        self.setFixedWidth(WIDTH)
        # The keyboard is nowhere until Tab or a click says where.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.SizeAllCursor)
        self._build()
        self._second = QTimer(self, interval=_SECOND)
        self._second.timeout.connect(self._count)
        self.show_state(self._state)

    def _build(self) -> None:
        self.task = TaskButton(self)
        self.task.clicked.connect(self.pick_asked)
        self.elapsed = label(self, "elapsed")
        figures = QFont(self.font())
        figures.setPointSizeF(figures.pointSizeF() * 1.25)
        figures.setWeight(QFont.Weight.DemiBold)
        figures.setFeature(QFont.Tag("tnum"), 1)
        self.elapsed.setFont(figures)
        self.elapsed.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.elapsed.setMinimumWidth(QFontMetrics(figures).horizontalAdvance("00:00:00"))
        self.toggle = sign_button(self, "toggle")
        self.toggle.setFixedSize(_ROUND, _ROUND)
        self.toggle.clicked.connect(self._toggle)
        self.note = QLineEdit(self)
        self.note.setObjectName("note")
        self.note.setMaxLength(_LONGEST_NOTE)
        self.note.setPlaceholderText(_("What are you working on?"))
        self.note.setAccessibleName(_("Note"))
        self.note.setCursor(Qt.CursorShape.IBeamCursor)
        self.note.editingFinished.connect(self._note_done)
        self.note.returnPressed.connect(self._note_entered)
        self.hide_button = sign_button(self, "hide")
        self.hide_button.clicked.connect(self.hide)
        self.status = label(self, "status", wrap=True)
        self.got_it = QPushButton(_("Got it"), self)
        self.got_it.setObjectName("got-it")
        self.got_it.setCursor(Qt.CursorShape.PointingHandCursor)
        self.got_it.clicked.connect(self.read)
        self._lay_out()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.task, 1)
        top.addWidget(self.elapsed)
        top.addWidget(self.toggle)
        below = QHBoxLayout()
        below.setSpacing(4)
        below.addWidget(self.note, 1)
        below.addWidget(self.hide_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 10, 12, 8)
        whole.setSpacing(4)
        whole.addLayout(top)
        whole.addLayout(below)
        said = QHBoxLayout()
        said.addWidget(self.status, 1)
        said.addWidget(self.got_it, 0, Qt.AlignmentFlag.AlignBottom)
        whole.addLayout(said)

    def show_state(self, state: State) -> None:
        """Show how things are now."""
        before, self._state = self._state, state
        running = state.running
        self.task.show_task(running.task if running else None)
        note = running.note if running else ""
        other = (before.running and before.running.id) != (running and running.id)
        # What somebody is typing is theirs until the timer is another.
        if (other and (running or before.running)) or (running and not self.note.hasFocus()):
            self.note.setText(note)
        self._dress()
        said = status_line(state)
        self.status.setText(said)
        self.status.setVisible(bool(said))
        self.got_it.setVisible(bool(state.notices))
        self.adjustSize()
        self._count()
        self._beat()

    def _dress(self) -> None:
        palette = colors()
        running = self._state.running is not None
        fill = palette.danger if running else palette.primary
        on_fill = palette.paper if running else palette.on_primary
        said = _("Stop") if running else _("Start")
        show_sign(self.toggle, "stop" if running else "play", said, on_fill, _SIGN)
        show_sign(self.hide_button, "close", _("Hide; the tray icon stays"), palette.muted, _SMALL_SIGN)
        self.setStyleSheet(f"""
            #toggle {{ background: {fill}; border: 2px solid {fill}; border-radius: {_ROUND // 2}px; }}
            #toggle:focus {{ border-color: {palette.ink}; }}
            #hide {{ background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 5px; }}
            #hide:hover, #hide:focus {{ border-color: {palette.line}; background: {palette.raised}; }}
            #elapsed {{ color: {palette.ink if running else palette.muted}; }}
            #got-it {{ padding: 3px 8px; }}
            #status {{ color: {palette.muted}; padding: 0 4px 2px 4px; }}
        """)

    def _count(self) -> None:
        self.elapsed.setText(counted(self._state.seconds()))

    def _beat(self) -> None:
        """Count by the second while somebody can see it, else not at all."""
        wanted = self._state.running is not None and self.isVisible()
        if wanted != self._second.isActive():
            self._second.start() if wanted else self._second.stop()

    def _toggle(self) -> None:
        if self._state.running:
            self._note_done()
            self.stop_asked.emit()
        else:
            self.start_asked.emit(self.note.text().strip())

    def _note_entered(self) -> None:
        if not self._state.running:
            self._toggle()

    def _note_done(self) -> None:
        typed = self.note.text().strip()
        if self._state.running and typed != self._state.running.note:
            self.note_given.emit(typed)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system from day to night."""
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "status"):
            self._dress()
            self.update()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to count."""
        super().showEvent(event)
        self.setFocus()
        self._count()
        self._beat()

    def hideEvent(self, event: QHideEvent) -> None:
        """Count no more."""
        super().hideEvent(event)
        self._beat()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card."""
        palette, painter = colors(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(palette.line))
        painter.setBrush(QColor(palette.paper))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the same menu as the tray icon."""
        self._menu.popup(event.globalPos())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the card. Under Wayland only the desktop may move a window."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._grip = event.globalPosition().toPoint() - self.pos()
        if QGuiApplication.platformName() == "wayland" and (window := self.windowHandle()):
            window.startSystemMove()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.move(event.globalPosition().toPoint() - self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Say where it was put."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.moved.emit(self.pos())

    def put(self, place: QPoint | None) -> None:
        """Move to a place remembered, if a screen still shows it; else to the lower right corner."""
        self.adjustSize()
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        seen = place is not None and any(
            screen.contains(place) and screen.contains(place + QPoint(self.width() // 2, self.height()))
            for screen in screens
        )
        if place is not None and seen:
            self.move(place)
        elif screens:
            self.move(screens[0].bottomRight() - QPoint(self.width() + 24, self.height() + 24))


def status_line(state: State) -> str:
    """Return what the card says about its server; nothing while all is well."""
    waiting = (
        ngettext("%d change waits to be sent.", "%d changes wait to be sent.", state.queued) % state.queued
        if state.queued
        else ""
    )
    count = len(state.refused)
    refused = (
        ngettext("%d change was refused: see the menu.", "%d changes were refused: see the menu.", count)
        % count
        if count
        else ""
    )
    said = {
        Link.NONE: _("Not connected to a Stint server."),
        Link.OFFLINE: _("Offline."),
        Link.SIGNED_OUT: _("Please sign in again."),
    }.get(state.link, "")
    return " ".join(part for part in (said, waiting, refused, state.trouble, *state.notices) if part)
