"""Mail servers in every state: away, hanging, refusing, and one that takes mails, always on one port."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.smtp import MailServer, mail_server


@contextmanager
def away(port: int) -> Iterator[None]:
    """Nothing listens."""
    yield


@contextmanager
def hanging(port: int) -> Iterator[list[socket.socket]]:
    """Takes connections, which it yields, and never says a word."""
    held: list[socket.socket] = []

    def take() -> None:
        while True:
            try:
                held.append(server.accept()[0])
            except OSError:
                return

    with socket.create_server(("127.0.0.1", port)) as server:
        threading.Thread(target=take, daemon=True).start()
        yield held
        server.shutdown(socket.SHUT_RDWR)
    for connection in held:
        connection.close()


class _Everybody(set[str]):
    def __contains__(self, address: object) -> bool:
        return True


@contextmanager
def refusing(port: int) -> Iterator[None]:
    """Refuses every recipient."""
    with mail_server(port) as server:
        server.refused = _Everybody()
        yield


@contextmanager
def taking(port: int) -> Iterator[MailServer]:
    """Takes what it is given."""
    with mail_server(port) as server:
        yield server
