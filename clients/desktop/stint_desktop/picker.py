"""The task picker: a search box above favourites, recent tasks and the tree, of which a level is loaded at a time."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from stint_desktop import icons
from stint_desktop.model import Task
from stint_desktop.palette import colors
from stint_desktop.parts import label
from stint_desktop.texts import gettext_ as _

SIZE = QSize(380, 420)
ROW = 30
_ARROW = 11
PATIENCE = 150  # ms after the last letter
_TASK = Qt.ItemDataRole.UserRole
_KIND = Qt.ItemDataRole.UserRole + 1
_ABOVE = Qt.ItemDataRole.UserRole + 2  # whether the row says what its task stands under


class Kind(enum.Enum):
    """What a row of the list is."""

    SECTION = "section"
    TASK = "task"
    NO_TASK = "no-task"
    MORE = "more"
    NOTE = "note"


@dataclass(frozen=True)
class Level:
    """Some of the tasks below one; `more` leads to the rest, None at the end."""

    tasks: tuple[Task, ...]
    more: str | None = None


class Source(Protocol):
    """Where tasks come from. Answers arrive later, in the thread of the windows; None when there are none to be had."""

    def level(self, parent: int | None, more: str | None, told: Callable[[Level | None], None]) -> None:
        """Ask for tasks below `parent`; for the roots without."""

    def found(self, words: str, told: Callable[[tuple[Task, ...] | None], None]) -> None:
        """Ask for the tasks that words find, best first."""


class TaskPicker(QFrame):
    """A drop-down that says which task was chosen; None is "No task"."""

    chosen = Signal(object)

    def __init__(self, source: Source, parent: QWidget | None = None) -> None:
        """`parent` is what it drops down from: Wayland places it by that."""
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._source = source
        self._favourites: Sequence[Task] = ()
        self._recent: Sequence[Task] = ()
        self._asked = 0
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.resize(SIZE)
        self.heading = label(self, "muted")
        self.search = QLineEdit(self, clearButtonEnabled=True)
        self.search.setPlaceholderText(_("Search tasks"))
        self.search.setAccessibleName(_("Search tasks"))
        self.search.textChanged.connect(self._typed)
        self.search.installEventFilter(self)
        self.list = _Tree(self)
        self.list.setHeaderHidden(True)
        self.list.setIndentation(16)
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(_("Tasks"))
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # The current row is the chosen one: a selection would paint beside the row, too.
        self.list.setSelectionMode(QTreeWidget.SelectionMode.NoSelection)
        self.list.setRootIsDecorated(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QTreeWidget.ScrollMode.ScrollPerPixel)
        self.list.itemClicked.connect(self._take)
        self.list.itemExpanded.connect(self._unfolded)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 10, 8, 10)
        whole.setSpacing(8)
        for part in (self.heading, self.search, self.list):
            whole.addWidget(part)
        self._pause = QTimer(self, singleShot=True, interval=PATIENCE)
        self._pause.timeout.connect(self._look_up)

    def open_at(
        self, corner: QPoint, heading: str, favourites: Sequence[Task] = (), recent: Sequence[Task] = ()
    ) -> None:
        """Open with its upper left at `corner`, or where the screen has room."""
        self._favourites, self._recent = favourites, recent
        self.heading.setText(heading)
        self.search.clear()
        self._show_all()
        self.move(_inside_screen(QRect(corner, self.size())))
        self.show()
        self.activateWindow()
        self.search.setFocus()

    def _show_all(self) -> None:
        self._asked += 1
        self.list.clear()
        liked = {task.id for task in self._favourites}
        self._add_section(_("Favourites"), self._favourites)
        self._add_section(_("Recent"), [task for task in self._recent if task.id not in liked])
        _row(self.list.invisibleRootItem(), Kind.SECTION, _("All tasks"))
        _row(self.list.invisibleRootItem(), Kind.NO_TASK, _("No task"))
        self._select_first()
        self._load(self.list.invisibleRootItem(), None)

    def _add_section(self, name: str, tasks: Sequence[Task]) -> None:
        if tasks:
            root = self.list.invisibleRootItem()
            _row(root, Kind.SECTION, name)
            for task in tasks:
                _task_row(root, task, alone=True)

    def _load(self, below: QTreeWidgetItem, more: str | None) -> None:
        """Ask for a level and hang it below an item, unless the list is another by then."""
        asked, task = self._asked, below.data(0, _TASK)

        def told(level: Level | None) -> None:
            if asked == self._asked:
                self._hang(below, level)

        self._source.level(task.id if task else None, more, told)

    def _hang(self, below: QTreeWidgetItem, level: Level | None) -> None:
        for item in _children(below):
            if item.data(0, _KIND) in (Kind.NOTE, Kind.MORE):
                below.removeChild(item)
        if level is None:
            _row(below, Kind.NOTE, _("The other tasks show when Stint is reached again."))
            return
        items = [_task_row(below, task) for task in level.tasks]
        if level.more:
            _row(below, Kind.MORE, _("Show more")).setData(0, _TASK, level.more)
        at_root = below is self.list.invisibleRootItem()
        if at_root and len(items) == 1 and items[0].childCount():
            # A single root says nothing by itself.
            items[0].setExpanded(True)

    def _unfolded(self, item: QTreeWidgetItem) -> None:
        if [child.data(0, _KIND) for child in _children(item)] == [Kind.NOTE]:
            self._load(item, None)

    def _typed(self) -> None:
        if self.search.text().strip():
            self._pause.start()
        else:
            self._pause.stop()
            self._show_all()

    def _look_up(self) -> None:
        self._asked += 1
        asked, words = self._asked, self.search.text().strip()

        def told(found: tuple[Task, ...] | None) -> None:
            if asked == self._asked:
                self._show_found(words, found)

        self._source.found(words, told)

    def _show_found(self, words: str, found: tuple[Task, ...] | None) -> None:
        self.list.clear()
        root = self.list.invisibleRootItem()
        if found is None:
            _row(root, Kind.NOTE, _("Offline: searched in favourite and recent tasks."))
            known = dict.fromkeys((*self._favourites, *self._recent))
            found = tuple(task for task in known if _matches(task, words))
        for task in found:
            _task_row(root, task, alone=True)
        if not found:
            _row(root, Kind.NOTE, _("No task matches “%(words)s”.") % {"words": words})
        self._select_first()

    def _select_first(self) -> None:
        items = _children(self.list.invisibleRootItem())
        first = next((item for item in items if _can_be_taken(item)), None)
        if first:
            self.list.setCurrentItem(first)

    def _take(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            return
        kind, task = item.data(0, _KIND), item.data(0, _TASK)
        if kind is Kind.MORE:
            self._load(item.parent() or self.list.invisibleRootItem(), task)
        elif kind is Kind.TASK and not task.trackable:
            item.setExpanded(not item.isExpanded())
        elif _can_be_taken(item):
            self.hide()
            self.chosen.emit(task)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the search box keep the keyboard while its arrows move in the list."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentItem())
            return True
        moves = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
        folds = {Qt.Key.Key_Left, Qt.Key.Key_Right}
        if key in moves or (key in folds and not self.search.text()):
            self.list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card."""
        palette, painter = colors(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(palette.line))
        painter.setBrush(QColor(palette.paper))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 12, 12)


