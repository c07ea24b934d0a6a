"""What the app minds for people: idle time, nothing running; and the preferences that say so."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import msgspec
import pytest
import time_machine
from PySide6.QtCore import QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from stint import __version__
from stint_desktop import preferences
from stint_desktop.idle import Absence
from stint_desktop.minding import Minder
from stint_desktop.model import Link, Running, State
from stint_desktop.preferences import Preferences
from stint_desktop.preferences_dialog import PreferencesDialog
from stint_desktop.single import SingleInstance
from stint_desktop.work import Work
from tests.desktop.system import System

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ALWAYS = Preferences(work_days=tuple(range(7)), work_from=time(0), work_until=time(23, 59, 59))


class Told(QObject):
    """What a minder told."""

    def __init__(self, minder: Minder) -> None:
        super().__init__()
        self.away: list[tuple[Absence, Running]] = []
        self.reminders = 0
        minder.away.connect(lambda absence, running: self.away.append((absence, running)))
        minder.nothing_runs.connect(self._remind)

    def _remind(self) -> None:
        self.reminders += 1


@pytest.fixture
def work(app: QApplication) -> Iterator[Work]:
    made = Work("test", 1)
    yield made
    made.end()


@pytest.fixture
def minder(work: Work, app: QApplication) -> Minder:
    made = Minder(app, System(), work)
    made.prefer(ALWAYS)
    return made


def looks(minder: Minder, *looks_: tuple[float, float | None]) -> Told:
    """Take in idle seconds at minutes after noon."""
    told = Told(minder)
    for minute, idle in looks_:
        with time_machine.travel(NOON + timedelta(minutes=minute), tick=False):
            minder.take_in(idle)
    return told


def entry(minutes: float = -60) -> Running:
    return Running("e1", None, "", NOON + timedelta(minutes=minutes))


def test_an_absence_is_told_with_what_ran(minder: Minder) -> None:
    minder.show_state(State(Link.ONLINE, entry()))
    told = looks(minder, (0, 0), (10, 600), (20, 0))
    assert told.away == [(Absence(NOON, NOON + timedelta(minutes=20)), entry())]
    assert told.reminders == 0


def test_it_is_told_by_the_servers_clock(minder: Minder) -> None:
    ahead = timedelta(hours=2)
    minder.show_state(State(Link.ONLINE, entry(90), ahead=ahead))
    told = looks(minder, (0, 0), (20, 0))
    assert [absence.start for absence, _running in told.away] == [NOON + ahead]


def test_what_ran_only_for_a_moment_of_it_is_not_asked_about(minder: Minder) -> None:
    minder.show_state(State(Link.ONLINE, entry(18)))
    assert looks(minder, (0, 0), (20, 0)).away == []


def test_nothing_is_told_that_nobody_wants(minder: Minder) -> None:
    minder.prefer(msgspec.structs.replace(ALWAYS, idle_on=False, remind=False))
    minder.show_state(State(Link.ONLINE, entry()))
    assert looks(minder, (0, 0), (20, 0)).away == []
    minder.show_state(State(Link.ONLINE))
    assert looks(minder, (20, 0), (40, 0)).reminders == 0


def test_people_are_reminded_when_nothing_runs(minder: Minder) -> None:
    minder.show_state(State(Link.ONLINE))
    assert looks(minder, (0, 0), (11, 0), (12, 0), (22, 0)).reminders == 2


def test_an_absence_before_the_timer_ran_is_none(minder: Minder) -> None:
    minder.show_state(State(Link.ONLINE, entry()))
    looks(minder, (0, 0))
    minder.show_state(State(Link.ONLINE))
    minder.show_state(State(Link.ONLINE, entry()))
    assert looks(minder, (30, 0)).away == []


@pytest.mark.parametrize(
    ("state", "wanted", "looking"),
    [
        (State(), ALWAYS, False),
        (State(Link.ONLINE), ALWAYS, True),
        (State(Link.ONLINE), msgspec.structs.replace(ALWAYS, remind=False), False),
        (State(Link.ONLINE, entry()), msgspec.structs.replace(ALWAYS, remind=False), True),
        (State(Link.ONLINE, entry()), msgspec.structs.replace(ALWAYS, idle_on=False), False),
    ],
)
def test_it_looks_only_while_there_is_something_to_mind(
    minder: Minder, state: State, wanted: Preferences, looking: bool
) -> None:
    minder.prefer(wanted)
    minder.show_state(state)
    assert minder._timer.isActive() is looking


def test_preferences_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "config" / "desktop.json"
    assert preferences.load(file) == Preferences()
    kept = Preferences(place=(-20, 300), shortcut="Ctrl+Alt+T", work_until=time(16, 30))
    preferences.save(file, kept)
    assert preferences.load(file) == kept
    assert [each.name for each in file.parent.iterdir()] == ["desktop.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"idle_minutes": "five"}', b"[]"])
def test_damaged_preferences_are_put_aside(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "desktop.json"
    file.write_bytes(content)
    assert preferences.load(file) == Preferences()
    assert (tmp_path / "desktop.json.damaged").read_bytes() == content


def test_what_a_newer_version_kept_is_read(tmp_path: Path) -> None:
    file = tmp_path / "desktop.json"
    file.write_bytes(b'{"idle_minutes": 7, "from_the_future": [1]}')
    assert preferences.load(file) == Preferences(idle_minutes=7)


@pytest.mark.usefixtures("app")
def test_the_form_gives_what_was_set() -> None:
    applied: list[tuple[Preferences, bool]] = []

    def apply(wanted: Preferences, autostart: bool) -> str:
        applied.append((wanted, autostart))
        return "" if len(applied) > 1 else "Another program has this shortcut."

    form = PreferencesDialog(Preferences(), autostart=False, why_not_idle="", apply=apply)
    form.show()
    assert f"Stint {__version__}" in [shown.text() for shown in form.findChildren(QLabel)]
    form.autostart.click()
    form.idle_minutes.setValue(20)
    form.days[4].click()
    form.shortcut.setKeySequence("Ctrl+Alt+T")
    form.save()
    assert form.isVisible()
    assert form.trouble.text() == "Another program has this shortcut."
    form.remind.click()
    assert not form.remind_minutes.isEnabled()
    form.save()
    assert not form.isVisible()
    wanted = Preferences(idle_minutes=20, work_days=(0, 1, 2, 3), shortcut="Ctrl+Alt+T", remind=False)
    assert applied[-1] == (wanted, True)


@pytest.mark.usefixtures("app")
def test_the_form_says_why_idleness_cannot_be_told() -> None:
    form = PreferencesDialog(
        Preferences(), autostart=True, why_not_idle="Not here.", apply=lambda _wanted, _autostart: ""
    )
    form.show()
    assert form.autostart.isChecked()
    assert form.idle_why_not.isVisible()
    assert not form.idle_on.isEnabled()
    assert not form.idle_minutes.isEnabled()


def test_work_is_told_here_and_faults_too(work: Work, until: Callable[..., None]) -> None:
    told: list[object] = []
    fault = OSError(errno.ENOSPC, "disk full")

    def fail() -> None:
        raise fault

    work.do(lambda: 6 * 7, told.append)
    work.do(fail, told.append, told.append)
    until(lambda: len(told) == 2)
    assert told == [42, fault]


def test_nothing_is_told_after_the_end(work: Work, app: QApplication) -> None:
    told: list[object] = []
    work.do(lambda: 1, told.append)
    work.end()
    work.do(lambda: 2, told.append)
    QTest.qWait(50)
    assert told == []


def test_what_was_begun_is_finished(app: QApplication) -> None:
    done: list[int] = []
    work = Work("test", 1)
    for number in range(20):
        work.do(lambda number=number: done.append(number))
    work.finish()
    assert done == list(range(20))


def test_a_dead_network_does_not_hold_up_the_end() -> None:
    waits = """
