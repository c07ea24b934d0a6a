"""Who is signed in to which server on this machine, kept under STINT_CONFIG; the token where only they read it."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from stint.client.server import Refused, Reply, Server, address_of
from stint.client.words import _


@dataclass(frozen=True, slots=True)
class Login:
    """A person on a server."""

    address: str
    user_id: int
    name: str
    email: str
    account: str
    timezone: str


class Secrets(Protocol):
    """Where tokens are kept: a file here, the keyring of the system elsewhere. `key` is `Server.whose`."""

    def read(self, key: str) -> str | None:
        """Return the token, if there is one."""

    def write(self, key: str, token: str) -> None:
        """Keep a token."""

    def forget(self, key: str) -> None:
        """Erase a token."""


class FileSecrets:
    """Tokens in a file that nobody else on this machine may read."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "tokens.json"

    def read(self, key: str) -> str | None:
        """Return the token, if there is one."""
        token = _read(self._path).get(key)
        return token if isinstance(token, str) else None

    def write(self, key: str, token: str) -> None:
        """Keep a token."""
        write_private(self._path, {**_read(self._path), key: token})

    def forget(self, key: str) -> None:
        """Erase a token."""
        write_private(self._path, {name: token for name, token in _read(self._path).items() if name != key})


class Credentials:
    """The sign-in of this machine's user, by default the one that the terminal uses."""

    def __init__(self, folder: Path | None = None, secrets: Secrets | None = None) -> None:
        self.folder = folder or config_folder()
        self._secrets = secrets or FileSecrets(self.folder)
        self._path = self.folder / "login.json"

    @property
    def queue_path(self) -> Path:
        """Where the offline queue is kept."""
        return self.folder / "queue.sqlite3"

    def login(self) -> Login | None:
        """Return who is signed in, if somebody is."""
        try:
            return Login(**_read(self._path))  # type: ignore[arg-type]
        except TypeError:
            return None

    def server(self, client: str) -> Server | None:
        """Return the server as the signed-in person uses it, if somebody is signed in."""
        login = self.login()
        if login is None:
            return None
        token = self._secrets.read(f"{login.address} {login.user_id}")
        return Server(login.address, token, client, login.user_id) if token else None

    def sign_in(self, address: str, token: str, client: str) -> Login:
        """Ask the server who the token stands for, and keep both.

        Raises:
            BadAddress: `address` is none.
            Refused: the server is no Stint, cannot be reached, or does not know the token.
            OSError: it cannot be kept.

        """
        login = who_is(Server(address_of(address), token.strip(), client))
        self._secrets.write(f"{login.address} {login.user_id}", token.strip())
        self.remember(login)
        return login

    def remember(self, login: Login) -> None:
        """Keep who is signed in, with what the server says of them by now."""
        write_private(self._path, asdict(login))

    def sign_out(self, client: str, own_name: str) -> str:
        """Forget who was signed in, and the token; what is queued stays for the next sign-in.

        A token that was made for this program, under `own_name`, becomes void on the server. Return a sentence that
        says why the token still works, where it does.
        """
        login, server = self.login(), self.server(client)
        if login is not None:
            self._secrets.forget(f"{login.address} {login.user_id}")
            self._path.unlink(missing_ok=True)
        return _void(server, own_name) if server else ""


def _void(server: Server, own_name: str) -> str:
    try:
        for token in server.call("GET", "/me/tokens")["items"]:
            if token["name"] == own_name and server.has_token_ending(token["hint"]):
                server.call("DELETE", f"/me/tokens/{token['id']}")
                return ""
    except Refused as refused:
        if refused.status == 401:
            return ""
        told = _(
            "the token still works, because the server could not be told (%s); revoke it under API tokens"
        )
        return told % refused
    return _("the token was not made for this program and still works; revoke it under API tokens")


def who_is(server: Server) -> Login:
    """Return whose token a server was given.

    Raises:
        Refused: as `Server.call`.

    """
    try:
        me = server.call("GET", "/me")
    except Refused as refused:
        if refused.status == 404:
            raise Refused(Reply(0, fault=_("%s is no Stint server") % server.address)) from None
        raise
    try:
        account = me["account"]["name"]
        return Login(server.address, me["id"], me["name"], me["email"], account, me["timezone"])
    except (KeyError, TypeError):
        raise Refused(Reply(0, fault=_("%s is no Stint server") % server.address)) from None


def config_folder() -> Path:
    """Return where programs keep what they know: STINT_CONFIG, or the platform's place for it."""
    if given := os.environ.get("STINT_CONFIG"):
        return Path(given).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "Stint"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Stint"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "stint"


def _read(path: Path) -> dict[str, object]:
    try:
        held = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return held if isinstance(held, dict) else {}


def write_private(path: Path, held: dict[str, object]) -> None:
    """Replace a file in one step, so that no fault leaves half of it; only its owner may read it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(half, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(held, file, ensure_ascii=False, indent=1)
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
