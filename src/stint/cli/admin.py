"""`stint admin create` and `stint user create`: people made without a browser."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from stint.cli.setup import USAGE, open_database, stop, told_plainly

if TYPE_CHECKING:
    from stint.accounts.models import Account, User

Email = Annotated[str, typer.Option(help="The address the person signs in with.")]
Name = Annotated[str, typer.Option(help="The person's name.")]
Zone = Annotated[str, typer.Option("--timezone", help="Such as Europe/Lisbon.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")]

TOKEN_NAME = "Command line"  # noqa: S105  (the name of a token)


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    admin = typer.Typer(no_args_is_help=True, help="Accounts and their first Administrator.")
    admin.command("create")(create_admin)
    app.add_typer(admin, name="admin")
    user = typer.Typer(no_args_is_help=True, help="People of an account.")
    user.command("create")(create_user)
    app.add_typer(user, name="user")


def create_admin(
    email: Email,
    name: Name,
    account: Annotated[str, typer.Option(help="Name of the new account.")],
    timezone: Zone = "UTC",
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Make an account with its first Administrator, and an API token for them."""
    password = _password() if password_stdin else None
    open_database()
    from stint.accounts.models import Account
    from stint.accounts.services import create_account

    if Account.objects.filter(name__iexact=" ".join(account.split())).exists():
        stop(f"the account {account} exists already; add people with stint user create --role administrator")
    with told_plainly():
        user = create_account(account, email=email, name=name, password=password, timezone_name=timezone)
    _answer(user, as_json, {"account_id": user.membership.account_id})


def create_user(
    email: Email,
    name: Name,
    role: Annotated[str, typer.Option(help="administrator, manager or member.")] = "member",
    account: Annotated[str, typer.Option(help="Needed only when there are several accounts.")] = "",
    timezone: Zone = "UTC",
    password_stdin: FromStdin = False,
    as_json: AsJson = False,
) -> None:
    """Make a user of the account, and an API token for them."""
    password = _password() if password_stdin else None
    open_database()
    from stint.accounts import services

    with told_plainly():
        user = services.create_user(
            _account(account), email=email, name=name, role=role, password=password, timezone_name=timezone
        )
    _answer(user, as_json, {})


def _account(name: str) -> Account:
    from stint.accounts.models import Account

    found = list((Account.objects.filter(name__iexact=name) if name else Account.objects.all())[:2])
    if not found:
        stop(f"there is no account {name}".rstrip() + "; make one with stint admin create")
    if len(found) > 1:
        stop("there are several accounts; say which with --account", USAGE)
    return found[0]


def _password() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        stop("--password-stdin: no password came on standard input", USAGE)
    return password


def _answer(user: User, as_json: bool, first: dict[str, int]) -> None:
    from stint.accounts.services import issue_token

    token = issue_token(user, TOKEN_NAME)
    if as_json:
        typer.echo(json.dumps({**first, "user_id": user.pk, "api_token": token}))
        return
    typer.echo(f"{user.name} <{user.email}> can be used now.")
    typer.echo(f"API token (shown only this once): {token}")
