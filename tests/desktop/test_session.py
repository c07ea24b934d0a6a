"""The desktop app against a real Stint: online, offline, and when something is wrong."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from stint_desktop.app import Desktop
from stint_desktop.connecting import Connecting
from stint_desktop.idle import Absence, Choice
from stint_desktop.keeping import KeyringSecrets
from stint_desktop.model import Link, Task
from stint_desktop.session import Session
from stint_desktop.signing_in import own_name
from stint_desktop.work import Work
from tests.desktop.equipment import PASSWORD, Memory, Office, Wait
from tests.desktop.system import System

pytestmark = pytest.mark.usefixtures("memory")


@pytest.fixture
def work(app: QApplication) -> Iterator[Work]:
    made = Work("test", 3)
    yield made
    made.end()


@pytest.fixture
def open_session(tmp_path: Path, work: Work) -> Iterator[Callable[[], Session]]:
    """Make a session, as each start of the app does."""
    made: list[Session] = []

    def make() -> Session:
        made.append(Session(tmp_path, KeyringSecrets(tmp_path / "desktop"), work))
        return made[-1]

    yield make
    for each in made:
        each.end()


class Failed(list[str]):
    """The sentences that were said about what failed."""

    def __call__(self, fault: Exception) -> None:
        self.append(str(fault))


def sign_in(session: Session, url: str, token: str, until: Wait) -> None:
    done: list[bool] = []
    failed = Failed()
    session.sign_in(url, token, lambda: done.append(True), failed)
    until(lambda: done or failed)
    assert failed == []


@pytest.fixture
def session(open_session: Callable[[], Session], office: Office, until: Wait) -> Session:
    """A session that is signed in and online."""
    made = open_session()
    sign_in(made, office.url, office.token()["token"], until)
    until(lambda: made.state.link is Link.ONLINE and made._stream is not None)
    return made


def test_start_and_stop_arrive_with_the_surface_named(session: Session, office: Office, until: Wait) -> None:
    task = office.task("Website")
    session.start(Task(task, "Website", ("Website",)), "Wireframes")
    assert session.state.running is None or session.state.running.note != "Old"
    until(lambda: session.state.running and not session.state.queued)
    entry = office.timer()
    assert entry is not None
    assert (entry["task_id"], entry["note"], entry["made_by"]) == (task, "Wireframes", "desktop")
    running = session.state.running
    assert running is not None
    assert running.task is not None
    assert running.task.name == "Website"
    session.note("Wireframes, second round")
    session.stop()
    until(lambda: session.state.running is None and not session.state.queued)
    assert office.timer() is None
    assert [entry["end"] is None for entry in office.entries("Wireframes, second round")] == [False]


def test_what_is_done_at_the_very_start_is_not_lost(
    session: Session, open_session: Callable[[], Session], office: Office, until: Wait
) -> None:
    session.end()
    again = open_session()
    assert again.begin()
    again.start(None, "At the very start")
    until(lambda: again.state.running and not again.state.queued)
    entry = office.timer()
    assert entry is not None
    assert entry["note"] == "At the very start"


def test_it_follows_what_is_done_elsewhere(session: Session, office: Office, until: Wait) -> None:
    task = office.task("Reading")
    office.client.call("POST", "/timer/start", {"note": "Started in the browser", "task_id": task})
    until(lambda: session.state.running and session.state.running.note == "Started in the browser")
    until(
        lambda: (
            session.state.running
            and session.state.running.task
            and session.state.running.task.name == "Reading"
        )
    )
    until(lambda: "Reading" in [recent.name for recent in session.state.recent])
    office.client.call("PUT", f"/tasks/{task}/favourite")
    office.client.call("POST", "/timer/stop", {})
    until(lambda: session.state.running is None)


def test_a_killed_server_loses_nothing(
    session: Session, office: Office, until: Wait, open_session: Callable[[], Session]
) -> None:
    session.start(None, "Before the cut")
    until(lambda: session.state.running and not session.state.queued)
    office.kill()
    until(lambda: session.state.link is Link.OFFLINE)
    session.start(None, "During the cut")
    until(lambda: session.state.running and session.state.running.note == "During the cut")
    session.stop()
    session.start(None, "After the cut")
    until(lambda: session.state.running and session.state.running.note == "After the cut")
    assert session.state.queued >= 3
    shown = session.state.running
    # The app is quit and started anew meanwhile: it shows the same.
    session.end()
    again = open_session()
    assert again.begin()
    until(lambda: again.state.running == shown and again.state.link is Link.OFFLINE)
    office.start()
    until(lambda: again.state.link is Link.ONLINE and not again.state.queued)
    done = office.entries("Before the cut", "During the cut", "After the cut")
    assert [entry["note"] for entry in done] == ["Before the cut", "During the cut", "After the cut"]
    assert done[0]["end"] == done[1]["start"]
    assert [entry["end"] is None for entry in done] == [False, False, True]


def test_a_revoked_token_keeps_the_queue_and_asks_to_sign_in(
    open_session: Callable[[], Session], office: Office, until: Wait
) -> None:
    session = open_session()
    made = office.token()
    sign_in(session, office.url, made["token"], until)
    until(lambda: session.state.link is Link.ONLINE)
    office.client.call("DELETE", f"/me/tokens/{made['id']}")
    session.start(None, "With a void token")
    until(lambda: session.state.link is Link.SIGNED_OUT and session.state.queued == 1)
    assert session.state.running is not None
    assert office.timer() is None
    sign_in(session, office.url, office.token()["token"], until)
    until(lambda: session.state.link is Link.ONLINE and not session.state.queued)
    entry = office.timer()
    assert entry is not None
    assert entry["note"] == "With a void token"


def test_a_damaged_queue_is_set_aside_and_told(
    open_session: Callable[[], Session], office: Office, until: Wait, tmp_path: Path
) -> None:
    (tmp_path / "queue.sqlite3").write_bytes(b"not a database, but long enough to be taken for one" * 40)
    session = open_session()
    told: list[str] = []
    session.told.connect(told.append)
    sign_in(session, office.url, office.token()["token"], until)
    until(lambda: told)
    assert "could not be read" in told[0]
    assert session.state.notices == tuple(told)
    assert [file.name for file in tmp_path.glob("queue.damaged-*.sqlite3")]
    session.start(None, "With a new queue")
    until(lambda: session.state.running and not session.state.queued)
    session.dismiss()
    until(lambda: session.state.notices == ())


def test_a_clock_wrong_by_hours_is_told_and_the_servers_counts(
    open_session: Callable[[], Session], office: Office, until: Wait
) -> None:
    token = office.token()["token"]
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=3)):
        session = open_session()
        told: list[str] = []
        session.told.connect(told.append)
        sign_in(session, office.url, token, until)
        until(lambda: told)
        session.start(None, "By the server's clock")
        until(lambda: session.state.running and not session.state.queued)
        assert 0 <= session.state.seconds() < 300
    assert "clock of this device is wrong" in told[0]
    entry = office.timer()
    assert entry is not None
    assert abs(datetime.fromisoformat(entry["start"]) - datetime.now(UTC)) < timedelta(minutes=5)


@pytest.mark.parametrize("choice", [Choice.DISCARD, Choice.DISCARD_AND_STOP, Choice.ELSEWHERE])
def test_idle_time_is_settled_on_the_server(
    session: Session, office: Office, until: Wait, choice: Choice
) -> None:
    note, other = f"Long work, {choice.value}", office.task("Errands")
    now = datetime.now(UTC).replace(microsecond=0)
    began, left, back = (now - timedelta(minutes=minutes) for minutes in (60, 40, 10))
    office.client.call("POST", "/timer/start", {"note": note, "start": began.isoformat(), "tags": ["deep"]})
    until(lambda: session.state.running and session.state.running.note == note)
    running = session.state.running
    assert running is not None
    session.settle(choice, running, Absence(left, back), Task(other, "Errands"))
    until(lambda: session.state.running != running and not session.state.queued)

    def times(entry: dict[str, object]) -> tuple[datetime, datetime | None]:
        end = entry["end"]
        return datetime.fromisoformat(str(entry["start"])), datetime.fromisoformat(str(end)) if end else None

    done = office.entries(note)
    stopped = [(began, left)]
    went_on = [] if choice is Choice.DISCARD_AND_STOP else [(back, None)]
    assert [times(entry) for entry in done] == stopped + went_on
    assert all(entry["tags"] == ["deep"] for entry in done)
    if choice is Choice.ELSEWHERE:
        assert (left, back) in [times(entry) for entry in office.entries("") if entry["task_id"] == other]


def test_idle_time_of_a_timer_that_ended_meanwhile_is_left(
    session: Session, office: Office, until: Wait
) -> None:
    told: list[str] = []
    session.told.connect(told.append)
    session.start(None, "The first")
    until(lambda: session.state.running and not session.state.queued)
    first = session.state.running
    assert first is not None
    office.client.call("POST", "/timer/start", {"note": "The second"})
    until(lambda: session.state.running and session.state.running.note == "The second")
    now = datetime.now(UTC)
    session.settle(Choice.DISCARD_AND_STOP, first, Absence(now - timedelta(minutes=9), now), None)
    until(lambda: told)
    assert told == ["Another timer runs by now; the idle time was left as it was."]
    entry = office.timer()
    assert entry is not None
    assert entry["note"] == "The second"


class NotStint(http.server.BaseHTTPRequestHandler):
    """Some other web site."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<h1>It works!</h1>")

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def other_site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), NotStint) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_what_stands_in_the_way_is_said(
    open_session: Callable[[], Session], office: Office, other_site: str, until: Wait, tmp_path: Path
) -> None:
    session = open_session()
    for address, token, said in [
        ("https://stint.example.com/timesheet", "x", "not the address of a server"),
        ("http://stint.example.com", "x", "Use https://stint.example.com"),
        (other_site, "x", "does not answer as a Stint server does"),
        ("http://127.0.0.1:1", "x", "Nothing answers at http://127.0.0.1:1"),
        (office.url.replace("http://", "https://"), "x", "does not speak TLS"),
        (office.url, "st_not_a_token", "This token is not valid there"),
    ]:
        failed = Failed()
        session.sign_in(address, token, lambda: None, failed)
        until(lambda failed=failed: failed)
        assert said in failed[0], (address, failed)
        assert token not in failed[0].split()
    assert session.state.link is Link.NONE
    assert not (tmp_path / "desktop" / "login.json").exists()


