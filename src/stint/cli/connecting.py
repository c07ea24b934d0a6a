"""A token without copying one: the person allows it in the browser, where they are signed in."""

from __future__ import annotations

import platform
import sys
import time
import webbrowser
from urllib.parse import urlsplit

from stint.cli.setup import stop
from stint.client.server import Refused, Server, address_of

LONGEST_NAME = 100


def own_name() -> str:
    """Return what a token made for this machine's terminal is called."""
    return f"Terminal on {platform.node() or platform.system()}"[:LONGEST_NAME]


def token_by_browser(url: str) -> str:
    """Return the token of whoever allows it on the server's page; the command ends where nobody does.

    Raises:
        BadAddress: `url` is none.
        Refused: the server is no Stint, or cannot be reached.

    """
    server = Server(address_of(url), "", "cli")
    begun = server.call("POST", "/connections", {"client": "cli", "name": own_name()})
    page = str(begun["page"])
    # The system opens whatever it is given; only pages belong into a browser.
    if urlsplit(page).scheme not in ("http", "https"):
        stop("the server named no page to open")
    print(f"Open {page}\nand press Allow if it shows the code {begun['code']}.", file=sys.stderr)
    webbrowser.open(page)
    while True:
        time.sleep(max(1, int(begun["interval"])))
        try:
            told = server.call("POST", "/connections/token", {"secret": begun["secret"]})
        except Refused as refused:
            if refused.status == 404:
                stop("that took too long; run stint login again")
            if refused.status not in (0, 429, 502, 503, 504):
                raise
            continue
        if told["status"] == "denied":
            stop("it was not allowed in the browser")
        if told["status"] == "allowed":
            return str(told["token"])