class _Tree(QTreeWidget):
    """A tree whose rows are drawn whole by `_Rows`, but for the arrow before those that unfold."""

    def drawBranches(
        self, painter: QPainter, area: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        if not self.model().hasChildren(index):
            return
        arrow = icons.sign("down", colors().muted, _ARROW, self.devicePixelRatioF())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.translate(area.right() - _ARROW / 2 - 2, area.center().y() + 1)
        painter.rotate(0 if self.isExpanded(index) else -90)
        painter.drawPixmap(QPointF(-_ARROW / 2, -_ARROW / 2), arrow)
        painter.restore()


class _Rows(QStyledItemDelegate):
    """Draws a row: a dot in the task's colour, its name, and quietly what it stands under."""

    def __init__(self, list_: QTreeWidget) -> None:
        super().__init__(list_)
        self._list = list_

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        kind: Kind = index.data(_KIND)
        area: QRect = option.rect
        if kind is Kind.SECTION:
            _draw_section(painter, area, index.data(), option.font)
        else:
            chosen = self._list.currentIndex() == index
            hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
            if (chosen or hovered) and kind is not Kind.NOTE:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colors().primary if chosen else colors().raised))
                painter.drawRoundedRect(area.adjusted(0, 1, -4, -1), 6, 6)
            _draw_row(painter, area, index, option.font, chosen=chosen and kind is not Kind.NOTE)
        painter.restore()


