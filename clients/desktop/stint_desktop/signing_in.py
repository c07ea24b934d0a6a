"""Becoming somebody on a server: by a token, or by signing in with the browser."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from stint.client.credentials import Credentials, Login
from stint.client.server import BadAddress, Refused, Server, address_of, travels_open
from stint_desktop.texts import gettext_ as _

CLIENT = "desktop"
_LONGEST_NAME = 100


class NotConnected(Exception):
    """It did not work; str() is a sentence for people that says what to do."""


@dataclass(frozen=True)
class Waiting:
    """A sign-in that the person is to allow in the browser, at `page`, if it shows `code` there.

    `interval` is how many seconds to wait before each question how it stands.
    """

    address: str
    secret: str
    code: str
    page: str
    interval: int


def by_token(credentials: Credentials, text: str, token: str) -> Login:
    """Return who the token stands for at the address typed, and keep both.

    Raises:
        NotConnected: the address is none, or no Stint's, the token is not valid there, or cannot be kept.

    """
    address = safe_address(text)
    try:
        return credentials.sign_in(address, token, CLIENT)
    except Refused as refused:
        if refused.status == 401:
            raise NotConnected(
                _("This token is not valid there. Make one under Settings, API tokens.")
            ) from refused
        raise NotConnected(sentence(str(refused))) from refused
    except OSError as fault:
        raise NotConnected(
            _("The sign-in could not be kept on this computer: %(fault)s.")
            % {"fault": fault.strerror or fault}
        ) from fault


def own_name() -> str:
    """Return what a token made for this computer's desktop app is called."""
    name = _("Desktop app on %(computer)s") % {"computer": platform.node() or platform.system()}
    return name[:_LONGEST_NAME]


def ask_browser(text: str) -> Waiting:
    """Ask the server for a sign-in by the browser.

    Raises:
        NotConnected: the address is none, or no Stint's, or that Stint is too old for it.

    """
    address = safe_address(text)
    begun = _call(address, "/connections", {"client": CLIENT, "name": own_name()})
    page = str(begun["page"])
    # The system opens whatever it is given; only pages belong into a browser.
    if urlsplit(page).scheme not in ("http", "https"):
        raise NotConnected(_("The server named no page to open."))
    return Waiting(address, begun["secret"], begun["code"], page, max(1, int(begun["interval"])))


def answer_of(waiting: Waiting) -> str | None:
    """Return the token once the person allowed it; None while they have not answered.

    Raises:
        NotConnected: they refused, it took too long, or the server cannot be reached.

    """
    told = _call(waiting.address, "/connections/token", {"secret": waiting.secret})
    if told["status"] == "denied":
        raise NotConnected(_("It was not allowed in the browser."))
    return told["token"] if told["status"] == "allowed" else None


def safe_address(text: str) -> str:
    """Return the address typed as it is used.

    Raises:
        NotConnected: it is none, or what is sent there could be read on the way.

    """
    try:
        address = address_of(text)
    except BadAddress as fault:
        raise NotConnected(sentence(str(fault))) from fault
    if travels_open(address):
        secure = f"https://{address.removeprefix('http://')}"
        raise NotConnected(
            _("Over http everybody on the way could read your time and your token. Use %(address)s.")
            % {"address": secure}
        )
    return address


def sentence(text: str) -> str:
    """Return what programs say in a line as a sentence."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _call(address: str, path: str, body: dict[str, str]) -> Any:  # noqa: ANN401  (JSON)
    try:
        return Server(address, "", CLIENT).call("POST", path, body)
    except Refused as refused:
        if refused.status == 404:
            raise NotConnected(
                _("The sign-in was used or took too long, or this is no Stint that knows it. Try again.")
            ) from refused
        raise NotConnected(sentence(str(refused))) from refused
