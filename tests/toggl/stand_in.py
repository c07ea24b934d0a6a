"""A scripted Toggl over real HTTP: each path answers what its script says, the last answer again and again."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Reply:
    """One answer. `cut` promises more bytes than are sent; `drip` sends a byte each so many seconds."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    drip: float = 0.0
    delay: float = 0.0

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Script = list[Reply] | Callable[[dict[str, str]], Reply]


class StandIn:
    """The server; `asked` lists (path, query) in order."""

    def __init__(self) -> None:
        self.scripts: dict[str, Script] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.methods: list[str] = []
        self.bodies: list[Any] = []
        self.sent_headers: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.answer(self)

            do_POST = do_DELETE = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def on(self, path: str, *script: Reply | Callable[[dict[str, str]], Reply]) -> None:
        self.scripts[path] = script[0] if callable(script[0]) else list(script)  # type: ignore[arg-type]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("content-length") or 0)
        body = handler.rfile.read(length)
        self.bodies.append(json.loads(body) if body else None)
        parts = urlsplit(handler.path)
        query = dict(parse_qsl(parts.query))
        self.asked.append((parts.path.removeprefix("/api/v9"), query))
        self.methods.append(handler.command)
        self.sent_headers.append(dict(handler.headers))
        script = self.scripts.get(self.asked[-1][0], [Reply("not found", 404)])
        reply = script(query) if callable(script) else script.pop(0) if len(script) > 1 else script[0]
        time.sleep(reply.delay)
        try:
            self._send(handler, reply)
        except OSError:
            handler.close_connection = True

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        content = reply.content
        handler.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content) + (100 if reply.cut else 0)))
        handler.end_headers()
        for start in range(0, len(content), 1 if reply.drip else len(content) or 1):
            handler.wfile.write(content[start : start + 1] if reply.drip else content)
            handler.wfile.flush()
            time.sleep(reply.drip)
        if reply.cut:
            handler.close_connection = True

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Memory(dict[str, bytes]):
    """A page store."""

    def put(self, key: str, body: bytes) -> None:
        self[key] = body
