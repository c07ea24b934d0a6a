"""Where the server is and how to sign in there: by the browser, or by a token."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from stint_desktop.parts import label
from stint_desktop.texts import gettext_ as _

_WIDTH = 380


class ConnectDialog(QDialog):
    """Asks for an address, and says what was chosen; whoever opened it tells how that went."""

    browser_asked = Signal(str)
    """Sign in with the browser at this address."""
    token_given = Signal(str, str)
    """An address with a token."""
    page_asked = Signal()
    """Open the page of the code once more."""
    given_up = Signal()
    """The code is waited for no more."""
    sign_out_asked = Signal()

    def __init__(self, address: str, *, connected: bool) -> None:
        super().__init__(None)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setWindowTitle(_("Connect to Stint"))
        self._build(address)
        self._lay_out(connected=connected)
        self._show_code("")
        self._show_token(False)
        self.rejected.connect(self.given_up)

    def _build(self, address: str) -> None:
        self.heading = label(self, "heading", _("Connect to Stint"))
        self.address = QLineEdit(address, self)
        self.address.setFixedWidth(_WIDTH)
        self.address.setPlaceholderText("https://stint.example.com")
        self.address.setAccessibleName(_("Address of your Stint"))
        self.browser = QPushButton(_("Sign in with the browser"), self)
        self.browser.setAutoDefault(False)
        self.browser.setDefault(True)
        self.browser.clicked.connect(self._ask_browser)
        self.use_token = QPushButton(_("Use a token instead"), self)
        self.use_token.setAutoDefault(False)
        self.use_token.clicked.connect(lambda _checked=False: self._show_token(True))
        self.token = QLineEdit(self)
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setAccessibleName(_("Token"))
        self.token_hint = label(self, "muted", _("You make one under Settings, API tokens."), wrap=True)
        self.connect_button = QPushButton(_("Connect"), self)
        self.connect_button.setAutoDefault(False)
        self.connect_button.clicked.connect(self._give_token)
        self._build_waiting()

    def _build_waiting(self) -> None:
        self.code_hint = label(
            self, text=_("Your browser asks whether to connect. Allow it if it shows this code:"), wrap=True
        )
        self.code = label(self, "code")
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        figures = QFont(self.font())
        figures.setPointSizeF(figures.pointSizeF() * 2)
        figures.setWeight(QFont.Weight.DemiBold)
        figures.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 3)
        self.code.setFont(figures)
        self.page = QPushButton(_("Open the page again"), self)
        self.page.setAutoDefault(False)
        self.page.clicked.connect(self.page_asked)
        self.trouble = label(self, "trouble", wrap=True)
        self.trouble.hide()
        self.sign_out = QPushButton(_("Sign out"), self)
        self.sign_out.setAutoDefault(False)
        self.sign_out.clicked.connect(self.sign_out_asked)

    def _lay_out(self, *, connected: bool) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 18, 20, 20)
        whole.setSpacing(8)
        whole.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        whole.addWidget(self.heading)
        whole.addWidget(label(self, text=_("Address of your Stint")))
        whole.addWidget(self.address)
        whole.addWidget(self.trouble)
        whole.addSpacing(4)
        whole.addWidget(self.browser)
        whole.addWidget(self.use_token)
        whole.addWidget(self.token_hint)
        token = QHBoxLayout()
        token.addWidget(self.token, 1)
        token.addWidget(self.connect_button)
        whole.addLayout(token)
        for part in (self.code_hint, self.code, self.page):
            whole.addWidget(part)
        whole.addWidget(self.sign_out)
        self.sign_out.setVisible(connected)

    def _ask_browser(self) -> None:
        if self._named():
            self._busy(True)
            self.browser_asked.emit(self.address.text().strip())

    def _give_token(self) -> None:
        if not self._named():
            return
        if not self.token.text().strip():
            self.tell(_("Paste the token, or sign in with the browser."))
            self.token.setFocus()
            return
        self._busy(True)
        self.token_given.emit(self.address.text().strip(), self.token.text().strip())

    def _named(self) -> bool:
        if self.address.text().strip():
            return True
        self.tell(_("Type the address at which you open Stint in your browser."))
        self.address.setFocus()
        return False

    def tell(self, trouble: str) -> None:
        """Say what stands in the way, and let it be tried again."""
        self._show_code("")
        self._busy(False)
        self.trouble.setText(trouble)
        self.trouble.setVisible(bool(trouble))

    def wait_for(self, code: str) -> None:
        """Show the code to compare while the browser asks."""
        self.tell("")
        self._show_code(code)

    def _show_code(self, code: str) -> None:
        self.code.setText(code)
        for part in (self.code_hint, self.code, self.page):
            part.setVisible(bool(code))
        self.browser.setVisible(not code)
        if code:
            self._show_token(False)
            self.use_token.hide()
        else:
            self.use_token.setVisible(not self.token.isVisibleTo(self))

    def _show_token(self, shown: bool) -> None:
        for part in (self.token, self.token_hint, self.connect_button):
            part.setVisible(shown)
        self.use_token.setVisible(not shown)
        self.browser.setDefault(not shown)
        self.connect_button.setDefault(shown)
        if shown:
            self.token.setFocus()

    def _busy(self, busy: bool) -> None:
        for part in (self.address, self.token, self.browser, self.connect_button, self.use_token):
            part.setEnabled(not busy)
