"""The desktop app: shows how the session stands in its windows, and carries to the session what people ask for."""

from __future__ import annotations

from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from stint_desktop import icons, palette, preferences
from stint_desktop.connecting import Connecting
from stint_desktop.idle import Absence, Choice
from stint_desktop.idle_dialog import IdleDialog
from stint_desktop.minding import Minder
from stint_desktop.model import Link, Running, State
from stint_desktop.picker import TaskPicker
from stint_desktop.platform import Platform, Shortcut, Unsupported
from stint_desktop.platform.keys import combination
from stint_desktop.preferences import Preferences
from stint_desktop.preferences_dialog import PreferencesDialog
from stint_desktop.problems_dialog import ProblemsDialog
from stint_desktop.session import Session
from stint_desktop.texts import gettext_ as _
from stint_desktop.tray import Tray
from stint_desktop.widget import TaskWidget
from stint_desktop.work import Work

_SHOWN_FOR = 8000  # ms


class Desktop(QObject):
    """The windows of the app around one session."""

    def __init__(
        self, app: QApplication, session: Session, platform: Platform, work: Work, file: Path
    ) -> None:
        """`file` is where the preferences are kept."""
        super().__init__()
        self._app, self._session, self._platform, self._work, self._file = app, session, platform, work, file
        self._preferences = preferences.load(file)
        self._shortcut: Shortcut | None = None
        self._asked: IdleDialog | None = None
        self._form: PreferencesDialog | None = None
        self._link = Link.NONE
        self._dress()
        self.tray = Tray(self)
        self.widget = TaskWidget(self.tray.menu)
        self.picker = TaskPicker(session, self.widget)
        self._problems = ProblemsDialog()
        self._problems.retry_asked.connect(session.retry)
        self._problems.discard_asked.connect(session.discard)
        self.connecting = Connecting(self, session, work)
        self.minder = Minder(self, platform, work)
        self.minder.prefer(self._preferences)
        self._choose = session.start_on
        self._connect_parts()
        self._show(session.state)

    def _connect_parts(self) -> None:
        session, tray, widget = self._session, self.tray, self.widget
        session.changed.connect(self._show)
        session.told.connect(self._tell)
        widget.start_asked.connect(lambda note: session.start(None, note))
        widget.stop_asked.connect(session.stop)
        widget.note_given.connect(session.note)
        widget.pick_asked.connect(self._pick_from_widget)
        widget.read.connect(session.dismiss)
        widget.moved.connect(lambda place: self._prefer(place=(place.x(), place.y())))
        tray.pick_asked.connect(self.pick)
        tray.task_chosen.connect(session.start_on)
        tray.stop_asked.connect(session.stop)
        tray.widget_asked.connect(self.show_widget)
        tray.timesheet_asked.connect(lambda: QDesktopServices.openUrl(QUrl(session.address)))
        tray.connect_asked.connect(self.connecting.ask)
        tray.problems_asked.connect(self.show_problems)
        tray.preferences_asked.connect(self.show_preferences)
        tray.quit_asked.connect(self._app.quit)
        self.picker.chosen.connect(lambda task: self._choose(task))
        self.minder.away.connect(self._ask_about)
        self.minder.nothing_runs.connect(self._remind)
        tray.icon.messageClicked.connect(self._message_clicked)
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _scheme: self._dress_anew())

    def begin(self, *, quiet: bool) -> None:
        """Show the tray icon, the widget if wanted, and ask for a server if none is known."""
        if QSystemTrayIcon.isSystemTrayAvailable():
            self.tray.icon.show()
        self.widget.put(QPoint(*self._preferences.place) if self._preferences.place else None)
        # Without a tray the widget is the only way in.
        if not quiet or not QSystemTrayIcon.isSystemTrayAvailable():
            self.widget.show()
        self._hold_shortcut(self._preferences.shortcut)
        if not self._session.begin() and not quiet:
            self.connecting.ask()

    def end(self) -> None:
        """Give back what the system lent."""
        if self._shortcut:
            self._shortcut.release()
        self._session.end()
        self._work.end()

    def obey(self, command: str) -> None:
        """Do what a second start of the program wanted: show, pick or stop."""
        {"show": self.show_widget, "pick": self.pick, "stop": self._session.stop}[command]()

    def show_widget(self) -> None:
        """Bring the widget to where it is seen."""
        self.widget.put(self.widget.pos())
        self.widget.show()
        self.widget.raise_()
        self.widget.activateWindow()

    def pick(self) -> None:
        """Let a task be chosen, and start it."""
        if self._session.state.link is Link.NONE:
            self.connecting.ask()
            return
        self.show_widget()
        self._open_picker(_("Start a task"))
        self._choose = lambda task: self._session.start(task, "")

    def _pick_from_widget(self) -> None:
        """What runs goes to the task chosen; when nothing runs, it starts with the note typed so far."""
        if self._session.state.running:
            self._open_picker(_("Task of the running timer"))
            self._choose = self._session.choose
        else:
            self.pick()
            self._choose = lambda task: self._session.start(task, self.widget.note.text().strip())

    def _open_picker(self, heading: str) -> None:
        state = self._session.state
        corner = self.widget.mapToGlobal(QPoint(0, self.widget.height() + 4))
        self.picker.open_at(corner, heading, state.favourites, state.recent)

    def _show(self, state: State) -> None:
        link, self._link = self._link, state.link
        if state.link is Link.SIGNED_OUT and link is not Link.SIGNED_OUT:
            self._tell(_("Please sign in again. What you do until then is kept and sent afterwards."))
        self.tray.show_state(state)
        self.widget.show_state(state)
        self.minder.show_state(state)
        if self._problems.isVisible():
            self._problems.show_problems(state.refused)

    def show_problems(self) -> None:
        """Show what the server refused."""
        self._problems.show_problems(self._session.state.refused)
        self._problems.show()
        self._problems.activateWindow()

    def _tell(self, text: str) -> None:
        if QSystemTrayIcon.supportsMessages():
            self.tray.icon.showMessage("Stint", text, QIcon(self._app.windowIcon()), _SHOWN_FOR)

    def _message_clicked(self) -> None:
        if self._link is Link.SIGNED_OUT:
            self.connecting.ask()
        else:
            self.pick()

    def _remind(self) -> None:
        self._tell(_("Nothing is running. Start a task?"))

    def _ask_about(self, absence: Absence, running: Running) -> None:
        if self._asked:
            return
        self._asked = IdleDialog(absence, running)
        self._asked.decided.connect(self._decided)
        self._asked.show()

    def _decided(self, choice: Choice) -> None:
        asked, self._asked = self._asked, None
        if asked is None:
            return
        asked.deleteLater()
        if choice is Choice.ELSEWHERE:
            self.show_widget()
            self._open_picker(_("Book the idle time on"))
            self._choose = lambda task: self._session.settle(choice, asked.running, asked.absence, task)
        else:
            self._session.settle(choice, asked.running, asked.absence, None)

    def show_preferences(self) -> None:
        """Open the form, once."""
        self._work.do(self._platform.why_not_idle, self._open_form)

    def _open_form(self, why_not_idle: str) -> None:
        if self._form is None:
            autostart = self._platform.starts_with_computer()
            self._form = PreferencesDialog(
                self._preferences, autostart=autostart, why_not_idle=why_not_idle, apply=self.apply
            )
            self._form.finished.connect(self._form_closed)
        self._form.show()
        self._form.activateWindow()

    def _form_closed(self) -> None:
        if self._form:
            self._form.deleteLater()
        self._form = None

    def apply(self, wanted: Preferences, autostart: bool) -> str:
        """Have preferences hold; return what stands in the way, in which case those before hold on."""
        trouble = self._hold_shortcut(wanted.shortcut) or self._store(wanted, autostart)
        if trouble:
            self._hold_shortcut(self._preferences.shortcut)
        else:
            self.minder.prefer(wanted)
        return trouble

    def _store(self, wanted: Preferences, autostart: bool) -> str:
        try:
            self._platform.start_with_computer(autostart)
            self._keep(wanted)
        except OSError as fault:
            return _("It could not be saved: %(fault)s") % {"fault": fault.strerror or fault}
        return ""

    def _hold_shortcut(self, text: str) -> str:
        """Hold other keys than before; return why that cannot be, in which case none are held."""
        if self._shortcut:
            self._shortcut.release()
            self._shortcut = None
        if not text:
            return ""
        keys = combination(text)
        if keys is None:
            return _("A shortcut is a letter, digit or function key with Ctrl, Alt or Meta.")
        try:
            self._shortcut = self._platform.shortcut(keys, lambda: self._work.later(self.pick))
        except Unsupported as why:
            return str(why)
        return ""

    def _prefer(self, **changes: object) -> None:
        try:
            self._keep(msgspec.structs.replace(self._preferences, **changes))
        except OSError as fault:
            self._tell(_("It could not be saved: %(fault)s") % {"fault": fault.strerror or fault})

    def _keep(self, wanted: Preferences) -> None:
        preferences.save(self._file, wanted)
        self._preferences = wanted

    def _dress(self) -> None:
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        palette.wear(self._app, palette.NIGHT if dark else palette.DAY)
        self._app.setWindowIcon(icons.tray_icon(icons.Face.RUNNING, palette.colors()))

    def _dress_anew(self) -> None:
        self._dress()
        self.tray.dress()
        self.widget.show_state(self._session.state)
