"""One app for each person and computer: a second start only tells the first what was wanted."""

from __future__ import annotations

import getpass
import hashlib
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

COMMANDS = ("show", "pick", "stop")
_PATIENCE = 2000  # ms


class SingleInstance(QObject):
    """Listens for what later starts want; `wanted` says which of COMMANDS."""

    wanted = Signal(str)

    def __init__(self, home: Path) -> None:
        """`home` is the folder of this app's settings: apps with other settings are other apps."""
        super().__init__()
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A lock whose process is gone is none.
        self._lock = QLockFile(str(home / "desktop.lock"))
        self._lock.setStaleLockTime(0)
        self._name = _name(home)
        self._server = QLocalServer(self)
        # Nobody else on this computer may talk to it.
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)

    def listen(self) -> bool:
        """Become the one that is told; False where another already is."""
        if not self._lock.tryLock(0):
            return False
        QLocalServer.removeServer(self._name)
        return self._server.listen(self._name)

    def hand_over(self, command: str) -> bool:
        """Tell the app that runs already; False where none does."""
        return _tell(self._name, command)

    def _answer(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._hear(socket))
            socket.disconnected.connect(socket.deleteLater)
            if socket.bytesAvailable():
                self._hear(socket)

    def _hear(self, socket: QLocalSocket) -> None:
        said = bytes(socket.readAll().data()).decode("ascii", "replace").strip()
        socket.write(b"heard\n")
        socket.disconnectFromServer()
        if said in COMMANDS:
            self.wanted.emit(said)


def _name(home: Path) -> str:
    owner = hashlib.sha256(f"{getpass.getuser()}\0{home}".encode()).hexdigest()[:16]
    return f"stint-desktop-{owner}"


def _tell(name: str, command: str) -> bool:
    """Send a command; return whether somebody heard it."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_PATIENCE):
        return False
    socket.write(f"{command}\n".encode())
    heard = socket.waitForReadyRead(_PATIENCE)
    socket.close()
    return heard