def test_signing_out_forgets_the_token_and_keeps_the_queue(
    session: Session, office: Office, memory: Memory, until: Wait, open_session: Callable[[], Session]
) -> None:
    assert list(memory.kept) == [("Stint", f"{office.url} {office.user_id}")]
    said: list[str] = []
    session.told.connect(said.append)
    session.sign_out()
    assert session.state.link is Link.NONE
    until(lambda: not memory.kept)
    until(lambda: said)
    assert said[0].startswith("The token was not made for this program and still works")
    assert not open_session().begin()


def test_the_browser_allows_it(
    app: QApplication,
    work: Work,
    open_session: Callable[[], Session],
    office: Office,
    page: Page,
    until: Wait,
) -> None:
    session = open_session()
    opened: list[str] = []
    window = QObject()
    connecting = Connecting(window, session, work, opened.append)
    connecting.ask()
    dialog = connecting.dialog
    assert dialog is not None
    dialog.address.setText(office.url)
    QTest.mouseClick(dialog.browser, Qt.MouseButton.LeftButton)
    until(lambda: opened)
    assert dialog.code.isVisible()
    page.goto(opened[0])
    page.get_by_label("Email").fill("ada@example.com")
    page.locator("input[type=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_text(dialog.code.text()).first.wait_for()
    page.get_by_role("button", name="Allow").click()
    until(lambda: connecting.dialog is None)
    until(lambda: session.state.link is Link.ONLINE)
    assert session.address == office.url

    def names() -> list[str]:
        return [token["name"] for token in office.client.call("GET", "/me/tokens")["items"]]

    assert own_name() in names()
    session.sign_out()
    until(lambda: own_name() not in names())


def test_a_day_with_the_widget(
    app: QApplication,
    work: Work,
    open_session: Callable[[], Session],
    office: Office,
    until: Wait,
    tmp_path: Path,
) -> None:
    session = open_session()
    project = office.task("Mobile app")
    office.task("Menu and search", project)
    desktop = Desktop(app, session, System(), work, tmp_path / "desktop" / "preferences.json")
    desktop.begin(quiet=False)
    widget, picker = desktop.widget, desktop.picker
    assert widget.task.text() == "No task"
    dialog = desktop.connecting.dialog
    assert dialog is not None
    dialog.address.setText(office.url)
    dialog.use_token.click()
    dialog.token.setText(office.token()["token"])
    dialog.connect_button.click()
    until(lambda: session.state.link is Link.ONLINE and desktop.connecting.dialog is None)

    QTest.keyClicks(widget.note, "Prototype")
    QTest.mouseClick(widget.task, Qt.MouseButton.LeftButton)
    until(lambda: picker.isVisible())
    QTest.keyClicks(picker.search, "menu sear")
    until(
        lambda: picker.list.topLevelItemCount() and picker.list.topLevelItem(0).text(0) == "Menu and search"
    )
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    until(lambda: widget.task.text() == "Menu and search" and not session.state.queued)
    entry = office.timer()
    assert entry is not None
    assert entry["note"] == "Prototype"

    now = datetime.now(UTC)
    began = _told(now - timedelta(minutes=30))
    office.client.call("PATCH", f"/entries/{entry['id']}", {"start": began})
    until(lambda: session.state.seconds() > 1000)
    running = session.state.running
    assert running is not None
    away = Absence(now - timedelta(minutes=20), now - timedelta(minutes=10))
    desktop.minder.away.emit(away, running)
    asked = desktop._asked
    assert asked is not None
    QTest.mouseClick(asked.buttons[Choice.ELSEWHERE], Qt.MouseButton.LeftButton)
    until(lambda: picker.isVisible())
    assert picker.heading.text() == "Book the idle time on"
    picker.chosen.emit(None)
    picker.hide()
    until(
        lambda: session.state.running and session.state.running.id != running.id and not session.state.queued
    )
    assert [entry["start"] for entry in office.entries("Prototype")] == [began, _told(away.end)]
    assert (_told(away.start), _told(away.end)) in [
        (entry["start"], entry["end"]) for entry in office.entries("") if entry["task_id"] is None
    ]

    QTest.mouseClick(widget.toggle, Qt.MouseButton.LeftButton)
    until(lambda: office.timer() is None)
    until(lambda: widget.task.text() == "No task")
    assert widget.elapsed.text() == "0:00:00"
    until(lambda: "Menu and search" in [action.text() for action in desktop.tray.menu.actions()])
    desktop.end()


def _told(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"
