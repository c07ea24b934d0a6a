"""The task widget, the picker, the tray and its menu, as people meet them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from stint_desktop import icons, palette
from stint_desktop.idle import Absence, Choice
from stint_desktop.idle_dialog import IdleDialog
from stint_desktop.model import Link, Refused, Running, State, Task
from stint_desktop.picker import Level, TaskPicker
from stint_desktop.problems_dialog import ProblemsDialog
from stint_desktop.tray import Tray
from stint_desktop.widget import TaskWidget

pytestmark = pytest.mark.usefixtures("app")
MENU = Task(1, "Menu & search", ("Toggl", "Acme", "Mobile app", "Menu & search"), "#d94182")
SHOP = Task(2, "Shop", ("Toggl", "Acme", "Shop"), "#0b83d9", children=2)
CLIENT = Task(3, "Acme", ("Toggl", "Acme"), children=2, trackable=False)
ROOT = Task(4, "Toggl", ("Toggl",), children=1, trackable=False)
IDLE = State(Link.ONLINE, favourites=(SHOP,), recent=(MENU, SHOP))


def running(task: Task | None = MENU, note: str = "", minutes: float = 37) -> State:
    started = datetime.now(UTC) - timedelta(minutes=minutes)
    return State(Link.ONLINE, Running("e1", task, note, started), recent=(MENU, SHOP))


class Heard:
    """Notes what signals say."""

    def __init__(self, *signals: Any) -> None:
        self.said: list[tuple[object, ...]] = []
        for signal in signals:
            signal.connect(lambda *arguments: self.said.append(arguments))


@pytest.fixture
def widget() -> Iterator[TaskWidget]:
    made = TaskWidget(QMenu())
    made.show()
    yield made
    made.deleteLater()


def test_it_reads_no_task_with_an_empty_timer_until_one_runs(widget: TaskWidget) -> None:
    widget.show_state(IDLE)
    assert widget.task.text() == "No task"
    assert widget.elapsed.text() == "0:00:00"
    assert widget.toggle.accessibleName() == "Start"
    widget.show_state(running(note="Search"))
    assert widget.task.text() == "Menu & search"
    assert widget.elapsed.text() == "0:37:00"
    assert widget.note.text() == "Search"
    assert widget.toggle.accessibleName() == "Stop"
    widget.show_state(IDLE)
    assert (widget.task.text(), widget.elapsed.text(), widget.note.text()) == ("No task", "0:00:00", "")


def test_it_counts_by_the_servers_clock(widget: TaskWidget) -> None:
    state = running(minutes=0)
    widget.show_state(State(Link.ONLINE, state.running, ahead=timedelta(hours=3)))
    assert widget.elapsed.text() == "3:00:00"


def test_its_only_timer_runs_while_it_is_seen_and_counts(widget: TaskWidget) -> None:
    widget.show_state(IDLE)
    assert not widget._second.isActive()
    widget.show_state(running())
    assert widget._second.isActive()
    widget.hide()
    assert not widget._second.isActive()
    widget.show()
    assert widget._second.isActive()
    widget.show_state(IDLE)
    assert not widget._second.isActive()


def test_start_takes_the_note_along_and_stop_saves_it_first(widget: TaskWidget) -> None:
    heard = Heard(widget.start_asked, widget.note_given, widget.stop_asked)
    widget.show_state(IDLE)
    QTest.keyClicks(widget.note, " Release notes ")
    QTest.keyClick(widget.note, Qt.Key.Key_Return)
    assert heard.said == [("Release notes",)]
    widget.show_state(running(note="Release notes"))
    widget.note.setText("Release notes 1.2")
    QTest.mouseClick(widget.toggle, Qt.MouseButton.LeftButton)
    assert heard.said[1:] == [("Release notes 1.2",), ()]


def test_what_is_being_typed_is_not_replaced_by_news(widget: TaskWidget, until: Callable[..., None]) -> None:
    widget.show_state(running(note="Old"))
    widget.activateWindow()
    widget.note.setFocus()
    until(widget.note.hasFocus)
    widget.note.setText("Half a sent")
    widget.show_state(running(note="From elsewhere"))
    assert widget.note.text() == "Half a sent"
    other = running(note="Another timer").running
    assert other is not None
    widget.show_state(State(Link.ONLINE, Running("e2", other.task, other.note, other.start)))
    assert widget.note.text() == "Another timer"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (IDLE, ""),
        (State(Link.NONE), "Not connected to a Stint server."),
        (State(Link.OFFLINE), "Offline."),
        (State(Link.OFFLINE, queued=1), "Offline. 1 change waits to be sent."),
        (State(Link.SIGNED_OUT, queued=3), "Please sign in again. 3 changes wait to be sent."),
        (State(Link.ONLINE, refused=(Refused(1, "x"),)), "1 change was refused: see the menu."),
        (State(Link.ONLINE, notices=("It was ended elsewhere.",)), "It was ended elsewhere."),
        (State(Link.ONLINE, trouble="Your clock is 3 hours slow."), "Your clock is 3 hours slow."),
    ],
)
def test_it_says_how_it_stands_with_the_server(widget: TaskWidget, state: State, said: str) -> None:
    widget.show_state(state)
    assert widget.status.text() == said
    assert widget.status.isVisible() is bool(said)


def test_it_is_dragged_and_remembers_its_place(widget: TaskWidget) -> None:
    heard = Heard(widget.moved)
    widget.put(QPoint(100, 100))
    assert widget.pos() == QPoint(100, 100)
    hold = QPoint(5, 5)
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=hold)
    grip = QPointF(hold)
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    move = QMouseEvent(
        QEvent.Type.MouseMove,
        grip,
        QPointF(widget.mapToGlobal(hold) + QPoint(40, 30)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, move)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=hold)
    assert heard.said == [(QPoint(140, 130),)]


@pytest.mark.parametrize("place", [None, QPoint(-5000, 10), QPoint(100, 99_999)])
def test_a_place_that_no_screen_shows_is_not_taken(widget: TaskWidget, place: QPoint | None) -> None:
    widget.put(place)
    screen = QApplication.primaryScreen().availableGeometry()
    assert screen.contains(widget.geometry())


class Tasks:
    """Answers what the picker asks when told to."""

    def __init__(self) -> None:
        self.levels: dict[tuple[int | None, str | None], Level | None] = {
            (None, None): Level((ROOT,)),
            (ROOT.id, None): Level((CLIENT,)),
            (CLIENT.id, None): Level((MENU,), more="2"),
            (CLIENT.id, "2"): Level((SHOP,)),
        }
        self.finds: tuple[Task, ...] | None = (SHOP,)
        self.asked: list[str] = []

    def level(self, parent: int | None, more: str | None, told: Callable[[Level | None], None]) -> None:
        told(self.levels[parent, more])

    def found(self, words: str, told: Callable[[tuple[Task, ...] | None], None]) -> None:
        self.asked.append(words)
        told(self.finds)


@pytest.fixture
def tasks() -> Tasks:
    return Tasks()


@pytest.fixture
def picker(tasks: Tasks) -> Iterator[TaskPicker]:
    made = TaskPicker(tasks)
    yield made
    made.hide()
    made.deleteLater()


def lines(picker: TaskPicker) -> list[str]:
    """Return every line in sight, deeper ones indented."""

    def below(item: Any, level: int) -> Iterator[str]:
        for place in range(item.childCount()):
            child = item.child(place)
            yield "  " * level + child.text(0)
            if child.isExpanded():
                yield from below(child, level + 1)

    return list(below(picker.list.invisibleRootItem(), 0))


def test_the_picker_shows_favourites_recent_tasks_and_the_tree(picker: TaskPicker) -> None:
    picker.open_at(QPoint(0, 0), "Start a task", IDLE.favourites, IDLE.recent)
    assert lines(picker) == [
        "Favourites",
        "Shop",
        "Recent",
        "Menu & search",
        "All tasks",
        "No task",
        "Toggl",
        "  Acme",
    ]
    acme = picker.list.invisibleRootItem().child(6).child(0)
    acme.setExpanded(True)
    assert lines(picker)[7:] == ["  Acme", "    Menu & search", "    Show more"]
    picker.list.itemClicked.emit(acme.child(1), 0)
    assert lines(picker)[7:] == ["  Acme", "    Menu & search", "    Shop"]


def test_enter_takes_the_first_and_arrows_move_without_leaving_the_search(picker: TaskPicker) -> None:
    heard = Heard(picker.chosen)
    picker.open_at(QPoint(0, 0), "Start a task", IDLE.favourites, IDLE.recent)
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    picker.open_at(QPoint(0, 0), "Start a task", IDLE.favourites, IDLE.recent)
    QTest.keyClick(picker.search, Qt.Key.Key_Down)
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    picker.open_at(QPoint(0, 0), "Start a task")
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    assert heard.said == [(SHOP,), (MENU,), (None,)]
    assert not picker.isVisible()


def test_what_nobody_may_track_on_unfolds_instead(picker: TaskPicker) -> None:
    heard = Heard(picker.chosen)
    picker.open_at(QPoint(0, 0), "Start a task")
    acme = picker.list.invisibleRootItem().child(2).child(0)
    picker.list.itemClicked.emit(acme, 0)
    assert acme.isExpanded()
    assert heard.said == []


def test_the_search_asks_once_when_typing_rests(
    picker: TaskPicker, tasks: Tasks, until: Callable[..., None]
) -> None:
    picker.open_at(QPoint(0, 0), "Start a task")
    QTest.keyClicks(picker.search, "shop")
    until(lambda: tasks.asked)
    assert tasks.asked == ["shop"]
    assert lines(picker) == ["Shop"]
    picker.search.clear()
    assert "All tasks" in lines(picker)


def test_an_answer_that_comes_too_late_is_not_shown(
    picker: TaskPicker, tasks: Tasks, until: Callable[..., None]
) -> None:
    held: list[Callable[[tuple[Task, ...] | None], None]] = []
    tasks.found = lambda words, told: held.append(told)  # type: ignore[method-assign]
    picker.open_at(QPoint(0, 0), "Start a task")
    for words in ("sh", "me"):
        picker.search.setText(words)
        until(lambda words=words: len(held) == (1 if words == "sh" else 2))
    held[1]((MENU,))
    held[0]((SHOP,))
    assert lines(picker) == ["Menu & search"]


def test_offline_the_picker_offers_what_it_knows(
    picker: TaskPicker, tasks: Tasks, until: Callable[..., None]
) -> None:
    tasks.levels[None, None], tasks.finds = None, None
    picker.open_at(QPoint(0, 0), "Start a task", IDLE.favourites, IDLE.recent)
    assert lines(picker)[-1] == "The other tasks show when Stint is reached again."
    picker.search.setText("acme search")
    until(lambda: "Offline: searched in favourite and recent tasks." in lines(picker))
    assert lines(picker)[1:] == ["Menu & search"]


def test_nothing_found_says_so(picker: TaskPicker, tasks: Tasks, until: Callable[..., None]) -> None:
    tasks.finds = ()
    picker.open_at(QPoint(0, 0), "Start a task")
    picker.search.setText("zzz")
    until(lambda: lines(picker) == ["No task matches “zzz”."])


def menu_lines(tray: Tray) -> list[str]:
    return [
        action.text() for action in tray.menu.actions() if action.isVisible() and not action.isSeparator()
    ]


def test_what_was_refused_is_tried_again_or_discarded(app: QApplication) -> None:
    first, second = Refused(4, "Draft: the server did not take this"), Refused(7, "Review: changed elsewhere")
    tray, dialog = Tray(app), ProblemsDialog()
    heard = Heard(dialog.retry_asked, dialog.discard_asked)
    tray.show_state(State(Link.ONLINE, refused=(first, second)))
    assert "2 changes were refused…" in menu_lines(tray)
    dialog.show_problems((first, second))
    dialog.show()
    for button in dialog.findChildren(QPushButton):
        button.click()
    assert heard.said == [(4,), (4,), (7,), (7,)]
    dialog.show_problems(())
    assert not dialog.isVisible()
    tray.show_state(IDLE)
    assert not any("refused" in line for line in menu_lines(tray))


def test_notices_stay_until_they_are_read(widget: TaskWidget) -> None:
    heard = Heard(widget.read)
    widget.show_state(IDLE)
    assert not widget.got_it.isVisible()
    widget.show_state(State(Link.ONLINE, notices=("Another timer was started meanwhile.",)))
    QTest.mouseClick(widget.got_it, Qt.MouseButton.LeftButton)
    assert heard.said == [()]


def test_the_menu_follows_the_state(app: QApplication) -> None:
    tray = Tray(app)
    assert menu_lines(tray)[0] == "Not connected"
    assert not tray.start.isEnabled()
    tray.show_state(IDLE)
    assert menu_lines(tray) == [
        "Nothing runs",
        "Start a task…",
        "Menu && search",
        "Shop",
        "Show widget",
        "Open timesheet",
        "Connection…",
        "Preferences…",
        "Quit Stint",
    ]
    state = running()
    tray.show_state(state)
    assert state.running is not None
    assert menu_lines(tray)[0] == f"Menu & search, since {state.running.start.astimezone():%H:%M}"
    assert menu_lines(tray)[2] == "Stop"
    tray.show_state(State(Link.SIGNED_OUT))
    assert "Sign in…" in menu_lines(tray)


def test_a_recent_task_and_stop_are_one_click(app: QApplication) -> None:
    tray = Tray(app)
    heard = Heard(tray.task_chosen, tray.stop_asked)
    tray.show_state(running())
    for action in tray.menu.actions():
        if action.text() in ("Shop", "Stop"):
            action.trigger()
    assert heard.said == [(), (SHOP,)]


@pytest.mark.parametrize(
    ("state", "face"),
    [
        (IDLE, icons.Face.IDLE),
        (running(), icons.Face.RUNNING),
        (State(Link.OFFLINE), icons.Face.OFFLINE),
        (State(Link.NONE), icons.Face.OFFLINE),
        (State(Link.SIGNED_OUT, running().running), icons.Face.RUNNING_OFFLINE),
    ],
)
def test_the_icon_says_the_state(state: State, face: icons.Face) -> None:
    assert icons.face(state) is face


@pytest.mark.parametrize("worn", [palette.DAY, palette.NIGHT], ids=["day", "night"])
@pytest.mark.parametrize("size", icons.TRAY_SIZES)
def test_every_face_is_another_picture_at_every_size(worn: palette.Colors, size: int) -> None:
    pictures = [icons.tray_pixmap(face, worn, size).toImage() for face in icons.Face]
    assert {(image.width(), image.height()) for image in pictures} == {(size, size)}
    assert all(one != other for one in pictures for other in pictures if one is not other)
    edge = _luminance(QImage(pictures[1]).pixelColor(size // 2, 0))
    assert edge == pytest.approx(_luminance(QColor(worn.primary)), abs=0.01), "the rim is blurred"


def _luminance(color: QColor) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


@pytest.mark.parametrize("worn", [palette.DAY, palette.NIGHT], ids=["day", "night"])
def test_texts_can_be_read(worn: palette.Colors) -> None:
    def contrast(one: str, other: str) -> float:
        light, dark = sorted((_luminance(QColor(one)), _luminance(QColor(other))), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    for paper in (worn.paper, worn.raised):
        for text in (worn.ink, worn.muted, worn.primary, worn.danger):
            assert contrast(text, paper) >= 4.5, (text, paper)
    assert contrast(worn.on_primary, worn.primary) >= 4.5


def test_idle_time_is_decided_by_one_button_and_kept_when_closed() -> None:
    entry = running().running
    assert entry is not None
    away = Absence(datetime.now(UTC) - timedelta(minutes=15), datetime.now(UTC))
    for choice in Choice:
        asked = IdleDialog(away, entry)
        heard = Heard(asked.decided)
        asked.show()
        QTest.mouseClick(asked.buttons[choice], Qt.MouseButton.LeftButton)
        assert heard.said == [(choice,)]
        assert not asked.isVisible()
    asked = IdleDialog(away, entry)
    heard = Heard(asked.decided)
    asked.show()
    QTest.keyClick(asked, Qt.Key.Key_Escape)
    assert heard.said == [(Choice.KEEP,)]
