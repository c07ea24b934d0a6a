"""Make docs/screenshots/desktop-app-*.png: the desktop app's windows, by day and by night, without a screen.

clients/desktop/pictures.py ADDRESS < TOKEN      run by tools/screenshots.py, against its demo
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

from PySide6.QtCore import QEventLoop, QPoint
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from stint_desktop import icons, palette
from stint_desktop.app import Desktop
from stint_desktop.connect_dialog import ConnectDialog
from stint_desktop.idle import Absence
from stint_desktop.idle_dialog import IdleDialog
from stint_desktop.keeping import KeyringSecrets
from stint_desktop.model import Link, State
from stint_desktop.platform import current
from stint_desktop.preferences import Preferences
from stint_desktop.preferences_dialog import PreferencesDialog
from stint_desktop.session import Session
from stint_desktop.work import Work

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
SECONDS = 60
MARGIN = 16


def until(app: QApplication, holds: Callable[[], object]) -> None:
    """Let the app work until something holds."""
    ends = datetime.now(UTC) + timedelta(seconds=SECONDS)
    while not holds():
        if datetime.now(UTC) > ends:
            sys.exit("pictures: the app did not show what was to be pictured")
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 200)


def take(app: QApplication, window: QWidget, name: str) -> None:
    """Take a window as it stands on a desktop of its colours."""
    window.show()
    app.processEvents()
    grabbed = window.grab()
    sheet = QPixmap(grabbed.width() + 2 * MARGIN, grabbed.height() + 2 * MARGIN)
    sheet.fill(QColor(palette.colors().line))
    painter = QPainter(sheet)
    painter.drawPixmap(MARGIN, MARGIN, grabbed)
    painter.end()
    sheet.save(str(FOLDER / f"desktop-app-{name}.png"))


def take_icons(name: str) -> None:
    """Take the faces of the tray icon in the sizes of small and large trays."""
    sizes = (16, 22, 32, 64)
    sheet = QPixmap(MARGIN + len(icons.Face) * (sum(sizes) + MARGIN * len(sizes)), 64 + 2 * MARGIN)
    sheet.fill(QColor(palette.colors().raised))
    painter, x = QPainter(sheet), MARGIN
    for face in icons.Face:
        for size in sizes:
            painter.drawPixmap(x, MARGIN, icons.tray_pixmap(face, palette.colors(), size))
            x += size + MARGIN
    painter.end()
    sheet.save(str(FOLDER / f"desktop-app-icons-{name}.png"))


def take_all(app: QApplication, desktop: Desktop, session: Session, name: str) -> None:
    """Take every window in the colours worn."""
    state = session.state
    assert state.running is not None
    take(app, desktop.widget, f"widget-{name}")
    desktop.widget.show_state(State(Link.ONLINE))
    take(app, desktop.widget, f"widget-idle-{name}")
    desktop.widget.show_state(State(Link.OFFLINE, state.running, queued=2))
    take(app, desktop.widget, f"widget-offline-{name}")
    desktop.picker.open_at(QPoint(0, 0), "Start a task", state.favourites, state.recent)
    model = desktop.picker.list.model()
    until(app, lambda: any(model.rowCount(model.index(row, 0)) > 1 for row in range(model.rowCount())))
    take(app, desktop.picker, f"picker-{name}")
    desktop.picker.search.setText("website")
    until(app, lambda: model.index(0, 0).data() not in ("Favourites", "Recent"))
    take(app, desktop.picker, f"picker-search-{name}")
    desktop.picker.hide()
    desktop.tray.menu.popup(QPoint(0, 0))
    take(app, desktop.tray.menu, f"menu-{name}")
    desktop.tray.menu.close()
    now = datetime.now(UTC)
    take(app, IdleDialog(Absence(now - timedelta(minutes=17), now), state.running), f"idle-{name}")
    take(app, ConnectDialog("", connected=False), f"connect-{name}")
    form = PreferencesDialog(
        Preferences(shortcut="Ctrl+Alt+T"), autostart=True, why_not_idle="", apply=lambda *_each: ""
    )
    take(app, form, f"preferences-{name}")
    take_icons(name)


def main() -> None:
    """Sign in, and take all pictures by day and by night."""
    app = QApplication(sys.argv[:1])
    app.setStyle("Fusion")
    app.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        work = Work("pictures", 3)
        session = Session(folder, KeyringSecrets(folder), work)
        faults: list[Exception] = []
        desktop = Desktop(app, session, current(), work, folder / "preferences.json")
        desktop.begin(quiet=True)
        session.sign_in(sys.argv[1], sys.stdin.read().strip(), lambda: None, faults.append)
        until(app, lambda: faults or (session.state.running and session.state.recent))
        if faults:
            sys.exit(f"pictures: {faults[0]}")
        for name, chosen in (("light", palette.DAY), ("dark", palette.NIGHT)):
            palette.wear(app, chosen)
            desktop.tray.dress()
            desktop.widget.show_state(session.state)
            take_all(app, desktop, session, name)
        desktop.end()


if __name__ == "__main__":
    main()
