"""`stint up --demo`: ready people and a stand-in for Toggl, in a data folder of its own."""

from __future__ import annotations

import os
import socket
from typing import Any

from stint.cli.setup import stop

PASSWORD = "demo-stint-2026"  # noqa: S105  (printed on purpose: the demo holds no real data)
ACCOUNT = "Demo Agency"
PEOPLE = (
    ("ada@example.com", "Ada Lovelace", "administrator"),
    ("grace@example.com", "Grace Hopper", "manager"),
    ("linus@example.com", "Linus Torvalds", "member"),
)
FOLDER = "data/demo"
SANDBOX_PORT = 8001
# Narrower, the table would cut addresses and the token in two, and they could not be copied.
WIDTH = 80


class Demo:
    """The sandbox, the people, and what a stranger is told about both."""

    def __init__(self, sandbox: Any) -> None:  # noqa: ANN401
        self._sandbox = sandbox

    @classmethod
    def prepare(cls) -> Demo:
        """Start the sandbox and point the settings, not yet read, at it and at the demo's data folder."""
        from stint.sandbox.server import BackgroundSandbox

        os.environ.setdefault("STINT_DATA", FOLDER)
        sandbox = BackgroundSandbox(seed="team", port=SANDBOX_PORT if _is_free(SANDBOX_PORT) else 0)
        sandbox.start()
        os.environ["STINT_TOGGL_API_URL"] = sandbox.url
        os.environ.setdefault("STINT_TOGGL_REQUESTS_PER_SECOND", "50")
        return cls(sandbox)

    def create_people(self) -> None:
        """Make the account and its people; those of an earlier start are kept as they are."""
        from stint.accounts import services
        from stint.accounts.models import Account, User

        account = Account.objects.filter(name=ACCOUNT).first()
        if account is None and User.objects.exists():
            stop("this data folder holds real people; give the demo its own with STINT_DATA, or leave it out")
        for email, name, role in PEOPLE:
            if User.objects.filter(email__iexact=email).exists():
                continue
            if account is None:
                first = services.create_account(ACCOUNT, email=email, name=name, password=PASSWORD)
                account = first.membership.account
            else:
                services.create_user(account, email=email, name=name, role=role, password=PASSWORD)

    def show(self, address: str) -> None:
        """Print addresses, logins, the token to paste and what to do with them."""
        from rich.console import Console
        from rich.table import Table

        table = Table(title="Stint demo", title_justify="left", show_header=False)
        table.add_column(style="bold")
        table.add_column(no_wrap=True)
        table.add_row("Stint", address)
        table.add_row("Toggl sandbox", self._sandbox.url)
        table.add_row("Toggl API token", self._sandbox.token)
        for email, _, role in PEOPLE:
            table.add_row(role.capitalize(), f"{email}   password {PASSWORD}")
        console = Console(soft_wrap=True, width=max(Console().width, WIDTH))
        console.print(table)
        console.print(
            "Next:\n"
            f"  1. Sign in at {address}/login as {PEOPLE[0][0]}.\n"
            f"  2. Open {address}/integrations/toggl, paste the Toggl API token, choose workspaces.\n"
            "  3. Look at the preview, Save, and start a timer on an imported task.\n"
            f"  4. Rename or archive something at {self._sandbox.url}, then press Sync now.",
            highlight=False,
        )

    def stop(self) -> None:
        """End the sandbox."""
        self._sandbox.stop()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