def _draw_section(painter: QPainter, area: QRect, name: str, font: QFont) -> None:
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.85)
    small.setWeight(QFont.Weight.DemiBold)
    painter.setFont(small)
    painter.setPen(QColor(colors().muted))
    painter.drawText(area.adjusted(2, 4, 0, 0), Qt.AlignmentFlag.AlignVCenter, name)


def _draw_row(
    painter: QPainter, area: QRect, index: QModelIndex | QPersistentModelIndex, font: QFont, *, chosen: bool
) -> None:
    palette, kind, name = colors(), index.data(_KIND), str(index.data())
    task = index.data(_TASK) if kind is Kind.TASK else None
    ink = palette.on_primary if chosen else palette.ink
    quiet = palette.on_primary if chosen else palette.muted
    left = area.left() + 6
    if kind in (Kind.TASK, Kind.NO_TASK):
        color = QColor((task.color if task else "") or quiet)
        painter.setPen(QPen(QColor(palette.on_primary) if chosen else color, 1.5))
        painter.setBrush(color if task else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(left, area.center().y() - 4, 9, 9))
        left += 17
    usable = kind in (Kind.MORE, Kind.NO_TASK) or (task is not None and task.trackable)
    painter.setFont(font)
    painter.setPen(QColor(ink if usable else quiet))
    room = QRect(left, area.top(), area.right() - left - 10, area.height())
    metrics = QFontMetrics(font)
    shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
    above = task.above if task and index.data(_ABOVE) else ""
    rest = room.adjusted(metrics.horizontalAdvance(shown) + 10, 0, 0, 0)
    if above and rest.width() > 40:
        small = QFont(font)
        small.setPointSizeF(font.pointSizeF() * 0.88)
        painter.setFont(small)
        painter.setPen(QColor(quiet))
        # The end says most: the project, not the workspace.
        cut = QFontMetrics(small).elidedText(above, Qt.TextElideMode.ElideLeft, rest.width())
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, cut)


def _row(parent: QTreeWidgetItem, kind: Kind, text: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem(parent, [text])
    item.setData(0, _KIND, kind)
    if kind in (Kind.SECTION, Kind.NOTE):
        # The keys pass over it.
        item.setFlags(Qt.ItemFlag.NoItemFlags)
    return item


def _task_row(parent: QTreeWidgetItem, task: Task, *, alone: bool = False) -> QTreeWidgetItem:
    """Add a task; one that stands alone says what it stands under and does not unfold."""
    item = _row(parent, Kind.TASK, task.name)
    item.setData(0, _TASK, task)
    item.setData(0, _ABOVE, alone)
    item.setToolTip(0, " / ".join(task.path))
    if task.children and not alone:
        _row(item, Kind.NOTE, _("Loading…"))
    return item


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    children = (item.child(place) for place in range(item.childCount()))
    return [child for child in children if child is not None]


def _can_be_taken(item: QTreeWidgetItem) -> bool:
    kind = item.data(0, _KIND)
    return kind is Kind.NO_TASK or (kind is Kind.TASK and item.data(0, _TASK).trackable)


def _matches(task: Task, words: str) -> bool:
    path = " ".join(task.path).casefold()
    return all(word in path for word in words.casefold().split())


def _inside_screen(wanted: QRect) -> QPoint:
    """Return where a window that wants this place is wholly seen."""
    screen = QGuiApplication.screenAt(wanted.topLeft()) or QGuiApplication.primaryScreen()
    room = screen.availableGeometry()
    return QPoint(
        max(room.left(), min(wanted.left(), room.right() - wanted.width())),
        max(room.top(), min(wanted.top(), room.bottom() - wanted.height())),
    )
