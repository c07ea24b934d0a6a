"""Leads through the connect dialog: asks the server, opens the browser, waits for its answer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from stint_desktop.connect_dialog import ConnectDialog
from stint_desktop.model import Link
from stint_desktop.session import Session
from stint_desktop.signing_in import NotConnected, Waiting, answer_of, ask_browser
from stint_desktop.texts import gettext_ as _
from stint_desktop.work import Work


class Connecting(QObject):
    """One dialog at a time, and at most one sign-in that waits for the browser."""

    def __init__(
        self,
        parent: QObject,
        session: Session,
        work: Work,
        browse: Callable[[str], object] = lambda page: QDesktopServices.openUrl(QUrl(page)),
    ) -> None:
        super().__init__(parent)
        self._session, self._work, self._browse = session, work, browse
        self.dialog: ConnectDialog | None = None
        self._waiting: Waiting | None = None
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._ask_again)

    def ask(self) -> None:
        """Open the dialog, or bring it to the front."""
        if self.dialog is None:
            connected = self._session.state.link is not Link.NONE
            self.dialog = ConnectDialog(self._session.address, connected=connected)
            self.dialog.token_given.connect(self._token_given)
            self.dialog.browser_asked.connect(self._browser_asked)
            self.dialog.page_asked.connect(self._open_page)
            self.dialog.sign_out_asked.connect(self._sign_out)
            self.dialog.finished.connect(self._closed)
        self.dialog.show()
        self.dialog.activateWindow()

    def _closed(self) -> None:
        self._next.stop()
        self._waiting = None
        if self.dialog:
            self.dialog.deleteLater()
        self.dialog = None

    def _sign_out(self) -> None:
        self._session.sign_out()
        if self.dialog:
            self.dialog.accept()

    def _token_given(self, address: str, token: str) -> None:
        self._session.sign_in(address, token, self._connected, self._failed)

    def _browser_asked(self, address: str) -> None:
        self._work.do(lambda: ask_browser(address), self._wait, self._failed)

    def _wait(self, waiting: Waiting) -> None:
        if self.dialog is None:
            return
        self._waiting = waiting
        self.dialog.wait_for(waiting.code)
        self._open_page()
        self._next.start(waiting.interval * 1000)

    def _open_page(self) -> None:
        if self._waiting:
            self._browse(self._waiting.page)

    def _ask_again(self) -> None:
        waiting = self._waiting
        if waiting:
            self._work.do(lambda: answer_of(waiting), self._answered, self._failed)

    def _answered(self, token: str | None) -> None:
        waiting = self._waiting
        if waiting is None:
            return
        if token is None:
            self._next.start(waiting.interval * 1000)
        else:
            self._waiting = None
            self._token_given(waiting.address, token)

    def _connected(self) -> None:
        if self.dialog:
            self.dialog.accept()

    def _failed(self, fault: Exception) -> None:
        self._waiting = None
        if self.dialog is None:
            return
        if isinstance(fault, NotConnected):
            self.dialog.tell(str(fault))
        else:
            self.dialog.tell(_("It did not work; please try again."))
            raise fault
