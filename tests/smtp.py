"""A mail server on loopback: takes mails by SMTP and keeps them."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """Where it listens, and what it was given; it refuses recipients in `refused`."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        """The server as EMAIL_URL names it."""
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mails to an address, oldest first."""
        return [mail for mail in self.mails if mail["To"] == address]


class _Session(socketserver.StreamRequestHandler):
    timeout = 20

    def handle(self) -> None:
        kept: MailServer = self.server.kept  # type: ignore[attr-defined]
        self._say("220 loopback ESMTP")
        while line := self.rfile.readline():
            verb = line.split(b" ", 1)[0].strip().upper()
            address = line.partition(b"<")[2].partition(b">")[0].decode()
            if verb == b"QUIT":
                self._say("221 bye")
                return
            if verb == b"RCPT" and address in kept.refused:
                self._say("550 no such person")
            elif verb == b"DATA":
                self._say("354 go on")
                kept.mails.append(message_from_bytes(self._data(), policy=policy.default))  # type: ignore[arg-type]
                self._say("250 taken")
            else:
                self._say("250 ok")

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    """Run a mail server for the length of the block."""
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", port), _Session) as server:
        kept = MailServer(port=server.server_address[1])
        server.kept = kept  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield kept
        server.shutdown()
        thread.join(5)
