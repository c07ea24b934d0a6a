"""The floor of the pages: a bare page that shows the answer of one bare request after a key."""

from __future__ import annotations

import socket

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

PAGE = """<!doctype html><title>Floor</title><p id="said">Nothing yet</p><script>
let turn = 0;
addEventListener("keydown", async () => {
    const answer = await fetch("/answer", {method: "POST"});
    document.getElementById("said").textContent = await answer.text();
    document.body.dataset.turn = turn++;
});
</script>"""


async def page(_: Request) -> HTMLResponse:
    """Return the page."""
    return HTMLResponse(PAGE)


async def answer(_: Request) -> PlainTextResponse:
    """Return what the page shows."""
    return PlainTextResponse("Done")


def main() -> None:
    """Serve on a free port, and say where."""
    app = Starlette(routes=[Route("/", page), Route("/answer", answer, methods=["POST"])])
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
        uvicorn.Server(uvicorn.Config(app, log_level="error")).run([listening])


if __name__ == "__main__":
    main()
