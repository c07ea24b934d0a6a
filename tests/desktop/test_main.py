"""The command, the language, and what the package holds."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from stint_desktop import texts
from stint_desktop.app import Desktop
from stint_desktop.keeping import KeyringSecrets
from stint_desktop.main import MISSING, _arguments
from stint_desktop.model import Link, State
from stint_desktop.platform.keys import Combination
from stint_desktop.preferences import Preferences, load
from stint_desktop.session import Session
from stint_desktop.tray import Tray
from stint_desktop.work import Work
from tests.desktop.equipment import Wait
from tests.desktop.system import System

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("given", "command", "quiet"),
    [
        ([], "show", False),
        (["--quiet"], "show", True),
        (["--pick"], "pick", False),
        (["--quiet", "--stop"], "stop", True),
    ],
)
def test_arguments(given: list[str], command: str, quiet: bool) -> None:
    wanted = _arguments(given)
    assert (wanted.command, wanted.quiet) == (command, quiet)


def test_without_qt_it_says_what_to_install() -> None:
    starts = "import sys; sys.modules['PySide6'] = None; from stint_desktop.main import main; main()"
    ended = subprocess.run([sys.executable, "-c", starts], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.strip() == MISSING


def test_it_needs_no_django_and_no_http_library() -> None:
    starts = "import sys, stint_desktop.running; print({'django', 'httpx2', 'keyring'} & set(sys.modules))"
    ended = subprocess.run([sys.executable, "-c", starts], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "set()"


@pytest.fixture
def english() -> Iterator[None]:
    yield
    texts.speak(["en"])


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("languages", "stop"),
    [
        (["de-DE", "de"], "Stopp"),
        (["de_AT", "en"], "Stopp"),
        (["en-GB", "de"], "Stop"),
        (["fr-FR", "de-DE"], "Stopp"),
        (["fr-FR"], "Stop"),
        ([], "Stop"),
    ],
)
def test_it_speaks_the_language_of_the_system(app: QApplication, languages: list[str], stop: str) -> None:
    texts.speak(languages)
    assert Tray(app).stop.text() == stop


@pytest.fixture
def desktop(app: QApplication, tmp_path: Path) -> Iterator[tuple[Desktop, System]]:
    """The app without a server, on a system that does what it is told."""
    work, system = Work("test", 1), System()
    made = Desktop(
        app,
        Session(tmp_path, KeyringSecrets(tmp_path), work),
        system,
        work,
        tmp_path / "preferences.json",
    )
    made.begin(quiet=True)
    yield made, system
    made.end()


def test_preferences_hold_at_once_and_stay(desktop: tuple[Desktop, System], tmp_path: Path) -> None:
    made, system = desktop
    wanted = Preferences(shortcut="Ctrl+Alt+T", idle_minutes=9)
    assert made.apply(wanted, True) == ""
    assert system.autostart
    assert system.held is not None
    assert system.held[0] == Combination("T", ctrl=True, alt=True)
    assert load(tmp_path / "preferences.json") == wanted
    assert made.apply(Preferences(), False) == ""
    assert system.held is None
    assert not system.autostart


@pytest.mark.parametrize(
    ("shortcut", "said"),
    [
        ("Ctrl+X", "Another program has this shortcut."),
        ("T", "A shortcut is a letter, digit or function key"),
    ],
)
def test_a_shortcut_that_cannot_be_had_is_said_and_nothing_is_kept(
    desktop: tuple[Desktop, System], tmp_path: Path, shortcut: str, said: str
) -> None:
    made, system = desktop
    made.apply(Preferences(shortcut="Ctrl+Alt+T"), False)
    assert made.apply(Preferences(shortcut=shortcut, idle_minutes=30), True).startswith(said)
    assert load(tmp_path / "preferences.json").idle_minutes == 5
    assert system.held is not None, "the shortcut that was held before is held again"


def test_a_disk_that_takes_nothing_is_said(desktop: tuple[Desktop, System]) -> None:
    made, system = desktop
    system.refuses = OSError(28, "No space left on device")
    assert made.apply(Preferences(), True) == "It could not be saved: No space left on device"


def test_the_shortcut_asks_for_a_server_while_there_is_none(
    desktop: tuple[Desktop, System], until: Wait
) -> None:
    made, system = desktop
    made.apply(Preferences(shortcut="F9"), False)
    assert system.held is not None
    system.held[1]()
    until(lambda: made.connecting.dialog is not None)


def test_who_is_signed_out_is_told_once_and_led_to_the_sign_in(
    desktop: tuple[Desktop, System], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, _system = desktop
    told: list[str] = []
    monkeypatch.setattr(made, "_tell", told.append)
    made._show(State(Link.ONLINE))
    for queued in (0, 1):
        made._show(State(Link.SIGNED_OUT, queued=queued))
    assert told == ["Please sign in again. What you do until then is kept and sent afterwards."]
    made.tray.icon.messageClicked.emit()
    assert made.connecting.dialog is not None


def test_the_place_where_it_was_put_is_remembered(desktop: tuple[Desktop, System], tmp_path: Path) -> None:
    made, _system = desktop
    made.widget.move(40, 50)
    made.widget.moved.emit(made.widget.pos())
    assert load(tmp_path / "preferences.json").place == (40, 50)


def test_the_wheel_holds_the_app_with_its_texts_and_signs(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
        scripts = next(opened.read(name).decode() for name in names if name.endswith("entry_points.txt"))
    app = ROOT / "clients" / "desktop"
    modules = {str(path.relative_to(app)) for path in (app / "stint_desktop").rglob("*.py")}
    assert modules <= names
    assert "stint_desktop/locale/de/LC_MESSAGES/desktop.mo" in names
    assert "stint_desktop/signs/check-day.svg" in names
    assert "stint-desktop = stint_desktop.main:main" in scripts