import threading
from PySide6.QtCore import QCoreApplication
from stint_desktop.work import Work
app = QCoreApplication([])
work = Work("test", 1)
begun = threading.Event()
work.do(lambda: (begun.set(), threading.Event().wait()))
begun.wait()
work.end()
"""
    assert subprocess.run([sys.executable, "-c", waits], check=False, timeout=60).returncode == 0


def test_a_second_start_tells_the_first(
    app: QApplication, tmp_path: Path, until: Callable[..., None]
) -> None:
    first = SingleInstance(tmp_path)
    assert not first.hand_over("show")
    assert first.listen()
    heard: list[str] = []
    first.wanted.connect(heard.append)
    starts = """
import sys
from pathlib import Path
from stint_desktop.single import SingleInstance
second = SingleInstance(Path(sys.argv[1]))
print([second.hand_over(command) for command in ("pick", "show", "rm -rf")], second.listen())
"""
    with subprocess.Popen(
        [sys.executable, "-c", starts, tmp_path], stdout=subprocess.PIPE, text=True
    ) as second:
        until(lambda: second.poll() is not None)
        assert second.communicate()[0].strip() == "[True, True, True] False"
    assert heard == ["pick", "show"]


def test_what_a_crash_left_behind_is_no_app(app: QApplication, tmp_path: Path) -> None:
    killed = """
import os, sys
from pathlib import Path
from stint_desktop.single import SingleInstance
assert SingleInstance(Path(sys.argv[1])).listen()
os.abort()
"""
    subprocess.run([sys.executable, "-c", killed, str(tmp_path)], check=False)
    assert SingleInstance(tmp_path).listen()
